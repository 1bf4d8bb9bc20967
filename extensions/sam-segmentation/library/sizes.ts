import type { FileEntry, ModelManifest } from '../inference/manifest.ts';

/** Every file that a manifest names besides its licence. */
export const filesOf = ({ files, golden }: Pick<ModelManifest, 'files' | 'golden'>): readonly FileEntry[] => [
  ...files.flatMap(({ graph, weights }) => (weights === undefined ? [graph] : [graph, weights])),
  ...(golden === undefined ? [] : [golden.description, golden.data]),
];

export const bytesOf = (manifest: Pick<ModelManifest, 'files' | 'golden'>): number =>
  filesOf(manifest).reduce((sum, { bytes }) => sum + bytes, 0);

/** 1 MB is a million bytes, as on the panel and in file managers of today. */
export function megabytes(bytes: number): string {
  if (bytes < 100_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
