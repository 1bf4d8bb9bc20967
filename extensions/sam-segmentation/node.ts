/** The door for Node programs: the same segmentation without a browser. */
export { describeGraph, type GraphDescription, type TensorDescription } from './inference/backends/node.ts';
export { remoteModelName } from './inference/backends/remote.ts';
export { loadNodeModel, type NodeModelFiles, readNodeModel } from './inference/loadModel.node.ts';
export { loadNodeVolumeModel } from './inference/loadVolumeModel.node.ts';
export type { PromptableModel } from './inference/model.ts';
export type { VolumeModel } from './inference/volumeModel.ts';
export { maskBox } from './mask/measure.ts';
export { type IntensityRecipes, recipeFor, windowOf } from './preprocess/intensity.ts';
export { boxOnImage } from './prompt/sliceBox.ts';
export type { Keyframe, Knowledge } from './propagation/knowledge.ts';
export { type Direction, stopReasonText } from './propagation/stopReason.ts';
export { lesionFrame } from './segmenter/lesionFrame.ts';
export { propagateLesion } from './segmenter/propagateLesion.ts';
export type { Lesion, LesionEvent } from './segmenter/segmentLesion.ts';
export { createSliceSegmenter, type SliceSegmenter } from './segmenter/sliceSegmenter.ts';
export type { SliceSource } from './segmenter/sliceSource.ts';
export { createVolumeSegmenter, type VolumeSegmenter } from './segmenter/volumeSegmenter.ts';
export { measureNodeSpeed, type SpeedFolders } from './speed/measure.node.ts';
