import { vi } from 'vitest';
import { type ImageSeries, imageSeriesOf } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { withSegment, withSlices } from '#core/labelmap/edit.ts';
import { emptyLabelmap } from '#core/labelmap/labelmap.ts';
import type { OpenSeries, StudySource } from '#extension-api';
import type { Retention } from '../../src/app/autosave/autosave.ts';
import { createAutosave } from '../../src/app/autosave/createAutosave.ts';
import { cell } from '../../src/app/cell.ts';
import { createLabelmapPort } from '../../src/app/labelmap/createLabelmapPort.ts';
import { createVault } from '../../src/app/vault/createVault.ts';
import type { TabLocks } from '../../src/app/vault/tabLocks.ts';
import type { Vault } from '../../src/app/vault/vault.ts';

export const SIZE = { columns: 6, rows: 5, slices: 4 };
const element = (vr: string, ...Value: unknown[]) => ({ vr, Value });

/** A CT series of that UID, 3 mm between its slices. */
export function series(uid: string, slices = SIZE.slices, first = 0): ImageSeries {
  const made = imageSeriesOf(
    Array.from({ length: slices }, (_, index) => ({
      [Tag.StudyInstanceUID]: element('UI', '1.2.3'),
      [Tag.SeriesInstanceUID]: element('UI', uid),
      [Tag.SOPInstanceUID]: element('UI', `${uid}.${first + index + 1}`),
      [Tag.SOPClassUID]: element('UI', '1.2.840.10008.5.1.4.1.1.2'),
      [Tag.Modality]: element('CS', 'CT'),
      [Tag.PatientName]: element('PN', { Alphabetic: 'Secret^Patient' }),
      [Tag.Rows]: element('US', SIZE.rows),
      [Tag.Columns]: element('US', SIZE.columns),
      [Tag.PixelSpacing]: element('DS', 1, 1),
      [Tag.ImagePositionPatient]: element('DS', 0, 0, (first + index) * 3),
      [Tag.ImageOrientationPatient]: element('DS', 1, 0, 0, 0, 1, 0),
    })),
  );
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

/** The locks of one browser; `tab` gives each tab its own hand on them, `crash` lets go as the browser does. */
export function browser() {
  const held = new Map<string, symbol>();
  return {
    tab() {
      const hand = Symbol('tab');
      const locks: TabLocks = {
        take: async (name) => {
          if (held.has(name)) return undefined;
          held.set(name, hand);
          return () => void held.delete(name);
        },
        held: async () => new Set(held.keys()),
      };
      const crash = (): void => {
        for (const [name, owner] of held) if (owner === hand) held.delete(name);
      };
      return { locks, crash };
    },
  };
}

/** A tab in which a series may be opened and painted on. @param name of the database that it keeps its work in */
export function openTab(
  name: string,
  where: ReturnType<typeof browser>,
  options: { session?: string; vault?: Vault; retention?: Retention } = {},
) {
  const { locks, crash } = where.tab();
  const shown = vi.fn();
  const labelmap = createLabelmapPort(() => {});
  const openSeries = cell<OpenSeries | undefined>(undefined);
  const retention = cell<Retention>(options.retention ?? '7');
  const session = { id: options.session ?? 'tab', isAlive: async () => false };
  const signals = { tell: () => {}, listen: () => () => {} };
  const vault = options.vault ?? createVault(name);
  const notices = { show: shown, announce: () => {} };
  const autosave = createAutosave({ vault, locks, session, signals, openSeries, labelmap, notices, retention });
  const open = async (of: ImageSeries): Promise<void> => {
    openSeries.set({ series: of, source: { id: 'archive' } as StudySource, imageIds: [] });
    labelmap.replace(emptyLabelmap({ ...SIZE, slices: of.frames.length }));
    await vi.waitFor(async () => {
      await autosave.settled();
      await autosave.refresh();
    });
  };
  const present = () => labelmap.state.getState().journal.labelmap;
  const paint = (k: number, index: number): void => {
    const mask = Uint8Array.from({ length: 30 }, (_, at) => (at === index ? 1 : 0));
    const before = present();
    const segment = labelmap.draftSegment();
    const known = before.segments.length > 0 ? before : withSegment(before, segment);
    labelmap.commit('Paint', withSlices(known, 1, new Map([[k, mask]])));
  };
  return { autosave, labelmap, open, paint, present, shown, crash, retention, vault };
}
