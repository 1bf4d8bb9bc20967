/**
 * The smallest Cornerstone3D application there can be: one stack, one tool group. It knows VoxPrompt only through the modules
 * that the README shows, which the test takes from there.
 */
import { cache, Enums, init as initCore, metaData, RenderingEngine, type Types } from '@cornerstonejs/core';
import dicomImageLoader, { wadouri } from '@cornerstonejs/dicom-image-loader';
import { utilities as metadata } from '@cornerstonejs/metadata';
import {
  addTool,
  init as initTools,
  StackScrollTool,
  segmentation,
  Enums as ToolEnums,
  ToolGroupManager,
} from '@cornerstonejs/tools';
import { addVoxPrompt } from './addVoxPrompt';
import { encodeLesions } from './encodeLesions';
import { openLesions } from './openLesions';

export interface HostPage {
  readonly sam: ReturnType<typeof addVoxPrompt>;
  /** Where the centre of a pixel of the image in view is on the page. */
  pointOf(x: number, y: number): [number, number];
  /** The host's own idea of the segmentation: labelled pixels by slice, in the order of the stack. */
  labelled(): number[][];
  /** What a brush of the host does: paints label 1 on slice k of the stack. */
  paint(k: number, pixels: readonly number[]): void;
  segmentation(): number[];
  openSegmentation(bytes: readonly number[]): void;
}

declare global {
  interface Window {
    hostPage: HostPage;
  }
}

async function start(): Promise<void> {
  initCore();
  initTools();
  dicomImageLoader.init({ maxWebWorkers: 1 });
  const files: string[] = await (await fetch('series/index.json')).json();
  const imageIds: string[] = [];
  for (const name of files) {
    const blob = await (await fetch(`series/${name}`)).blob();
    const imageId = wadouri.fileManager.add(new File([blob], name));
    await metadata.addDicomPart10Instance(imageId, await blob.arrayBuffer());
    imageIds.push(imageId);
  }
  const element = document.querySelector<HTMLDivElement>('#image')!;
  const engine = new RenderingEngine('host');
  engine.setViewports([{ viewportId: 'stack', type: Enums.ViewportType.STACK, element }]);
  const viewport = engine.getViewport('stack') as Types.IStackViewport;
  await viewport.setStack(imageIds, Math.floor(imageIds.length / 2));
  viewport.render();

  const group = ToolGroupManager.createToolGroup('host')!;
  addTool(StackScrollTool);
  group.addTool(StackScrollTool.toolName);
  group.setToolActive(StackScrollTool.toolName, { bindings: [{ mouseButton: ToolEnums.MouseBindings.Wheel }] });
  group.addViewport('stack', 'host');

  const sam = addVoxPrompt(imageIds, 'host', document.querySelector<HTMLElement>('#panel')!);
  const labelsOf = (): readonly (ArrayLike<number> & { [index: number]: number })[] => {
    const held = segmentation.state.getSegmentation(sam.segmentationId)?.representationData.Labelmap;
    const ids = held !== undefined && 'imageIds' in held ? (held.imageIds as string[]) : [];
    return ids.map((id) => cache.getImage(id)!.voxelManager!.getScalarData());
  };
  window.hostPage = {
    sam,
    pointOf(x, y) {
      const plane = metaData.get('imagePlaneModule', viewport.getCurrentImageId());
      const world = [0, 1, 2].map(
        (axis) =>
          plane.imagePositionPatient[axis] +
          plane.rowCosines[axis] * x * plane.columnPixelSpacing +
          plane.columnCosines[axis] * y * plane.rowPixelSpacing,
      ) as unknown as Types.Point3;
      const [left, top] = viewport.worldToCanvas(world);
      const { left: x0, top: y0 } = element.getBoundingClientRect();
      return [x0 + left, y0 + top];
    },
    labelled: () =>
      labelsOf().map((labels) => Array.from(labels).flatMap((label, pixel) => (label > 0 ? [pixel] : []))),
    paint(k, pixels) {
      const labels = labelsOf()[k]!;
      for (const pixel of pixels) labels[pixel] = 1;
      segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(sam.segmentationId);
    },
    segmentation: () => Array.from(encodeLesions(sam)),
    openSegmentation: (bytes) => openLesions(sam, Uint8Array.from(bytes)),
  };
}

void start();
