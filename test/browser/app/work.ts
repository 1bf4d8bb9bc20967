import type { createApp } from '#app';
import { withSegment, withSegmentChanged, withSlices } from '#core/labelmap/edit.ts';
import { emptyLabelmap, type Labelmap } from '#core/labelmap/labelmap.ts';
import { colorOf, type Segment } from '#core/labelmap/segment.ts';
import { DEFAULT_MEANING } from '#core/terminology/segmentMeaning.ts';
import { COLUMNS, SLICES } from '../../support/fakes/fakeStudies.ts';

type App = ReturnType<typeof createApp>;

const SEGMENT: Segment = {
  number: 1,
  label: 'Step 0',
  color: colorOf(1),
  ...DEFAULT_MEANING,
  algorithm: { type: 'MANUAL' },
  trackingId: 'Step',
  trackingUid: '2.25.1',
  visible: true,
  locked: false,
};

/** The nth accepted change: a slice painted anew, and a name that tells which change it was. */
function edited(labelmap: Labelmap, n: number): Labelmap {
  let seed = n;
  const mask = new Uint8Array(COLUMNS * COLUMNS);
  for (let at = 0; at < mask.length; at += 1) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    mask[at] = seed >>> 31;
  }
  const known = labelmap.segments.length === 0 ? withSegment(labelmap, SEGMENT) : labelmap;
  return withSlices(withSegmentChanged(known, 1, { label: `Step ${n}` }), 1, new Map([[n % SLICES, mask]]));
}

/** Work whose every state can be told and made again from its number. */
export function workOn(app: App) {
  const labelmap = (): Labelmap => app.labelmap.state.getState().journal.labelmap;
  const stepsDone = (): number => Number(labelmap().segments[0]?.label.split(' ')[1] ?? 0);
  const autosave = () => {
    if (app.autosave === undefined) throw new Error('This browser keeps nothing');
    return app.autosave;
  };
  return {
    stepsDone,
    async open(seriesInstanceUID = '1.2.1.1'): Promise<void> {
      const source = app.host.sources[0];
      if (source === undefined) throw new Error('There is no source');
      await app.session.openSeries({ source, studyInstanceUID: '1.2.1', seriesInstanceUID });
      await autosave().settled();
      await autosave().refresh();
    },
    async restore(): Promise<number> {
      const offer = autosave().offers.getState()[0];
      if (offer === undefined) return 0;
      await autosave().restore(offer.id);
      return stepsDone();
    },
    /** Accepts changes one after the other, and tells of each when it was accepted and when it was on the disk. */
    async go(accepted: (n: number) => void, kept: (n: number) => void): Promise<void> {
      for (;;) {
        const n = stepsDone() + 1;
        app.labelmap.commit(`Step ${n}`, edited(labelmap(), n));
        accepted(n);
        // Now and then several at once, as undo and redo in a hurry are.
        if (n % 3 === 0) continue;
        await autosave().settled();
        if (autosave().state.getState().kind === 'kept') kept(n);
        await new Promise((resolve) => setTimeout(resolve, (n * 7) % 23));
      }
    },
    step(): void {
      const n = stepsDone() + 1;
      app.labelmap.commit(`Step ${n}`, edited(labelmap(), n));
    },
    /** Voxels that differ from what the first n changes make; -1 where the segments do. */
    differing(n: number): number {
      let expected = emptyLabelmap(labelmap().size);
      for (let step = 1; step <= n; step += 1) expected = edited(expected, step);
      const now = labelmap();
      if (JSON.stringify(now.segments) !== JSON.stringify(expected.segments)) return -1;
      let count = 0;
      for (let k = 0; k < SLICES; k += 1) {
        const [is, should] = [now.voxels.get(1)?.get(k), expected.voxels.get(1)?.get(k)];
        for (let at = 0; at < COLUMNS * COLUMNS; at += 1) if ((is?.[at] ?? 0) !== (should?.[at] ?? 0)) count += 1;
      }
      return count;
    },
  };
}
