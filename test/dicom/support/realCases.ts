import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import { maskSlices } from './nifti.ts';
import { sourcesIn } from './readPixels.ts';
import { readSeries } from './readSeries.ts';
import { labelmapOf, testSegment } from './segments.ts';

const data = fileURLToPath(new URL('../../../../shared/data/sts/', import.meta.url));
export const hasRealCases = existsSync(data);

export interface RealCase {
  readonly name: string;
  readonly series: ImageSeries;
  readonly labelmap: Labelmap;
  readonly sources: readonly string[];
}

/** An expert mask on its series: 'STS_001/CT'. */
export function realCase(name: string): RealCase {
  const folder = join(data, name, 'image');
  const series = readSeries(folder);
  const labelmap = labelmapOf(series, [[testSegment(1), maskSlices(join(data, name, 'mask.nii.gz'))]]);
  return { name, series, labelmap, sources: sourcesIn(folder) };
}
