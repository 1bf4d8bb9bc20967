import type { SlicePrompt } from '../prompt/modelPrompt.ts';
import type { SegmentedSlice, SliceSegmenter } from '../segmenter/sliceSegmenter.ts';

/**
 * Answers a prompt that was asked before from memory. The planner is deterministic, so after a correction it asks most slices the
 * same again: only what depends on the correction reaches the model.
 */
export function remembering(segmenter: SliceSegmenter): SliceSegmenter {
  const answers = new Map<string, SegmentedSlice>();
  return {
    ...segmenter,
    async segment(k, prompt, options) {
      const key = keyOf(k, prompt);
      const known = answers.get(key);
      if (known !== undefined) return { ok: true, value: known };
      const answer = await segmenter.segment(k, prompt, options);
      if (answer.ok) answers.set(key, answer.value);
      return answer;
    },
    release() {
      answers.clear();
      segmenter.release();
    },
  };
}

const keyOf = (k: number, { box, points }: SlicePrompt): string =>
  JSON.stringify([k, box.x0, box.y0, box.x1, box.y1, points.map(({ at, inside }) => [at[0], at[1], inside])]);
