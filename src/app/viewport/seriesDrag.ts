import { type DragEvent, useState } from 'react';
import type { ViewportSlot } from '#viewer';
import { useApp } from '../AppContext.ts';
import type { SeriesRef } from '../series/createSeriesSession.ts';

/** Says only that a series is dragged; which one stays in the page, since other programs can read what is dropped on them. */
const KIND = 'application/x-voxprompt-series';

let dragged: SeriesRef | undefined;

/** For the row of a series: it can be dragged on a pane. */
export const seriesDrag = (series: SeriesRef) => ({
  draggable: true,
  onDragStart: ({ dataTransfer }: DragEvent) => {
    dragged = series;
    dataTransfer.setData(KIND, '');
    dataTransfer.effectAllowed = 'copy';
  },
  onDragEnd: () => {
    dragged = undefined;
  },
});

/** For a pane: a series that is dropped on it is shown in it. */
export function useSeriesDrop(slot: ViewportSlot) {
  const { viewer, pairing, session } = useApp();
  const [takes, setTakes] = useState(false);
  const target = slot === 'companion' ? 'companion' : 'acquisition';
  return {
    takes,
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(KIND)) return;
      event.preventDefault();
      setTakes(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget))) setTakes(false);
    },
    onDrop: (event: DragEvent) => {
      setTakes(false);
      if (dragged === undefined || !event.dataTransfer.types.includes(KIND)) return;
      event.preventDefault();
      const open = viewer.openSeries.getState();
      const inStudy = open?.source === dragged.source && open.series.studyInstanceUID === dragged.studyInstanceUID;
      if (viewer.layout.getState() === 'pair' && inStudy) void pairing.show(target, dragged.seriesInstanceUID);
      else if (target === 'companion')
        void viewer.companion.open(dragged.source, dragged.studyInstanceUID, dragged.seriesInstanceUID);
      else void session.openSeries(dragged);
    },
  };
}
