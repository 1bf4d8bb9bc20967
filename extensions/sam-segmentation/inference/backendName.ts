const NAMES = { remote: 'Inference server', webgpu: 'WebGPU', wasm: 'WebAssembly' } as const;

/** What a backend is called on the screen. */
export const backendName = (backend: string): string => NAMES[backend as keyof typeof NAMES] ?? backend;
