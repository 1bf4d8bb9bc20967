import { createStore } from 'zustand/vanilla';
import { segmentByNumber } from '#core/labelmap/labelmap.ts';
import type { LabelmapState, ReadableState } from '#extension-api';
import type { Caliper, Viewer } from '#viewer';
import { text } from '../text.ts';
import { measureShape } from './measureSegment.ts';

/** The diameters of the active segment, for the image. */
export interface Calipers {
  readonly state: ReadableState<readonly Caliper[]>;
  readonly shown: ReadableState<boolean>;
  show(on: boolean): void;
  dispose(): void;
}

export function createCalipers(labelmap: ReadableState<LabelmapState>, openSeries: Viewer['openSeries']): Calipers {
  const store = createStore<{ readonly shown: boolean; readonly value: readonly Caliper[] }>(() => ({
    shown: true,
    value: [],
  }));
  let measured:
    | { readonly labelmap: unknown; readonly active: number | undefined; readonly shown: boolean }
    | undefined;

  function measure(): readonly Caliper[] {
    const { journal, activeSegment } = labelmap.getState();
    const series = openSeries.getState()?.series;
    const segment = activeSegment === undefined ? undefined : segmentByNumber(journal.labelmap, activeSegment);
    if (series === undefined || segment === undefined || !segment.visible) return [];
    const diameter = measureShape(journal.labelmap, segment.number, series)?.diameter;
    if (diameter === undefined) return [];
    const { k, ends, shortEnds, longMm, shortMm } = diameter;
    return [{ k, color: segment.color, long: ends, short: shortEnds, label: text.measure.caliper(longMm, shortMm) }];
  }

  function update(): void {
    const { journal, activeSegment } = labelmap.getState();
    const { shown, value } = store.getState();
    const now = { labelmap: journal.labelmap, active: activeSegment, shown };
    // Previews change the state many times a second, and nothing that is measured here.
    if (measured?.labelmap === now.labelmap && measured.active === now.active && measured.shown === shown) return;
    measured = now;
    const next = shown ? measure() : [];
    if (next.length > 0 || value.length > 0) store.setState({ value: next });
  }

  const ends = [labelmap.subscribe(update), openSeries.subscribe(update)];
  return {
    state: { getState: () => store.getState().value, subscribe: store.subscribe },
    shown: { getState: () => store.getState().shown, subscribe: store.subscribe },
    show(on) {
      store.setState({ shown: on });
      update();
    },
    dispose() {
      for (const end of ends) end();
    },
  };
}
