import { describe, expect, it } from 'vitest';
import { createRecentStudies } from './createRecentStudies.ts';

function memory(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    key: (index: number) => [...kept.keys()][index] ?? null,
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
  };
}

const study = (uid: string) => ({
  studyInstanceUID: uid,
  sourceId: 'archive',
  patientName: 'Doe, Jane',
  patientId: 'P-1',
  date: '2026-11-22',
});

describe('recent studies', () => {
  it('have the newest first, each once, and come back within the tab', () => {
    const storage = memory();
    const recent = createRecentStudies(storage);
    for (const uid of ['1', '2', '1', '3', '4', '5', '6', '7']) recent.add(study(uid));
    const uids = ['7', '6', '5', '4', '3', '1'];
    expect(recent.state.getState().map(({ studyInstanceUID }) => studyInstanceUID)).toEqual(uids);
    const again = createRecentStudies(storage).state.getState();
    expect(again.map(({ studyInstanceUID }) => studyInstanceUID)).toEqual(uids);
  });

  it('leave nothing behind when they are cleared, and nothing of a patient in a key', () => {
    const storage = memory();
    const recent = createRecentStudies(storage);
    recent.add(study('1'));
    expect(Array.from({ length: storage.length }, (_, index) => storage.key(index))).toEqual(['voxprompt.recent']);
    recent.clear();
    expect(storage.length).toBe(0);
    expect(recent.state.getState()).toEqual([]);
  });

  it.each(['{', '7', '[null, 3, {"sourceId": "x"}]'])('are empty where what was kept cannot be read: %s', (kept) => {
    const storage = memory();
    storage.setItem('voxprompt.recent', kept);
    expect(createRecentStudies(storage).state.getState()).toEqual([]);
  });
});
