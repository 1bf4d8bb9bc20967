/** `voxprompt/core`: geometry, DICOM headers, labelmaps, measurements. Pure TypeScript: no DOM, no Node, no vendor. */

export * from '#core/dicom/dataset.ts';
export * from '#core/dicom/imageSeries.ts';
export * from '#core/dicom/tags.ts';
export * from '#core/errors.ts';
export * from '#core/geometry/coordinates.ts';
export * from '#core/geometry/imagePlane.ts';
export * from '#core/geometry/stack.ts';
export * from '#core/geometry/stackIssueText.ts';
export * from '#core/geometry/voxelGrid.ts';
export * from '#core/labelmap/edit.ts';
export * from '#core/labelmap/journal.ts';
export * from '#core/labelmap/labelmap.ts';
export * from '#core/labelmap/measureDiameter.ts';
export * from '#core/labelmap/measureIntensity.ts';
export * from '#core/labelmap/measureVolume.ts';
export * from '#core/labelmap/segment.ts';
export * from '#core/pixels/intensityWindow.ts';
export * from '#core/pixels/modalityLut.ts';
export * from '#core/pixels/sliceImage.ts';
export * from '#core/result.ts';
export * from '#core/terminology/code.ts';
export * from '#core/terminology/segmentMeaning.ts';
export * from '#core/terminology/segmentTypes.ts';
