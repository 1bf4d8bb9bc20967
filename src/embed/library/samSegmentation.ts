/** `voxprompt/sam-segmentation`: the SAM tools and their session for a Cornerstone3D application. No React. */
export type { Command, Host, Notice, ReadableState } from '#extension-api';
export {
  type Lesion,
  SamBoxTool,
  SamPointNegativeTool,
  SamPointPositiveTool,
  SamPreviewTool,
  type SamSession,
  type SessionEvent,
  type SessionState,
} from '#extensions/sam-segmentation';
export { createSamSession, type EmbeddedSam, type SamOptions } from '../createSamSession.ts';
export { type HeaderOfImage, type ImagesInOrder, seriesOfImages } from '../series/seriesOfImages.ts';
