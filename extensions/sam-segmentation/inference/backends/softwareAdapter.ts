/** What a GPUAdapter says of itself, as far as it tells software from hardware. */
export interface AdapterDescription {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

/** Rasterisers that offer WebGPU on the processor: Chromium's SwiftShader, Mesa's, Microsoft's WARP. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;

/**
 * Tells a graphics adapter that is the processor in disguise. On SwiftShader a TinyViT encoder does not merely run 30
 * times slower than WebAssembly: it ends the GPU process and the tab, so that no self-check can refuse it.
 *
 * @returns how the adapter calls itself, or undefined for a real GPU
 */
export function softwareAdapter(adapter: AdapterDescription): string | undefined {
  const names = [adapter.vendor, adapter.architecture, adapter.device, adapter.description];
  const told = [...new Set(names.filter((name) => name !== undefined && name !== ''))].join(' ');
  return adapter.isFallbackAdapter === true || SOFTWARE.test(told) ? told || 'unnamed' : undefined;
}
