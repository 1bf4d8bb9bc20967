import { describe, expect, it } from 'vitest';
import { softwareAdapter } from './softwareAdapter.ts';

describe('softwareAdapter', () => {
  it('recognises rasterisers that run on the processor', () => {
    expect(softwareAdapter({ vendor: 'google', architecture: 'swiftshader' })).toBe('google swiftshader');
    expect(softwareAdapter({ vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' })).toContain('llvmpipe');
    expect(softwareAdapter({ vendor: 'microsoft', description: 'Microsoft Basic Render Driver' })).toBeDefined();
    expect(softwareAdapter({ vendor: 'google', isFallbackAdapter: true })).toBe('google');
    expect(softwareAdapter({ isFallbackAdapter: true })).toBe('unnamed');
  });

  it('lets real GPUs through', () => {
    expect(softwareAdapter({ vendor: 'nvidia', architecture: 'ampere', isFallbackAdapter: false })).toBeUndefined();
    expect(softwareAdapter({ vendor: 'apple', architecture: 'metal-3' })).toBeUndefined();
    expect(
      softwareAdapter({ vendor: 'intel', architecture: 'xe-2lpg', description: 'Intel(R) Arc(TM)' }),
    ).toBeUndefined();
    expect(softwareAdapter({})).toBeUndefined();
  });
});
