import { text } from './dataset.ts';
import type { ImageSeries } from './imageSeries.ts';
import { suvFactorOfActivity, suvFactorOfCounts } from './suvBodyWeight.ts';
import type { SuvRefusal } from './suvRefusal.ts';

/** SUV Type (0054,1006) in the words of readers; absent, it is body weight (PS3.3 C.8.9.1). */
const SUV_UNITS: Readonly<Record<string, string>> = {
  BW: 'SUVbw',
  LBM: 'SUVlbm',
  LBMJAMES128: 'SUVlbm',
  LBMJANMA: 'SUVlbm',
  IBW: 'SUVibw',
  BSA: 'SUVbsa',
};

/** How values of a series are shown and reported. Models, windows and masks keep to modality values. */
export interface ValueScale {
  /** Shown value = factor × modality value. */
  readonly factor: number;
  /** 'HU', 'SUVbw', 'Bq/ml'; empty where the values have no unit. */
  readonly units: string;
  readonly isSuv: boolean;
  /** Why a PET is not shown in SUV. */
  readonly noSuv?: SuvRefusal;
}

/** One for each series: the slices of a long one are not read again for every move of the pointer. */
const known = new WeakMap<ImageSeries, ValueScale>();

/** HU, what the rescale type says, or SUV where the file has all that it takes; for PET without it, Bq/ml and the reason. */
export function valueScaleOf(series: ImageSeries): ValueScale {
  const scale = known.get(series) ?? (series.modality === 'PT' ? petScale(series) : plainScale(series));
  known.set(series, scale);
  return scale;
}

function plainScale({ modality, frames }: ImageSeries): ValueScale {
  const units = new Set(frames.map(({ lut }) => lut.units));
  const [only] = units;
  return { factor: 1, units: units.size > 1 ? '' : (only ?? (modality === 'CT' ? 'HU' : '')), isSuv: false };
}

const UNITS = '00541001';
const SUV_TYPE = '00541006';
/** Units (0054,1001) and, in the same words or others, Rescale Type. US: unspecified. */
const ALIASES: Readonly<Record<string, string>> = { SUV: 'GML', SUVBW: 'GML', 'G/ML': 'GML', 'BQ/ML': 'BQML' };
const SHOWN: Readonly<Record<string, string>> = { BQML: 'Bq/ml', CNTS: 'counts', GML: '', CM2ML: '' };

function petScale({ frames }: ImageSeries): ValueScale {
  const slices = frames.map(({ dataset }) => dataset);
  const named = new Set<string>();
  for (const { dataset, lut } of frames) {
    for (const unit of [text(dataset, UNITS), lut.units]) {
      const name = unit?.toUpperCase();
      if (name !== undefined && name !== 'US') named.add(ALIASES[name] ?? name);
    }
  }
  const [units] = named;
  const refuse = (noSuv: SuvRefusal, shown = ''): ValueScale => ({ factor: 1, units: shown, isSuv: false, noSuv });
  if (units === undefined) return refuse('units');
  if (named.size > 1) return refuse('units-conflict');
  const plain = SHOWN[units] ?? units;
  // A rescale that is not there leaves no unit in the look-up.
  if (frames.some(({ lut }) => lut.units === undefined)) return refuse('rescale', plain);
  if (units === 'GML' || units === 'CM2ML') {
    const types = new Set(slices.map((slice) => text(slice, SUV_TYPE) ?? (units === 'GML' ? 'BW' : 'BSA')));
    const [type = ''] = types;
    const suv = SUV_UNITS[type];
    return types.size > 1 || suv === undefined ? refuse('units') : { factor: 1, units: suv, isSuv: true };
  }
  if (units !== 'BQML' && units !== 'CNTS') return refuse('units', plain);
  const factor = units === 'BQML' ? suvFactorOfActivity(slices) : suvFactorOfCounts(slices);
  return factor.ok ? { factor: factor.value, units: 'SUVbw', isSuv: true } : refuse(factor.error, plain);
}
