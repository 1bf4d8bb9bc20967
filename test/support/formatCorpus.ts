import { createHash, type Hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** shared/data/formats: DICOM of every kind with what its pixels must be. */
export const CORPUS = fileURLToPath(new URL('../../../shared/data/formats', import.meta.url));
export const corpusPresent = existsSync(CORPUS);

export interface CorpusPixels {
  readonly form: string;
  readonly sha256: string;
  readonly exact: boolean;
  readonly mean?: number | readonly number[];
  /** Frame (from 0), row, column, and value (one for each sample). */
  readonly probes?: readonly (readonly [
    frame: number,
    row: number,
    column: number,
    value: number | readonly number[],
  ])[];
  readonly tolerance?: { readonly maxAbs: number };
}
export interface CorpusFile {
  readonly path: string;
  readonly kind: 'dicom' | 'nrrd' | 'wado-rs-payload';
  readonly must: 'decode' | 'warn-geometry' | 'seg-read' | 'reject-with-clear-error' | 'reference-label-map';
  readonly acceptable?: readonly string[];
  readonly part10?: boolean;
  readonly transferSyntaxUID?: string;
  readonly photometric?: string;
  readonly samplesPerPixel?: number;
  readonly rows?: number;
  readonly columns?: number;
  readonly frames?: number;
  readonly decoded?: CorpusPixels;
}
export interface CorpusSeries {
  readonly name: string;
  readonly must: string;
  readonly files: readonly string[];
}
interface Index {
  readonly files: readonly CorpusFile[];
  readonly series: readonly CorpusSeries[];
}

export const corpus: Index = corpusPresent
  ? (JSON.parse(readFileSync(join(CORPUS, 'index.json'), 'utf8')) as Index)
  : { files: [], series: [] };

export const corpusBytes = (path: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(CORPUS, path)));

/** Whether the entry may be refused with a message that names the reason. */
export const mayRefuse = ({ must, acceptable }: CorpusFile): boolean =>
  must === 'reject-with-clear-error' || acceptable?.includes('reject-with-clear-error') === true;

/** Values of one frame, samples interleaved. */
export interface FrameValues {
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly values: ArrayLike<number> & ArrayBufferView;
}

/** Compares frames, handed over in order, with what the index says of the file. */
export function pixelJudge({ exact, sha256, probes = [], tolerance }: CorpusPixels) {
  const hash: Hash = createHash('sha256');
  let [frame, worst] = [0, 0];
  return {
    add({ columns, samplesPerPixel, values }: FrameValues): void {
      hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      for (const [at, row, column, expected] of probes) {
        if (at !== frame) continue;
        const first = (row * columns + column) * samplesPerPixel;
        for (const [sample, value] of [expected].flat().entries()) {
          const difference = Math.abs(values[first + sample]! - value);
          worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
        }
      }
      frame += 1;
    },
    verdict(): string {
      if (hash.copy().digest('hex') === sha256) return 'exact';
      if (exact) return 'WRONG: other pixels';
      return worst <= (tolerance?.maxAbs ?? 0) ? 'within tolerance' : `WRONG: off by ${worst}`;
    },
  };
}

/** Counts outcomes by their first word and prints one line for each file. */
export function printTable(title: string, results: ReadonlyMap<string, string>, everyLine: boolean): string[] {
  const counts = new Map<string, number>();
  for (const result of results.values()) {
    const kind = result.replace(/:.*/, '');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const wrong = [...results].filter(([, result]) => result.startsWith('WRONG')).map(([path, it]) => `${path}: ${it}`);
  const lines = everyLine ? [...results].map(([path, result]) => `  ${result.padEnd(34)} ${path}`) : [];
  const summary = [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
  console.log([title, ...lines, `  ${results.size} files: ${summary}`, `  ${wrong.length} wrong`].join('\n'));
  return wrong;
}
