/** What one run of scrolling gives. */
export interface ScrollRun {
  /** Slices painted a second, each wheel step sent when the one before was painted. */
  readonly framesPerSecond: number;
  /** From each step to the paint of its slice, ms. */
  readonly paints: readonly number[];
}

/**
 * Runs in the page, on whatever Cornerstone viewport is in it: what is measured is the same code for both. A slice counts as
 * painted in the first task after the frame in which Cornerstone has drawn it.
 * @param direction of the wheel
 * @param pause ms of rest before each step; 0 measures how many slices a second go by
 */
export async function scrollInPage({
  steps,
  direction,
  pause,
}: {
  readonly steps: number;
  readonly direction: 1 | -1;
  readonly pause: number;
}): Promise<ScrollRun> {
  const canvas = document.querySelector('canvas.cornerstone-canvas');
  if (canvas === null) throw new Error('There is no viewport');
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const task = new MessageChannel();
  const painted = (): Promise<void> =>
    new Promise((resolve) => {
      let changed = false;
      const onImage = (): void => {
        changed = true;
      };
      const onDrawn = (): void => {
        if (!changed) return;
        document.removeEventListener('CORNERSTONE_STACK_NEW_IMAGE', onImage, true);
        document.removeEventListener('CORNERSTONE_IMAGE_RENDERED', onDrawn, true);
        task.port1.onmessage = () => resolve();
        task.port2.postMessage(undefined);
      };
      document.addEventListener('CORNERSTONE_STACK_NEW_IMAGE', onImage, true);
      document.addEventListener('CORNERSTONE_IMAGE_RENDERED', onDrawn, true);
    });
  const paints: number[] = [];
  const began = performance.now();
  for (let step = 0; step < steps; step += 1) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
    const shown = painted();
    const sent = performance.now();
    canvas.dispatchEvent(
      new WheelEvent('wheel', {
        deltaY: 100 * direction,
        clientX: left + width / 2,
        clientY: top + height / 2,
        bubbles: true,
        cancelable: true,
      }),
    );
    await shown;
    paints.push(performance.now() - sent);
  }
  return { framesPerSecond: (1000 * steps) / (performance.now() - began), paints };
}
