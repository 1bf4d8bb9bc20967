import type { SliceMask } from '#core/labelmap/labelmap.ts';
import type { Result } from '#core/result.ts';
import type { SlicePrompt } from '../prompt/modelPrompt.ts';
import type { Keyframe } from '../propagation/knowledge.ts';
import type { SegmentedSlice, SliceSegmenter } from '../segmenter/sliceSegmenter.ts';
import type { VolumeLesion, VolumeSegmenter } from '../segmenter/volumeSegmenter.ts';

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

/** The box that was previewed is propagated next: the same question, asked while the first answer may still be on its way. */
export function rememberingVolume(volume: VolumeSegmenter): VolumeSegmenter {
  let asked: { readonly question: Question; readonly answer: Promise<Result<VolumeLesion>> } | undefined;
  return {
    ...volume,
    async run(knowledge, key, masks, options) {
      const question = { key, text: JSON.stringify(knowledge), masks };
      if (asked !== undefined && isSame(asked.question, question)) {
        const known = await asked.answer.catch(() => undefined);
        // Cancelled by whoever asked first: that is no answer for who asks now.
        if (known?.ok) return known;
      }
      const answer = volume.run(knowledge, key, masks, options);
      asked = { question, answer };
      return answer;
    },
  };
}

interface Question {
  readonly key: Keyframe;
  readonly text: string;
  readonly masks: ReadonlyMap<number, SliceMask>;
}

const isSame = (a: Question, b: Question): boolean =>
  a.text === b.text &&
  a.key.k === b.key.k &&
  a.masks.size === b.masks.size &&
  [...a.masks].every(([k, mask]) => b.masks.get(k) === mask);

const keyOf = (k: number, { box, points }: SlicePrompt): string =>
  JSON.stringify([k, box.x0, box.y0, box.x1, box.y1, points.map(({ at, inside }) => [at[0], at[1], inside])]);
