import { paintBowel } from './bowel.ts';
import { COLUMNS, PIXEL_MM, ROWS, SLICE_MM, SLICES, Tissue } from './grid.ts';
import { LESIONS, paintLesions } from './lesions.ts';
import { paintLungs } from './lungs.ts';
import { randomOf } from './noise.ts';
import { paintOrgans } from './organs.ts';
import { paintSkeleton } from './skeleton.ts';
import { emptyCanvas, paintTorso } from './torso.ts';
import { paintVessels } from './vessels.ts';

/** One slice: Hounsfield units hu[row * 512 + column], and the tissue of each pixel. */
export interface PhantomSlice {
  readonly hu: Int16Array;
  readonly tissue: Uint8Array;
}

/** Standard deviation of the image noise in soft tissue, HU. */
const NOISE_HU = 9;

/**
 * Slice k of a made-up abdomen in the portal-venous phase, k = 0 the lowest. No patient is behind it; the same on every machine.
 */
export function phantomSlice(k: number): PhantomSlice {
  const canvas = emptyCanvas(k * SLICE_MM);
  paintTorso(canvas);
  paintSkeleton(canvas);
  paintLungs(canvas);
  paintOrgans(canvas);
  paintBowel(canvas);
  paintVessels(canvas);
  paintLesions(canvas);
  return { hu: scanned(canvas.hu, k), tissue: canvas.tissue };
}

/** Adds correlated noise, as a soft-tissue reconstruction kernel leaves it, and clips to the scanner's range. */
function scanned(hu: Float32Array, k: number): Int16Array {
  const random = randomOf(7919 * (k + 1));
  const white = new Float32Array(hu.length);
  for (let at = 0; at < white.length; at += 1) white[at] = random() + random() + random() - 1.5;
  const noise = blurred(blurred(white, 1), COLUMNS);
  // Three uniforms have variance 1/4; the 1-2-1 kernel in two directions keeps 9/64 of it.
  const gain = NOISE_HU / (0.5 * 0.375);
  const out = new Int16Array(hu.length);
  for (let at = 0; at < out.length; at += 1) {
    const value = hu[at]!;
    const share = value < -900 ? 0.6 : 1;
    out[at] = Math.max(-1024, Math.min(3071, Math.round(value + gain * share * noise[at]!)));
  }
  return out;
}

/** 1-2-1 along rows (step 1) or columns (step 512). */
function blurred(from: Float32Array, step: number): Float32Array {
  const out = new Float32Array(from.length);
  for (let at = step; at < from.length - step; at += 1) {
    out[at] = (from[at - step]! + 2 * from[at]! + from[at + step]!) / 4;
  }
  return out;
}

/** Truth of lesion n on slice k: 1 where the lesion is. */
export const lesionMask = ({ tissue }: PhantomSlice, lesion: number): Uint8Array =>
  tissue.map((value) => (value === Tissue.firstLesion + lesion ? 1 : 0));

/** Where lesion n is: slice k of its centre, and its centre in pixels. */
export function lesionCentre(lesion: number): { readonly k: number; readonly column: number; readonly row: number } {
  const found = LESIONS[lesion];
  if (found === undefined) throw new Error(`the phantom has ${LESIONS.length} lesions`);
  const [x, y, z] = found.centre;
  const column = Math.round(x / PIXEL_MM + (COLUMNS - 1) / 2);
  const row = Math.round(y / PIXEL_MM + (ROWS - 1) / 2);
  return { k: Math.min(SLICES - 1, Math.round(z / SLICE_MM)), column, row };
}
