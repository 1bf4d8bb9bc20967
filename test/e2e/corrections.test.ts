import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, watchedPage } from './support/chromium.ts';
import { click, penDrag } from './support/gestures.ts';
import { lesionBox, lesionCt, MIDDLE, SIDE } from './support/lesionCt.ts';
import { type Masks, previewMasks } from './support/previewMasks.ts';
import { Reader } from './support/reader.ts';
import { shot } from './support/screen.ts';
import { served } from './support/served.ts';

const PATIENT = /Tiny, Täst/;

/** The real model on nine slices with one lesion on 1 to 7: what a reader does after the first box. */
describe.skipIf(!hasChromium)('correcting a lesion, in Chromium', () => {
  const viewer = served(lesionCt);

  async function opened(): Promise<{ page: Page; reader: Reader; complaints: readonly string[] }> {
    const { page, complaints } = await watchedPage(viewer.browser, viewer.server.url);
    const reader = new Reader(page);
    await reader.openSeries(PATIENT, /9 images/);
    await reader.goToSlice(MIDDLE);
    return { page, reader, complaints };
  }

  it('shows one mask whichever corner the box is drawn from, and follows handles and points', async () => {
    const { page, reader, complaints } = await opened();
    const { x0, y0, x1, y1 } = lesionBox(MIDDLE);
    const corners = [
      [x0, y0, x1, y1],
      [x1, y1, x0, y0],
      [x0, y1, x1, y0],
      [x1, y0, x0, y1],
    ] as const;
    const masks: (readonly number[] | undefined)[] = [];
    for (const [fromX, fromY, toX, toY] of corners) {
      await reader.image.focus();
      await reader.press('b');
      // The last one with a pen.
      await (masks.length === 3
        ? penDrag(reader, page, [fromX, fromY], [toX, toY])
        : reader.drag([fromX, fromY], [toX, toY]));
      await reader.answered();
      masks.push((await previewMasks(page))[MIDDLE]);
      await reader.press('Escape');
      await reader.offered('Bring it back');
    }
    expect(masks[0]!.length).toBeGreaterThan(300);
    for (const mask of masks.slice(1)) expect(mask).toEqual(masks[0]);

    await reader.samPanel.getByRole('button', { name: 'Bring it back' }).click();
    await reader.answered();
    const half = Math.round((x0 + x1) / 2);
    await reader.drag([x1, y1], [half, y1]);
    await reader.answered();
    const narrowed = (await previewMasks(page))[MIDDLE]!;
    expect(narrowed.length).toBeLessThan(0.8 * masks[0]!.length);
    await expect(reader.prompts.textContent()).resolves.toMatch(
      new RegExp(`box ${half - x0}(\\.\\d)? × ${y1 - y0} px`),
    );

    await reader.press('+');
    await click(reader, page, x0 + 6, y0 + 12);
    await expect.poll(() => reader.prompts.textContent()).toMatch(/\+ on the lesion/);
    await reader.answered();
    await reader.press('-');
    await click(reader, page, half - 3, y1 - 4);
    await expect.poll(() => reader.prompts.textContent()).toMatch(/− beside the lesion/);
    await reader.answered();
    await shot(page, 'points');
    const pointed = (await previewMasks(page))[MIDDLE]!;
    expect(pointed).not.toEqual(narrowed);
    const removals = reader.prompts.getByRole('button', { name: 'Remove this point' });
    await removals.first().click();
    await removals.first().click();
    await expect.poll(() => reader.prompts.textContent()).not.toMatch(/the lesion/);
    await reader.answered();
    expect((await previewMasks(page))[MIDDLE]).toEqual(narrowed);

    // By key: all prompts of the slice go, and come back.
    await reader.image.focus();
    await reader.press('Delete');
    await reader.offered('Bring it back');
    expect(await previewMasks(page)).toEqual({});
    await reader.press('Control+z');
    await reader.answered();
    expect((await previewMasks(page))[MIDDLE]).toEqual(narrowed);
    expect(complaints).toEqual([]);
  });

  it('propagates, takes ends from mouse and keyboard, redoes only what a box changes, and is accepted in one step', async () => {
    const { page, reader, complaints } = await opened();
    const strip = page.getByRole('region', { name: 'Propagation' });
    await reader.drawBox(lesionBox(MIDDLE));
    await reader.answered();
    await reader.press('Enter');
    await reader.offered(/^Accept\s*Enter$/);
    const found = await previewMasks(page);
    expect(slicesOf(found)).toEqual(expect.arrayContaining([2, 3, 4, 5, 6]));
    await shot(page, 'propagated');

    // The upper end, dragged by the mouse to slice 5 (counted from 0).
    await dragEnd(page, strip, 'Last slice of the lesion', 5);
    await reader.offered(/^Redo changed slices/);
    expect(Math.max(...slicesOf(await previewMasks(page)))).toBe(5);
    await shot(page, 'end-dragged');
    await reader.image.focus();
    await reader.press('Enter');
    await reader.offered(/^Accept\s*Enter$/);
    expect(await endText(strip, 'Last 6')).toMatch(/Reached the end slice you gave/);
    expect(Math.max(...slicesOf(await previewMasks(page)))).toBe(5);

    // The lower end, one slice up by key.
    const first = strip.getByRole('slider', { name: 'First slice of the lesion' });
    const was = Number(await first.getAttribute('aria-valuenow'));
    await first.focus();
    await reader.press('ArrowRight');
    await expect.poll(() => first.getAttribute('aria-valuenow')).toBe(String(was + 1));
    await reader.image.focus();
    await reader.press('Enter');
    await reader.offered(/^Accept\s*Enter$/);
    expect(await endText(strip, `First ${was + 1}`)).toMatch(/the end slice you gave/);
    const ranged = await previewMasks(page);
    expect(Math.min(...slicesOf(ranged))).toBe(was);

    // A box on slice 5, the end: nothing lies between it and the box on slice 4, and what lies below does not depend on it.
    await reader.goToSlice(5);
    const { x0, y0, x1, y1 } = lesionBox(5);
    await reader.drawBox({ x0: x0 + 4, y0: y0 + 4, x1: x1 - 2, y1: y1 - 2 });
    await expect.poll(() => reader.prompts.textContent(), { timeout: 120_000 }).not.toMatch(/computing/);
    const redone = await strip.getByRole('option', { name: /to be redone/ }).count();
    expect(redone).toBe(0);
    await shot(page, 'reboxed');
    await reader.image.focus();
    await reader.press('Enter');
    await reader.offered(/^Accept\s*Enter$/);
    const corrected = await previewMasks(page);
    for (const k of [2, 3, 4]) expect(corrected[k], `slice ${k + 1}`).toEqual(ranged[k]);
    expect(corrected[5]).not.toEqual(ranged[5]);

    await reader.image.focus();
    await reader.press('Enter');
    await expect.poll(() => reader.undoSteps()).toBe(1);
    const accepted = await reader.shownVoxels();
    const sorted = (masks: Readonly<Record<string, readonly number[]>>) => Object.values(masks).map(String).sort();
    expect(sorted(accepted[0]!)).toEqual(sorted(corrected));
    await reader.press('Control+z');
    await expect.poll(() => reader.undoSteps()).toBe(0);
    expect(await reader.shownVoxels()).toEqual([]);
    await reader.press('Control+Shift+z');
    await expect.poll(() => reader.undoSteps()).toBe(1);
    expect(await reader.shownVoxels()).toEqual(accepted);
    expect(complaints).toEqual([]);
  });

  it('stops between slices at Escape and keeps them, drops all at the second, and writes nothing', async () => {
    const { page, reader, complaints } = await opened();
    // The volume model gives all slices at once: there is nothing to stop between.
    await reader.samPanel
      .getByRole('combobox', { name: 'Model that makes the slices without a box' })
      .selectOption('sam');
    await reader.drawBox(lesionBox(MIDDLE));
    await reader.answered();
    await reader.press('Enter');
    await expect.poll(async () => slicesOf(await previewMasks(page)).length, { timeout: 120_000 }).toBeGreaterThan(1);
    await reader.press('Escape');
    const strip = page.getByRole('region', { name: 'Propagation' });
    await strip
      .getByText(/Stopped by you/)
      .first()
      .waitFor();
    const kept = await previewMasks(page);
    expect(slicesOf(kept).length).toBeGreaterThan(1);
    expect(slicesOf(kept).length).toBeLessThan(7);
    await shot(page, 'stopped');
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(await previewMasks(page), 'nothing arrives after the stop').toEqual(kept);
    await reader.press('Escape');
    await reader.offered('Bring it back');
    expect(await previewMasks(page)).toEqual({});
    expect(await reader.undoSteps()).toBe(0);
    expect(await reader.shownVoxels()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('leaves the voxels of another segment as they are', async () => {
    const { page, reader, complaints } = await opened();
    await reader.image.focus();
    await reader.press('d');
    await reader.drag([45, 46], [60, 46]);
    await expect.poll(() => reader.undoSteps()).toBe(1);
    const [painted] = await reader.shownVoxels();
    await reader.drawBox(lesionBox(MIDDLE));
    await reader.answered();
    const target = reader.samPanel.getByRole('combobox', { name: 'Segment that the lesion goes into' });
    // Into that segment the eraser works on what it has already, until the step is taken back.
    await target.selectOption('1');
    const pixel = 46 * SIDE + 47;
    const holds = async (): Promise<boolean> => (await previewMasks(page))[MIDDLE]?.includes(pixel) === true;
    await expect.poll(holds).toBe(true);
    await reader.image.focus();
    await reader.press('e');
    await reader.drag([45, 46], [49, 46]);
    await expect.poll(holds).toBe(false);
    await shot(page, 'erased-in-review');
    await reader.press('Control+z');
    await expect.poll(holds).toBe(true);
    await target.selectOption('new');
    await reader.samPanel.getByRole('button', { name: 'Accept this slice' }).click();
    await expect.poll(() => reader.undoSteps()).toBe(2);
    const [before, added] = await reader.shownVoxels();
    expect(before).toEqual(painted);
    const held = new Set(Object.values(painted!).flat());
    const own = Object.values(added!).flat();
    expect(own.length).toBeGreaterThan(100);
    expect(own.some((at) => held.has(at))).toBe(false);
    await shot(page, 'two-segments');
    expect(complaints).toEqual([]);
  });
});

/** Where an end of the lesion is, and why. */
const endText = (strip: Locator, where: string): Promise<string | null> =>
  strip.getByRole('paragraph').filter({ hasText: where }).textContent();

const slicesOf = (masks: Masks): number[] => Object.keys(masks).map(Number);

/** Drags an end of the strip to the outer edge of slice k. */
async function dragEnd(page: Page, strip: Locator, name: string, k: number): Promise<void> {
  const handle = await strip.getByRole('slider', { name }).boundingBox();
  const cell = await strip.getByRole('option', { name: new RegExp(`^Slice ${k + 1},`) }).boundingBox();
  if (handle === null || cell === null) throw new Error('The strip is not on the screen');
  const y = handle.y + handle.height / 2;
  await page.mouse.move(handle.x + handle.width / 2, y);
  await page.mouse.down();
  await page.mouse.move(cell.x + cell.width, y, { steps: 6 });
  await page.mouse.up();
}
