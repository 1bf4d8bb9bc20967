import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutSegment, withSegment, withSegmentChanged, withSlices } from './edit.ts';
import { commit, type Journal, journalOf, redo, undo } from './journal.ts';
import { emptyLabelmap, nextSegmentNumber } from './labelmap.ts';
import { paintedSegment } from './testing/paintedSegment.ts';
import { isJournalText, isStepText } from './workShape.ts';
import { stepBetween, withStep } from './workStep.ts';
import { journalOfText, journalText, stepOfText, stepText } from './workText.ts';

const SIZE = { columns: 5, rows: 4, slices: 3 };
const segment = (number: number) => paintedSegment(number, { label: `Läsion ${number}` });

type Deed =
  | { readonly do: 'add' }
  | { readonly do: 'drop' }
  | { readonly do: 'undo' }
  | { readonly do: 'redo' }
  | { readonly do: 'hide' }
  | { readonly do: 'paint'; readonly k: number; readonly bits: readonly boolean[] }
  | { readonly do: 'rename'; readonly label: string };

const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.oneof(
    fc.constantFrom<Deed>({ do: 'add' }, { do: 'drop' }, { do: 'undo' }, { do: 'redo' }, { do: 'hide' }),
    fc.record({
      do: fc.constant('paint' as const),
      k: fc.nat(SIZE.slices - 1),
      bits: fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
    }),
    fc.record({ do: fc.constant('rename' as const), label: fc.string() }),
  ),
  { maxLength: 40 },
);

/** What the labelmap port makes of a deed; `hide` works as eyes do, beside the history. */
function after(journal: Journal, deed: Deed): Journal {
  const { labelmap } = journal;
  const active = labelmap.segments.at(-1)?.number;
  if (deed.do === 'undo') return undo(journal);
  if (deed.do === 'redo') return redo(journal);
  if (deed.do === 'add') return commit(journal, 'Add', withSegment(labelmap, segment(nextSegmentNumber(labelmap))));
  if (active === undefined) return journal;
  if (deed.do === 'drop') return commit(journal, 'Drop', withoutSegment(labelmap, active));
  if (deed.do === 'hide') return { ...journal, labelmap: withSegmentChanged(labelmap, active, { visible: false }) };
  if (deed.do === 'rename')
    return commit(journal, 'Rename', withSegmentChanged(labelmap, active, { label: deed.label }));
  const mask = Uint8Array.from(deed.bits, Number);
  return commit(journal, 'Paint', withSlices(labelmap, active, new Map([[deed.k, mask]]), 'allow-overlap'));
}

describe('work that is kept', () => {
  it('is played again byte for byte, with its history, from any snapshot on', () => {
    fc.assert(
      fc.property(deeds, fc.nat(40), (list, snapshotAt) => {
        let journal = journalOf(emptyLabelmap(SIZE));
        let played = journal;
        for (const [index, deed] of list.entries()) {
          const next = after(journal, deed);
          const step = stepBetween(journal, next);
          expect(step === undefined && next !== journal).toBe(false);
          journal = next;
          if (step !== undefined) {
            const kept = JSON.parse(JSON.stringify(stepText(step)));
            expect(isStepText(kept, SIZE)).toBe(true);
            played = withStep(played, stepOfText(kept));
          }
          if (index === snapshotAt) {
            const kept = JSON.parse(JSON.stringify(journalText(journal)));
            expect(isJournalText(kept)).toBe(true);
            played = journalOfText(kept);
          }
        }
        expect(played).toEqual(journal);
        expect(redo(undo(played))).toEqual(redo(undo(journal)));
      }),
      { numRuns: 300 },
    );
  });

  it('is not taken up where a run leaves its slice, a segment has lost its number or a step its segments', () => {
    const painted = [{ do: 'add' }, { do: 'paint', k: 1, bits: [true] }] as const;
    const journal = journalText(painted.reduce<Journal>(after, journalOf(emptyLabelmap(SIZE))));
    const [first] = journal.segments;
    const voxels = (runs: number[], k = 1) => ({ ...journal, voxels: [[1, [[k, runs]]]] });
    expect(isJournalText(journal)).toBe(true);
    for (const damagedOne of [
      voxels([19, 2]),
      voxels([4, 2, 3, 1]),
      voxels([4]),
      voxels([0, 1], 3),
      { ...journal, segments: [{ ...first, number: 0 }] },
      { ...journal, segments: [first, first] },
      { ...journal, size: { ...SIZE, rows: 1e9 } },
      { ...journal, past: [null] },
      null,
    ])
      expect(isJournalText(damagedOne)).toBe(false);
    expect(isStepText({ kind: 'undo' }, SIZE)).toBe(false);
    expect(isStepText({ kind: 'redo', segments: journal.segments }, SIZE)).toBe(true);
  });

  it('is not continued where another history was put in its place', () => {
    const empty = journalOf(emptyLabelmap(SIZE));
    const one = commit(empty, 'Add', withSegment(empty.labelmap, segment(1)));
    const other = commit(empty, 'Add', withSegment(empty.labelmap, segment(2)));
    expect(stepBetween(one, other)).toBeUndefined();
    expect(stepBetween(one, empty)).toBeUndefined();
    expect(stepBetween(one, journalOf(emptyLabelmap({ ...SIZE, slices: 9 })))).toBeUndefined();
  });
});
