import { describe, expect, it, vi } from 'vitest';
import { withoutSegment, withSegment, withSlices } from '#core/labelmap/edit.ts';
import { emptyLabelmap } from '#core/labelmap/labelmap.ts';
import { SEGMENT_MEANINGS } from '#core/terminology/segmentTypes.ts';
import { createLabelmapPort } from './createLabelmapPort.ts';

const size = { columns: 4, rows: 4, slices: 3 };
const dot = (index: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, i) => (i === index ? 1 : 0));

function withLesion() {
  const refused = vi.fn();
  const port = createLabelmapPort(refused);
  port.replace(emptyLabelmap(size));
  const segment = port.draftSegment();
  port.commit(
    'Add',
    withSlices(withSegment(port.state.getState().journal.labelmap, segment), 1, new Map([[0, dot(5)]])),
  );
  const labelmap = () => port.state.getState().journal.labelmap;
  return { port, refused, labelmap };
}

describe('the labelmap port', () => {
  it('makes a committed segment active and takes both back with one undo', () => {
    const { port, labelmap } = withLesion();
    expect(port.state.getState().activeSegment).toBe(1);
    port.undo();
    expect(labelmap().segments).toEqual([]);
    expect(port.state.getState().activeSegment).toBeUndefined();
    port.redo();
    expect([...labelmap().voxels.get(1)!.keys()]).toEqual([0]);
  });

  it('names and codes a new segment as the reader has chosen, within the length of a Segment Label', () => {
    const [lesion, liver] = ['52988006', '10200004'].map((code) =>
      SEGMENT_MEANINGS.find(({ type }) => type.value === code),
    );
    let { category, type } = lesion!;
    const port = createLabelmapPort(vi.fn(), () => ({ category, type }));
    port.replace(emptyLabelmap(size));
    expect(port.draftSegment()).toMatchObject({ label: 'Lesion 1', type: lesion!.type });
    ({ category, type } = liver!);
    expect(port.draftSegment()).toMatchObject({ label: 'Liver 1', category: liver!.category, type: liver!.type });
    type = { ...type, meaning: 'x'.repeat(64) };
    expect(port.draftSegment().label).toBe(`${'x'.repeat(58)} 1`);
  });

  it('knows unsaved work by the last step, through undo and redo', () => {
    const { port, labelmap } = withLesion();
    expect(port.unsaved.getState()).toBe(true);
    port.markSaved(port.state.getState().journal);
    expect(port.unsaved.getState()).toBe(false);
    port.undo();
    expect(port.unsaved.getState()).toBe(true);
    port.redo();
    expect(port.unsaved.getState()).toBe(false);
    const stored = port.state.getState().journal;
    port.commit('Edit', withSlices(labelmap(), 1, new Map([[1, dot(6)]])));
    port.markSaved(stored);
    expect(port.unsaved.getState()).toBe(true);
  });

  it('refuses to change or delete the voxels of a locked segment', () => {
    const { port, refused, labelmap } = withLesion();
    port.setDisplay(1, { locked: true });
    const before = labelmap();
    port.commit('Edit', withSlices(before, 1, new Map([[1, dot(6)]])));
    port.commit('Delete', withoutSegment(before, 1));
    expect(labelmap()).toBe(before);
    expect(refused).toHaveBeenCalledTimes(2);
  });

  it('does not count eye and padlock as steps, and keeps them over an undo', () => {
    const { port, labelmap } = withLesion();
    port.commit('Edit', withSlices(labelmap(), 1, new Map([[1, dot(6)]])));
    port.setDisplay(1, { visible: false });
    expect(port.state.getState().journal.past).toHaveLength(2);
    port.undo();
    expect(labelmap().segments[0]?.visible).toBe(false);
  });

  it('gives each draft its own number and a UID that DICOM allows', () => {
    const { port } = withLesion();
    const segment = port.draftSegment({ label: 'Cyst' });
    expect(segment).toMatchObject({ number: 2, label: 'Cyst', locked: false });
    expect(segment.trackingUid).toMatch(/^2\.25\.(0|[1-9]\d*)$/);
    expect(segment.trackingUid.length).toBeLessThanOrEqual(64);
  });
});
