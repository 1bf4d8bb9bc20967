import type { LabelmapDelta } from './delta.ts';
import type { Journal } from './journal.ts';
import type { Labelmap, LabelmapSize, SliceMask } from './labelmap.ts';
import { decodeRuns, encodeRuns } from './runLengths.ts';
import type { Segment } from './segment.ts';
import type { WorkStep } from './workStep.ts';

/** Journals and steps as JSON values; masks are run lengths. Written and read by one version: see {@link WORK_FORMAT}. */
export interface JournalText {
  readonly size: LabelmapSize;
  readonly segments: readonly Segment[];
  readonly voxels: readonly (readonly [segment: number, slices: readonly (readonly [k: number, runs: number[]])[]])[];
  readonly past: readonly DeltaText[];
  readonly future: readonly DeltaText[];
}

interface DeltaText {
  readonly label: string;
  readonly segments?: LabelmapDelta['segments'];
  readonly slices: readonly (readonly [segment: number, k: number, before: number[], after: number[]])[];
}

export type StepText =
  | { readonly kind: 'commit'; readonly delta: DeltaText }
  | Exclude<WorkStep, { readonly kind: 'commit' }>;

/** Goes up whenever what is written changes: an older or newer one is refused, never misread. */
export const WORK_FORMAT = 1;

export const journalText = ({ labelmap, past, future }: Journal): JournalText => ({
  size: labelmap.size,
  segments: labelmap.segments,
  voxels: [...labelmap.voxels].map(
    ([segment, slices]) =>
      [segment, [...slices].map(([k, mask]) => [k, Array.from(encodeRuns(mask))] as const)] as const,
  ),
  past: past.map(deltaText),
  future: future.map(deltaText),
});

export const stepText = (step: WorkStep): StepText =>
  step.kind === 'commit' ? { kind: 'commit', delta: deltaText(step.delta) } : step;

export function journalOfText({ size, segments, voxels, past, future }: JournalText): Journal {
  const pixels = size.columns * size.rows;
  const read: Labelmap['voxels'] = new Map(
    voxels.map(([segment, slices]) => [
      segment,
      new Map(
        slices.flatMap(([k, runs]): (readonly [number, SliceMask])[] => {
          const mask = decodeRuns(Uint32Array.from(runs), pixels);
          return mask === undefined ? [] : [[k, mask]];
        }),
      ),
    ]),
  );
  return { labelmap: { size, segments, voxels: read }, past: past.map(deltaOfText), future: future.map(deltaOfText) };
}

export const stepOfText = (step: StepText): WorkStep =>
  step.kind === 'commit' ? { kind: 'commit', delta: deltaOfText(step.delta) } : step;

const deltaText = ({ label, segments, slices }: LabelmapDelta): DeltaText => ({
  label,
  ...(segments === undefined ? {} : { segments }),
  slices: slices.map(({ segment, k, before, after }) => [segment, k, Array.from(before), Array.from(after)] as const),
});

const deltaOfText = ({ label, segments, slices }: DeltaText): LabelmapDelta => ({
  label,
  ...(segments === undefined ? {} : { segments }),
  slices: slices.map(([segment, k, before, after]) => ({
    segment,
    k,
    before: Uint32Array.from(before),
    after: Uint32Array.from(after),
  })),
});
