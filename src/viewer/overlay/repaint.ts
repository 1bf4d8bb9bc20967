import { cache, getEnabledElementByViewportId, type Types, utilities } from '@cornerstonejs/core';

/** vtk.js objects behind an actor; Cornerstone types them too widely to be used. */
interface ImageActor {
  getMapper(): { getInputData(): Parameters<typeof utilities.updateVTKImageDataWithCornerstoneImage>[0] };
}

/**
 * Brings changed slices of a labelmap to the screen. Cornerstone's own notification uploads every slice again as soon as a stack
 * and a reformat show the same labelmap; a brush changes one.
 * @param imageIds derived images by k
 */
export function repaintSlices(
  changed: readonly number[],
  imageIds: readonly string[],
  volumeId: string | undefined,
  viewportIds: Iterable<string>,
): void {
  const volume = volumeId === undefined ? undefined : cache.getVolume(volumeId);
  if (volume !== undefined) {
    for (const k of changed) volume.vtkOpenGLTexture.setUpdatedFrame(k);
    volume.imageData?.modified();
  }
  const images = new Set(changed.map((k) => imageIds[k]!));
  for (const viewportId of viewportIds) {
    const viewport = getEnabledElementByViewportId(viewportId)?.viewport;
    if (viewport === undefined) continue;
    for (const entry of viewport.getActors()) refreshImageActor(entry, images);
    renderInTurn(viewportId);
  }
}

/** Viewports that wait for their frame. */
const waiting = new Set<string>();
let frame = 0;

/** One viewport a frame: Cornerstone draws all that are asked for in one task, which is long without a GPU. */
function renderInTurn(viewportId: string): void {
  waiting.add(viewportId);
  if (frame === 0) renderNext();
}

function renderNext(): void {
  const [next] = waiting;
  frame = 0;
  if (next === undefined) return;
  waiting.delete(next);
  // It may have been closed meanwhile.
  getEnabledElementByViewportId(next)?.viewport.render();
  frame = requestAnimationFrame(renderNext);
}

/** A stack's actor holds a copy of the slice shown; the copies of other slices are made when they are scrolled to. */
function refreshImageActor(entry: Types.ActorEntry, images: ReadonlySet<string>): void {
  if (entry.referencedId === undefined || !images.has(entry.referencedId)) return;
  const image = cache.getImage(entry.referencedId);
  const data = (entry.actor as unknown as ImageActor).getMapper().getInputData();
  if (image !== undefined) utilities.updateVTKImageDataWithCornerstoneImage(data, image);
}
