import type { SegmentAlgorithm } from '#core/labelmap/segment.ts';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import type { ModelManifest } from '../inference/manifest.ts';
import type { VolumeManifest } from '../inference/volumeManifest.ts';
import { seenByBoth } from '../segmenter/boxedSlice.ts';
import { promptCount } from './lesionPrompts.ts';
import type { LesionSegmenter } from './segmenterPort.ts';
import type { Lesion } from './sessionState.ts';
import { lesionResults } from './shownMasks.ts';

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** How the lesion came to be, for the SEG: model, hash of its weights, and what was asked of it (PS3.3 C.8.20.4). */
export function algorithmOf(
  lesion: Lesion,
  { manifest, backend, helpedBy, alsoSeen }: Pick<LesionSegmenter, 'manifest' | 'backend' | 'helpedBy' | 'alsoSeen'>,
  window: IntensityWindow,
): SegmentAlgorithm {
  const asked =
    lesion.phase === 'prompting' || lesion.phase === 'reviewing' || lesion.phase === 'propagating'
      ? promptCount(lesion.prompts)
      : { boxes: 0, points: 0, painted: 0 };
  const models = [manifest, ...(helpedBy !== undefined && hasPart(helpedBy, manifest.id, lesion) ? [helpedBy] : [])];
  return {
    type: 'SEMIAUTOMATIC',
    name: models.map(({ name }) => name).join(' + '),
    version: models.map((each) => `${each.version} sha256:${weightsHash(each).slice(0, 16)}`).join(' + '),
    parameters: [
      plural(asked.boxes, 'box').replace('boxs', 'boxes'),
      ...(asked.points === 0 ? [] : [plural(asked.points, 'point')]),
      ...(asked.painted === 0 ? [] : [plural(asked.painted, 'painted slice')]),
      plural(lesionResults(lesion).size, 'slice'),
      backend,
      `window ${Number(window.lower.toFixed(3))}..${Number(window.upper.toFixed(3))} (${window.source})`,
      `region ${manifest.region.factor} x box`,
      `threshold ${manifest.prompt.maskThreshold}`,
      ...(models.length === 1 || alsoSeen.length === 0 ? [] : [`also seen in ${alsoSeen.join(' and ')}`]),
    ].join(', '),
    ...(manifest.source.upstream === undefined ? {} : { source: manifest.source.upstream }),
  };
}

/** A lesion that was not propagated has no neighbours: the volume model has a part in it only where it sees boxed slices too. */
const hasPart = (volume: VolumeManifest, promptable: string, lesion: Lesion): boolean =>
  lesion.phase !== 'prompting' ||
  [...lesion.prompts.slices.values()].some(
    (prompt) => prompt.painted === undefined && seenByBoth(promptable, volume, prompt) !== undefined,
  );

/** The encoder's weights say which network it was: its external weights where it has them, else the graph. */
function weightsHash({ files }: ModelManifest | VolumeManifest): string {
  const main = files.find(({ role }) => role === 'encoder' || role === 'volume');
  return main?.weights?.sha256 ?? main?.graph.sha256 ?? '';
}
