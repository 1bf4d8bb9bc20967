import { number, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import type { SliceIndex, SliceOfSeries } from './openSlices.ts';

/**
 * Cornerstone's metadata modules, answered from our own series: the plane of every frame is the one that core computed, multi-
 * frame or not, and no header is copied into a global cache. It also answers `generalImageModule` and `frameModule`, which
 * @cornerstonejs/metadata 5.14 leaves without the instance UID.
 */
export function sliceMetadata(index: SliceIndex): (type: string, query: unknown) => unknown {
  return (type, query) => {
    if (typeof query !== 'string') return undefined;
    const slice = index.find(query);
    return slice && modules[type]?.(slice);
  };
}

type Module = (slice: SliceOfSeries) => Readonly<Record<string, unknown>>;

const modules: Readonly<Record<string, Module>> = {
  imagePlaneModule: ({ slices, k }) => {
    const plane = slices.series.stack.planes[k]!;
    return {
      frameOfReferenceUID: slices.series.frameOfReferenceUID ?? `series ${slices.opening}`,
      rows: plane.rows,
      columns: plane.columns,
      imageOrientationPatient: [...plane.rowDirection, ...plane.columnDirection],
      rowCosines: [...plane.rowDirection],
      columnCosines: [...plane.columnDirection],
      imagePositionPatient: [...plane.position],
      pixelSpacing: [plane.rowSpacing, plane.columnSpacing],
      rowPixelSpacing: plane.rowSpacing,
      columnPixelSpacing: plane.columnSpacing,
      sliceThickness: slices.series.stack.sliceSpacing ?? 1,
      sliceLocation: slices.series.stack.positions[k],
      usingDefaultValues: false,
    };
  },
  imagePixelModule: ({ frame: { dataset } }) => {
    const bitsStored = number(dataset, Tag.BitsStored) ?? 16;
    return {
      samplesPerPixel: number(dataset, Tag.SamplesPerPixel) ?? 1,
      photometricInterpretation: text(dataset, Tag.PhotometricInterpretation) ?? 'MONOCHROME2',
      planarConfiguration: number(dataset, '00280006'),
      rows: number(dataset, Tag.Rows),
      columns: number(dataset, Tag.Columns),
      bitsAllocated: number(dataset, Tag.BitsAllocated) ?? 16,
      bitsStored,
      highBit: bitsStored - 1,
      // Integers always say it (PS3.3 C.7.6.3): 32 bits without are Float Pixel Data, and Cornerstone tells them by just that.
      pixelRepresentation:
        number(dataset, Tag.PixelRepresentation) ?? (number(dataset, Tag.BitsAllocated) === 32 ? undefined : 0),
    };
  },
  generalSeriesModule: ({ slices: { series } }) => ({
    modality: series.modality,
    seriesInstanceUID: series.seriesInstanceUID,
    studyInstanceUID: series.studyInstanceUID,
  }),
  modalityLutModule: ({ frame: { lut } }) => ({
    rescaleSlope: lut.slope,
    rescaleIntercept: lut.intercept,
    rescaleType: lut.units,
  }),
  voiLutModule: () => ({}),
  sopCommonModule: ({ frame }) => ({ sopClassUID: frame.sopClassUID, sopInstanceUID: frame.sopInstanceUID }),
  generalImageModule: ({ frame, k }) => ({
    sopClassUID: frame.sopClassUID,
    sopInstanceUID: frame.sopInstanceUID,
    instanceNumber: number(frame.dataset, Tag.InstanceNumber) ?? k + 1,
  }),
  frameModule: ({ frame }) => ({
    sopClassUID: frame.sopClassUID,
    sopInstanceUID: frame.sopInstanceUID,
    frameNumber: frame.frameNumber ?? 1,
    numberOfFrames: number(frame.dataset, Tag.NumberOfFrames) ?? 1,
  }),
  calibrationModule: () => ({}),
};
