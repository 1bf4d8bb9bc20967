import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { InputTensor } from '../backends/backend.ts';
import type { DecoderPrompt } from '../model.ts';
import type { SamSignature } from './samSignature.ts';

export interface FrameSizes {
  /** Width and height of the encoder input, px. */
  readonly input: number;
  /** Width and height of the low-res mask, px. */
  readonly output: number;
}

interface LabelledPoint {
  readonly x: number;
  readonly y: number;
  readonly label: -1 | 0 | 1 | 2 | 3;
}

/**
 * Encodes a prompt as the model's decoder wants it, with every input but the embeddings.
 *
 * @returns `bad-model-input` for an empty prompt, half a box, a coordinate that is no number, a mask of another size, or a
 *   mask for a model that takes none together with nothing else
 */
export function promptTensors(
  prompt: DecoderPrompt,
  signature: SamSignature,
  sizes: FrameSizes,
): Result<Readonly<Record<string, InputTensor>>> {
  const problem = problemOf(prompt, signature, sizes.output);
  if (problem !== undefined) return err(badPrompt(problem));
  const points = spelled(prompt, signature).map((point) => inFrame(point, signature, sizes));
  const count = points.length;
  const leading = signature.promptAxes === 4 ? [1, 1] : [1];
  const labels = points.map(({ label }) => label);
  return ok({
    [signature.coords]: { data: Float32Array.from(points.flatMap(({ x, y }) => [x, y])), dims: [...leading, count, 2] },
    [signature.labels]: numbers(labels, signature.labelType, [...leading, count]),
    ...boxInput(prompt, signature),
    ...maskInputs(prompt, signature, sizes.output),
    ...sizeInput(signature, sizes.output),
  });
}

function problemOf({ points, maskInput }: DecoderPrompt, signature: SamSignature, size: number): string | undefined {
  const firstCorners = points.filter(({ label }) => label === 2).length;
  const secondCorners = points.filter(({ label }) => label === 3).length;
  if (points.length === 0 && maskInput === undefined) return 'it has neither points nor a mask';
  if (points.length === 0 && signature.mask === undefined) return 'this model takes no mask as a prompt';
  if (firstCorners !== secondCorners || firstCorners > 1) return 'a box needs exactly two corners';
  if (points.some(({ x, y }) => !Number.isFinite(x) || !Number.isFinite(y))) return 'a coordinate is not a number';
  if (maskInput !== undefined && signature.mask !== undefined && maskInput.length !== size * size) {
    return `its mask has ${maskInput.length} values instead of ${size * size}`;
  }
  return undefined;
}

/** The points as this model understands them. */
function spelled({ points }: DecoderPrompt, { box, padding }: SamSignature): readonly LabelledPoint[] {
  const corners = cornersOf(points);
  const others = points.filter(({ label }) => label < 2);
  const padded = padding && corners === undefined ? [{ x: 0, y: 0, label: -1 } as const] : [];
  if (corners === undefined || box === 'corners') return [...points, ...padded];
  return box === 'points' ? [...others, ...boxAsPoints(corners)] : others;
}

function cornersOf(points: DecoderPrompt['points']) {
  const first = points.find(({ label }) => label === 2);
  const second = points.find(({ label }) => label === 3);
  return first === undefined || second === undefined ? undefined : { first, second };
}

/**
 * For a decoder that knows no box: five points on the ellipse's inner half are on the object, the four corners are not. A
 * lesion fills about the ellipse of its box, so both hold for all but the most irregular.
 */
function boxAsPoints({ first, second }: NonNullable<ReturnType<typeof cornersOf>>): readonly LabelledPoint[] {
  const [x, y] = [(first.x + second.x) / 2, (first.y + second.y) / 2];
  const [dx, dy] = [(second.x - first.x) / 4, (second.y - first.y) / 4];
  const inside = [
    [0, 0],
    [dx, 0],
    [-dx, 0],
    [0, dy],
    [0, -dy],
  ] as const;
  const outside = [
    [first.x, first.y],
    [second.x, first.y],
    [first.x, second.y],
    [second.x, second.y],
  ] as const;
  return [
    ...inside.map(([ox, oy]) => ({ x: x + ox, y: y + oy, label: 1 as const })),
    ...outside.map(([ox, oy]) => ({ x: ox, y: oy, label: 0 as const })),
  ];
}

/** By the pixel-centre rule: the outer edges of both frames coincide. */
function inFrame(point: LabelledPoint, { pointsIn }: SamSignature, { input, output }: FrameSizes): LabelledPoint {
  if (pointsIn === 'input') return point;
  const scale = output / input;
  return { ...point, x: (point.x + 0.5) * scale - 0.5, y: (point.y + 0.5) * scale - 0.5 };
}

function boxInput({ points }: DecoderPrompt, { box }: SamSignature): Record<string, InputTensor> {
  const corners = cornersOf(points);
  if (typeof box === 'string') return {};
  if (corners === undefined) return { [box.input]: { data: new Float32Array(0), dims: [1, 0, 4] } };
  const { first, second } = corners;
  return { [box.input]: { data: Float32Array.of(first.x, first.y, second.x, second.y), dims: [1, 1, 4] } };
}

function maskInputs({ maskInput }: DecoderPrompt, { mask }: SamSignature, size: number): Record<string, InputTensor> {
  if (mask === undefined) return {};
  return {
    [mask.input]: { data: maskInput ?? new Float32Array(size * size), dims: [1, 1, size, size] },
    [mask.given]: { data: Float32Array.of(maskInput === undefined ? 0 : 1), dims: [1] },
  };
}

function sizeInput({ originalSize }: SamSignature, size: number): Record<string, InputTensor> {
  return originalSize === undefined ? {} : { [originalSize.input]: numbers([size, size], originalSize.type, [2]) };
}

const numbers = (values: readonly number[], type: 'float32' | 'int64', dims: readonly number[]): InputTensor =>
  type === 'int64'
    ? { data: BigInt64Array.from(values, (value) => BigInt(value)), dims }
    : { data: Float32Array.from(values), dims };

const badPrompt = (what: string): AppError => appError('bad-model-input', `The prompt cannot be used: ${what}.`);
