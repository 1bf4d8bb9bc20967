import { items, number, text } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { decodeSegmentation } from './decode.ts';
import { carriedOver } from './model/copiedAttributes.ts';
import type { DecodedSegmentation } from './model/decoded.ts';
import { frameMasks } from './model/frameMasks.ts';
import { placeOnSeries } from './model/place.ts';
import { SegTag } from './model/tags.ts';
import { isUid } from './model/uid.ts';

export interface Finding {
  /** `error`: another reader may refuse or misread the object; `note`: worth knowing. */
  readonly severity: 'error' | 'note';
  readonly code: string;
  readonly message: string;
}

/**
 * What is wrong with a segmentation, in plain words: by itself, and against the series it belongs to where that is given. An empty list
 * says that every frame lies on its source, every segment is described, and nothing was found.
 */
export function checkSegmentation(bytes: Uint8Array, series?: ImageSeries): readonly Finding[] {
  const decoded = decodeSegmentation(bytes);
  if (!decoded.ok) return [error(decoded.error.code, decoded.error.message)];
  const findings = [
    ...decoded.value.notes.map(({ code, message }) =>
      code === 'padded-frames' ? error(code, message) : note(code, message),
    ),
    ...identity(decoded.value),
    ...segments(decoded.value),
    ...frames(decoded.value),
  ];
  return series === undefined ? findings : [...findings, ...against(decoded.value, series)];
}

const error = (code: string, message: string): Finding => ({ severity: 'error', code, message });
const note = (code: string, message: string): Finding => ({ severity: 'note', code, message });

function identity({ dataset }: DecodedSegmentation): Finding[] {
  const found: Finding[] = [];
  for (const tag of [Tag.SOPInstanceUID, Tag.SeriesInstanceUID, Tag.StudyInstanceUID, Tag.FrameOfReferenceUID]) {
    const uid = text(dataset, tag);
    if (uid === undefined && tag !== Tag.FrameOfReferenceUID)
      found.push(error('no-uid', `The object has no ${NAMES[tag]}.`));
    if (uid !== undefined && !isUid(uid)) found.push(error('bad-uid', `${NAMES[tag]} is not a valid UID.`));
  }
  for (const tag of [
    Tag.Manufacturer,
    SegTag.ManufacturerModelName,
    SegTag.DeviceSerialNumber,
    SegTag.SoftwareVersions,
  ]) {
    if (text(dataset, tag) === undefined)
      found.push(error('no-equipment', `The object does not name its ${NAMES[tag]}.`));
  }
  if (items(dataset, SegTag.ReferencedSeriesSequence).length === 0) {
    found.push(
      error('no-referenced-series', 'The object does not list the series it was made on; OHIF will not show it.'),
    );
  }
  return found;
}

const NAMES: Readonly<Record<string, string>> = {
  [Tag.SOPInstanceUID]: 'SOP Instance UID',
  [Tag.SeriesInstanceUID]: 'Series Instance UID',
  [Tag.StudyInstanceUID]: 'Study Instance UID',
  [Tag.FrameOfReferenceUID]: 'Frame of Reference UID',
  [Tag.Manufacturer]: 'manufacturer',
  [SegTag.ManufacturerModelName]: 'model name',
  [SegTag.DeviceSerialNumber]: 'device serial number',
  [SegTag.SoftwareVersions]: 'software version',
};

