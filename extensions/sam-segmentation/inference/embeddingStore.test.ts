import { describe, expect, it } from 'vitest';
import { EmbeddingStore } from './embeddingStore.ts';

const tensor = (values: number) => ({ image: { data: new Float32Array(values), dims: [values] } });

describe('EmbeddingStore', () => {
  it('evicts the least recently used embedding when full', () => {
    const store = new EmbeddingStore(80);
    store.set(1, tensor(10));
    store.set(2, tensor(10));
    store.get(1);
    store.set(3, tensor(10));
    expect([1, 2, 3].filter((id) => store.get(id) !== undefined)).toEqual([1, 3]);
    expect(store.bytes).toBe(80);
  });

  it('keeps the newest even when it alone is too large', () => {
    const store = new EmbeddingStore(8);
    store.set(1, tensor(1));
    store.set(2, tensor(100));
    expect(store.get(1)).toBeUndefined();
    expect(store.get(2)).toBeDefined();
  });

  it('counts a replaced or deleted embedding once', () => {
    const store = new EmbeddingStore(1000);
    store.set(1, tensor(10));
    store.set(1, tensor(20));
    store.delete(7);
    expect(store.bytes).toBe(80);
    store.delete(1);
    expect(store.bytes).toBe(0);
  });
});
