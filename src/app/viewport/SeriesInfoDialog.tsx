import { text as attribute, number } from '#core/dicom/dataset.ts';
import { SUV_REFUSALS } from '#core/dicom/suvRefusal.ts';
import { Tag } from '#core/dicom/tags.ts';
import { valueScaleOf } from '#core/dicom/valueScale.ts';
import type { OpenSeries } from '#extension-api';
import { Dialog, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { shownDate } from '../browser/summaries.ts';
import { text } from '../text.ts';
import styles from './SeriesInfoDialog.module.css';

/** How the open series was made: what a reader asks of it before measuring. */
export function SeriesInfoDialog({ onClose }: { readonly onClose: () => void }) {
  const open = useReadable(useApp().viewer.openSeries);
  if (open === undefined) return null;
  return (
    <Dialog open onClose={onClose} title={text.look.seriesInfo} closeLabel={text.close}>
      <dl className={styles.list}>
        {factsOf(open).map(([name, value]) => (
          <div key={name} className={styles.row}>
            <dt>{name}</dt>
            <dd>{value ?? text.look.info.unknown}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

/** Facts of the series, none of the patient: the banner has those. */
function factsOf({ series, source }: OpenSeries): readonly (readonly [string, string | undefined])[] {
  const words = text.look.info;
  const header = series.frames[0]?.dataset ?? {};
  const plane = series.stack.planes[0];
  const of = (tag: string): string | undefined => attribute(header, tag);
  const scanner = [of('00080070'), of('00081090')].filter(Boolean).join(' ');
  const { units, noSuv } = valueScaleOf(series);
  const thickness = number(header, '00180050');
  return [
    [words.description, of(Tag.SeriesDescription)],
    [words.modality, series.modality],
    [words.date, shownDate(of('00080022') ?? of(Tag.SeriesDate))],
    [words.bodyPart, of(Tag.BodyPartExamined)],
    [words.protocol, of('00181030')],
    [words.scanner, scanner === '' ? undefined : scanner],
    [words.kernel, of('00181210')],
    [words.contrast, of('00180010')],
    [words.slices, String(series.frames.length)],
    [words.matrix, plane && words.pixels(plane.columns, plane.rows)],
    [words.pixel, plane && words.millimetres(plane.columnSpacing, plane.rowSpacing)],
    [
      words.distance,
      series.stack.sliceSpacing === undefined ? undefined : words.millimetres(series.stack.sliceSpacing),
    ],
    [words.thickness, thickness === undefined ? undefined : words.millimetres(thickness)],
    [words.units, units === '' ? undefined : units],
    ...(noSuv === undefined ? [] : [[text.measure.noSuv, SUV_REFUSALS[noSuv]] as const]),
    [words.source, source.label],
  ];
}
