import { createRoot } from 'react-dom/client';
import { AppWindow, createApp } from '#app';
import { appError } from '#core/errors.ts';
import { withSegment, withSlices } from '#core/labelmap/edit.ts';
import { emptyLabelmap } from '#core/labelmap/labelmap.ts';
import { paintedSegment } from '#core/labelmap/testing/paintedSegment.ts';
import { ok } from '#core/result.ts';
import type { Extension } from '#extension-api';
import { FAKE_CONFIG } from '../../support/fakes/fakeConfig.ts';
import { COLUMNS, fakeSource, SLICES, STUDIES } from '../../support/fakes/fakeStudies.ts';
import { fakeViewer } from '../../support/fakes/fakeViewer.ts';
import { workOn } from './work.ts';

const disc = (radius: number) =>
  Uint8Array.from({ length: COLUMNS * COLUMNS }, (_, index) =>
    Math.hypot((index % COLUMNS) - 32, Math.floor(index / COLUMNS) - 32) <= radius ? 1 : 0,
  );

const twoLesions = () => {
  let labelmap = emptyLabelmap({ columns: COLUMNS, rows: COLUMNS, slices: SLICES });
  for (const number of [1, 2]) {
    const slices = new Map([3, 4, 5].map((k) => [k + number, disc(4 * number)] as const));
    labelmap = withSlices(withSegment(labelmap, paintedSegment(number)), number, slices, 'allow-overlap');
  }
  return labelmap;
};

/** What the extensions bring, played from memory. */
const fakes: Extension = {
  id: 'fakes',
  contribute: () => ({
    sources: [fakeSource('archive', 'Embedded archive', STUDIES)],
    commands: [
      {
        id: 'box.start',
        title: 'Box around a lesion',
        shortcut: 'b',
        activates: 'Box',
        group: 'prompt',
        isEnabled: ({ viewer: { openSeries } }) => openSeries.getState() !== undefined,
        run: ({ viewer: port }) => port.activateTool('Box'),
      },
    ],
    tools: [{ toolName: 'Box', toolClass: undefined, title: 'Box' }],
    fileImporter: {
      read: async (files) => {
        const list = 'files' in files ? [...files.files] : files;
        const good = list.filter(({ name }) => name.endsWith('.dcm'));
        const bad = list.filter(({ name }) => !name.endsWith('.dcm'));
        const error = appError('not-dicom', 'The file is not a DICOM file.', { remedy: 'Choose DICOM files.' });
        const dropped = STUDIES.slice(1, 2).map((study) => ({ ...study, uid: '9.9', name: 'Local^File' }));
        return {
          source: fakeSource('local', 'Local files', good.length > 0 ? dropped : []),
          refused: bad.map(({ name }) => ({ name, error })),
        };
      },
    },
    segmentationFormat: {
      encode: () => ({ ok: false, error: appError('fake', 'Not here.') }),
      decode: () => ok({ labelmap: twoLesions(), notes: [], header: {} }),
      verify: () => ok({ comparedVoxels: 0 }),
      sameContent: () => ok(undefined),
    },
  }),
};

const viewer = fakeViewer();
const app = createApp(FAKE_CONFIG, [fakes], viewer);

declare global {
  interface Window {
    readonly appHarness: { readonly app: typeof app; paint(k: number): void; readonly work: ReturnType<typeof workOn> };
  }
}
Object.assign(window, { appHarness: { app, paint: (k: number) => viewer.stroke(k, disc(6)), work: workOn(app) } });
createRoot(document.getElementById('root')!).render(<AppWindow app={app} />);