function segments({ dataset, kind, segments: described }: DecodedSegmentation): Finding[] {
  const found: Finding[] = [];
  const numbers = described.map((segment) => segment.number).sort((a, b) => a - b);
  if (kind !== 'LABELMAP' && numbers.some((value, index) => value !== index + 1)) {
    found.push(
      error('segment-numbers', `The segments are numbered ${numbers.join(', ')} instead of 1 to ${numbers.length}.`),
    );
  }
  for (const item of items(dataset, SegTag.SegmentSequence)) {
    const name = `Segment ${number(item, SegTag.SegmentNumber)}`;
    for (const sequence of [SegTag.SegmentedPropertyCategoryCodeSequence, SegTag.SegmentedPropertyTypeCodeSequence]) {
      const scheme = text(items(item, sequence)[0] ?? {}, SegTag.CodingSchemeDesignator);
      if (scheme === undefined)
        found.push(error('no-code', `${name} does not say what it is (category or type code).`));
      if (scheme === 'SRT') found.push(note('retired-code', `${name} is described with retired SNOMED RT codes.`));
    }
    const automatic = text(item, SegTag.SegmentAlgorithmType) !== 'MANUAL';
    if (automatic && text(item, SegTag.SegmentAlgorithmName) === undefined) {
      found.push(error('no-algorithm', `${name} was made by an algorithm that is not named.`));
    }
    if ((text(item, SegTag.TrackingUID) === undefined) !== (text(item, SegTag.TrackingID) === undefined)) {
      found.push(error('half-tracking', `${name} has a tracking ID without tracking UID, or the other way round.`));
    }
  }
  return found;
}

function frames(decoded: DecodedSegmentation): Finding[] {
  const found: Finding[] = [];
  const without = (test: (frame: DecodedSegmentation['frames'][number]) => boolean): number =>
    decoded.frames.filter(test).length;
  const unplaced = without(({ plane }) => plane === undefined);
  const underived = without(({ sources }) => sources.length === 0);
  if (unplaced > 0) found.push(error('no-position', `${unplaced} frames do not say where they lie.`));
  if (underived > 0)
    found.push(note('no-source-image', `${underived} frames do not say which image they were drawn on.`));
  const masks = frameMasks(decoded, 1e-9);
  if (!masks.ok) return [...found, error(masks.error.code, masks.error.message)];
  if (masks.value.length === 0) found.push(error('empty', 'The object has no voxel.'));
  const empty = decoded.frames.length - new Set(masks.value.map(({ frame }) => frame)).size;
  if (empty > 0 && masks.value.length > 0) found.push(note('empty-frames', `${empty} frames have no voxel.`));
  if (decoded.fraction !== undefined) {
    found.push(note('fractional', `The voxels are fractions (${decoded.fraction.type.toLowerCase()}), not a border.`));
  }
  return found;
}

function against(decoded: DecodedSegmentation, series: ImageSeries): Finding[] {
  const found: Finding[] = [];
  const { dataset } = decoded;
  if (text(dataset, Tag.StudyInstanceUID) !== series.studyInstanceUID) {
    found.push(error('other-study', 'The object belongs to another study than the series.'));
  }
  const source = series.frames[0]!.dataset;
  const legal = carriedOver(source);
  for (const [tag, name] of Object.entries(SAME_AS_SOURCE)) {
    if ((text(dataset, tag) ?? '') === (text(source, tag) ?? '')) continue;
    const leftOut = text(dataset, tag) === undefined && text(legal, tag) === undefined;
    found.push(
      leftOut
        ? note('source-value-left-out', `${name} of the images is longer than DICOM allows, so the object has none.`)
        : error('differs-from-source', `${name} is not that of the images.`),
    );
  }
  if (text(source, Tag.LossyImageCompression) === '01' && text(dataset, Tag.LossyImageCompression) !== '01') {
    found.push(error('lossy-history', 'The images were compressed lossily and the object does not say so.'));
  }
  const placed = placeOnSeries(decoded, series, decoded.fraction === undefined ? {} : { fractionThreshold: 1e-9 });
  if (!placed.ok) found.push(error(placed.error.code, placed.error.message));
  return found;
}

/** The findings name the attribute, never its value: it may be the patient's. */
const SAME_AS_SOURCE: Readonly<Record<string, string>> = {
  [Tag.PatientID]: 'Patient ID',
  [Tag.PatientName]: 'Patient Name',
  [Tag.PatientBirthDate]: 'Patient Birth Date',
  [Tag.PatientSex]: 'Patient Sex',
  [Tag.StudyID]: 'Study ID',
  [Tag.StudyDate]: 'Study Date',
  [Tag.StudyTime]: 'Study Time',
  [Tag.AccessionNumber]: 'Accession Number',
  [Tag.StudyDescription]: 'Study Description',
  [Tag.ReferringPhysicianName]: 'Referring Physician Name',
};
