import { describe, expect, it } from 'vitest';
import { memoryOver } from '../bench/scroll/memory.ts';
import { scrollRounds } from '../bench/scroll/scrollBench.ts';
import { memoryTable, scrollTable } from '../bench/scroll/scrollTable.ts';
import { hasChromium } from '../e2e/support/chromium.ts';

const full = process.env.VOXPROMPT_FULL === '1';
const plan = full
  ? { side: 512, slices: 300, rounds: Number(process.env.VOXPROMPT_ROUNDS ?? 12), steps: 60 }
  : { side: 64, slices: 24, rounds: 2, steps: 8 };

/** No time is asserted: the figures are for people (npm run bench:scroll). */
describe.skipIf(!hasChromium)('scrolling beside plain Cornerstone3D', () => {
  it('measures both on panes of one size, ours with and without a segment, every slice painted', async () => {
    const measured = await scrollRounds(plan);
    console.log(scrollTable(plan, measured));
    expect(measured.rounds).toHaveLength(plan.rounds);
    for (const round of measured.rounds) {
      for (const { paints, framesPerSecond, threadMs, inputToPaint } of Object.values(round)) {
        expect(paints).toHaveLength(plan.steps);
        expect(inputToPaint).toHaveLength(plan.steps / 4);
        expect([framesPerSecond, threadMs].every((value) => value > 0)).toBe(true);
      }
    }
  }, 3_000_000);

  it('gives back the memory of a series that is closed', async () => {
    const held = await memoryOver(full ? 11 : 3, full ? { side: 512, slices: 60 } : { side: 128, slices: 20 });
    console.log(memoryTable(held));
    const total = ({ heap, buffers, textures }: (typeof held)[number]) => heap + buffers + textures;
    expect(total(held.at(-1)!) / total(held[0]!)).toBeLessThan(1.1);
  }, 3_000_000);
});
