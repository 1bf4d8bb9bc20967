import { describe, expect, it, vi } from 'vitest';
import { storedSelfCheckRecord } from './selfCheckRecord.ts';

function memory(): Pick<Storage, 'getItem' | 'setItem'> {
  const values = new Map<string, string>();
  return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => void values.set(key, value) };
}

describe('storedSelfCheckRecord', () => {
  it('remembers what was passed, for this browser version only', () => {
    const storage = memory();
    storedSelfCheckRecord(storage, 'Browser/1').addPassed('a');
    storedSelfCheckRecord(storage, 'Browser/1').addPassed('b');
    expect(storedSelfCheckRecord(storage, 'Browser/1').passed()).toEqual(['a', 'b']);
    expect(storedSelfCheckRecord(storage, 'Browser/2').passed()).toEqual([]);
  });

  it('knows which backend was tried when the browser ended, for a day', () => {
    const storage = memory();
    storedSelfCheckRecord(storage, 'x').setTrying('webgpu');
    expect(storedSelfCheckRecord(storage, 'x').endedDuring()).toBe('webgpu');
    vi.useFakeTimers({ now: Date.now() + 25 * 3600 * 1000 });
    expect(storedSelfCheckRecord(storage, 'x').endedDuring()).toBeUndefined();
    vi.useRealTimers();
    storedSelfCheckRecord(storage, 'x').setTrying(undefined);
    expect(storedSelfCheckRecord(storage, 'x').endedDuring()).toBeUndefined();
  });

  it('survives storage that is forbidden, full or holds something else', () => {
    const refuse = (): never => {
      throw new DOMException('denied', 'SecurityError');
    };
    const record = storedSelfCheckRecord({ getItem: refuse, setItem: refuse }, 'x');
    record.addPassed('a');
    expect(record.passed()).toEqual([]);
    expect(storedSelfCheckRecord({ getItem: () => '{"passed":7', setItem: refuse }, 'x').passed()).toEqual([]);
  });
});
