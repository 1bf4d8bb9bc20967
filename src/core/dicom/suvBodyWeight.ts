import { err, ok, type Result } from '../result.ts';
import { type DicomDataset, items, number, text, texts } from './dataset.ts';
import { decayTime, type InjectionTimes, injectionTimes, scanStart } from './petTimes.ts';
import { privateNumber } from './privateElement.ts';
import type { SuvRefusal } from './suvRefusal.ts';

const AT = {
  weight: '00101030',
  dose: '00181074',
  halfLife: '00181075',
  correctedImage: '00280051',
  radiopharmaceuticals: '00540016',
  decayCorrection: '00541102',
} as const;

/** Grams and pounds are caught only where they are absurd. */
const HEAVIEST_KG = 500;
/** Smaller ones are MBq in a field for Bq; the largest in use is some GBq. */
const DOSE_BQ = [1e5, 2e10] as const;

/**
 * What modality values in Bq/ml are multiplied by to be SUV by body weight: weight in g over the dose left at the time to which
 * they are decay-corrected (PS3.3 C.8.9.1, QIBA FDG-PET/CT profile appendix G). The residue in the syringe is not known to the file.
 * Refuses rather than guesses.
 * @param slices headers of all slices of a PET series
 */
export function suvFactorOfActivity(slices: readonly DicomDataset[]): Result<number, SuvRefusal> {
  const uncorrected = slices.find((slice) => !isCorrected(slice));
  if (uncorrected !== undefined) return err('corrections');
  const all = slices.map(administered);
  const refused = all.find((one) => !one.ok);
  if (refused?.ok === false) return refused;
  if (new Set(all.map((one) => JSON.stringify(one))).size > 1) return err('slices-differ');
  const [one] = all;
  if (one?.ok !== true) return err('injection');
  const { weight, dose, halfLife, correctedTo, injectedAt } = one.value;
  const grams = 1000 * weight;
  if (correctedTo === 'ADMIN') return ok(grams / dose);
  const start = scanStart(slices, halfLife);
  if (!start.ok) return start;
  const elapsed = decayTime(injectedAt, start.value, halfLife);
  return elapsed.ok ? ok(grams / (dose * 2 ** (-elapsed.value / halfLife))) : elapsed;
}

/** The standard's term for decay is DECY; QIBA's own text has DECAY. */
function isCorrected(slice: DicomDataset): boolean {
  const done = texts(slice, AT.correctedImage);
  return done.includes('ATTN') && (done.includes('DECY') || done.includes('DECAY'));
}

interface Administered {
  /** kg */
  readonly weight: number;
  /** Bq */
  readonly dose: number;
  /** Seconds. */
  readonly halfLife: number;
  readonly correctedTo: 'START' | 'ADMIN';
  readonly injectedAt: InjectionTimes;
}

function administered(slice: DicomDataset): Result<Administered, SuvRefusal> {
  const correctedTo = text(slice, AT.decayCorrection);
  if (correctedTo !== 'START' && correctedTo !== 'ADMIN') return err('decay-correction');
  const injections = items(slice, AT.radiopharmaceuticals);
  const [item] = injections;
  if (item === undefined) return err('injection');
  if (injections.length > 1) return err('several-injections');
  const weight = number(slice, AT.weight);
  if (weight === undefined || !(weight > 0) || weight > HEAVIEST_KG) return err('weight');
  const dose = number(item, AT.dose);
  if (dose === undefined || dose < DOSE_BQ[0] || dose > DOSE_BQ[1]) return err('dose');
  const halfLife = number(item, AT.halfLife);
  if (halfLife === undefined || !(halfLife > 0)) return err('half-life');
  return ok({ weight, dose, halfLife, correctedTo, injectedAt: injectionTimes(item, slice) });
}

/**
 * The same for Philips images in counts: the scanner's factor to SUV, or else its factor to Bq/ml and the rest as above.
 * Both apply to rescaled values.
 */
export function suvFactorOfCounts(slices: readonly DicomDataset[]): Result<number, SuvRefusal> {
  const toSuv = shared(slices, '00');
  if (!toSuv.ok || toSuv.value !== undefined) return toSuv.ok ? ok(toSuv.value!) : toSuv;
  const toActivity = shared(slices, '09');
  if (!toActivity.ok) return toActivity;
  if (toActivity.value === undefined) return err('philips-factor');
  const suv = suvFactorOfActivity(slices);
  return suv.ok ? ok(suv.value * toActivity.value) : suv;
}

/** A factor that all slices have; undefined where none has, and 0 counts as none. */
function shared(slices: readonly DicomDataset[], element: string): Result<number | undefined, SuvRefusal> {
  const found = new Set(
    slices.map((slice) => privateNumber(slice, '7053', 'Philips PET Private Group', element) || undefined),
  );
  const [value] = found;
  if (found.size > 1 || (value !== undefined && value < 0)) return err('slices-differ');
  return ok(value);
}
