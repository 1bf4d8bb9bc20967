import type { Page } from 'playwright-core';
import type { Reader } from './reader.ts';

/** As a pen does it: Chromium tells its kind with each event. */
export async function penDrag(
  reader: Reader,
  page: Page,
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const [start, end] = [await reader.pointOf(...from), await reader.pointOf(...to)];
  const send = (type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', part: number) =>
    cdp.send('Input.dispatchMouseEvent', {
      type,
      x: start.x + (end.x - start.x) * part,
      y: start.y + (end.y - start.y) * part,
      button: 'left',
      buttons: type === 'mouseReleased' ? 0 : 1,
      clickCount: 1,
      pointerType: 'pen',
    });
  await send('mousePressed', 0);
  for (let step = 1; step <= 8; step += 1) await send('mouseMoved', step / 8);
  await send('mouseReleased', 1);
}

/** Presses on a pixel of the acquired slice. */
export async function click(reader: Reader, page: Page, x: number, y: number): Promise<void> {
  const at = await reader.pointOf(x, y);
  await page.mouse.click(at.x, at.y);
}

/** Tabs until the control with this text has the focus. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => document.activeElement?.textContent ?? '');
    if (name.test(focused)) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}
