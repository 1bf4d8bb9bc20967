import type { SegmentAlgorithm } from '#core/labelmap/segment.ts';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import type { ModelManifest } from '../inference/manifest.ts';
import { promptCount } from './lesionPrompts.ts';
import type { Lesion } from './sessionState.ts';
import { lesionResults } from './shownMasks.ts';

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** How the lesion came to be, for the SEG: model, hash of its weights, and what was asked of it (PS3.3 C.8.20.4). */
export function algorithmOf(
  lesion: Lesion,
  manifest: ModelManifest,
  backend: string,
  window: IntensityWindow,
): SegmentAlgorithm {
  const asked =
    lesion.phase === 'prompting' || lesion.phase === 'reviewing' || lesion.phase === 'propagating'
      ? promptCount(lesion.prompts)
      : { boxes: 0, points: 0, painted: 0 };
  return {
    type: 'SEMIAUTOMATIC',
    name: manifest.name,
    version: `${manifest.version} sha256:${weightsHash(manifest).slice(0, 16)}`,
    parameters: [
      plural(asked.boxes, 'box').replace('boxs', 'boxes'),
      ...(asked.points === 0 ? [] : [plural(asked.points, 'point')]),
      ...(asked.painted === 0 ? [] : [plural(asked.painted, 'painted slice')]),
      plural(lesionResults(lesion).size, 'slice'),
      backend,
      `window ${Number(window.lower.toFixed(3))}..${Number(window.upper.toFixed(3))} (${window.source})`,
      `region ${manifest.region.factor} x box`,
      `threshold ${manifest.prompt.maskThreshold}`,
    ].join(', '),
    ...(manifest.source.upstream === undefined ? {} : { source: manifest.source.upstream }),
  };
}

/** The encoder's weights say which network it was: its external weights where it has them, else the graph. */
function weightsHash(manifest: ModelManifest): string {
  const encoder = manifest.files.find(({ role }) => role === 'encoder');
  return encoder?.weights?.sha256 ?? encoder?.graph.sha256 ?? '';
}
