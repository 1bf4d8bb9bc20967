import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { SUV_REFUSALS } from '#core/dicom/suvRefusal.ts';
import { valueScaleOf } from '#core/dicom/valueScale.ts';
import type { SegmentVoxels } from '#core/labelmap/labelmap.ts';
import { IconButton, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import styles from './Measures.module.css';
import type { ShapeMeasures } from './measureSegment.ts';
import { useIntensity } from './useIntensity.ts';

interface MeasuresProps {
  readonly voxels: SegmentVoxels;
  readonly shape: ShapeMeasures | undefined;
  readonly series: ImageSeries;
}

/** Volume, RECIST diameters and intensity of a segment. A number that the geometry does not allow is not given. */
export function Measures({ voxels, shape, series }: MeasuresProps) {
  const { viewer, calipers } = useApp();
  const calipersShown = useReadable(calipers.shown);
  const measured = useIntensity(voxels, series);
  const words = text.measure;
  if (shape === undefined) return <p className={styles.empty}>{text.segments.empty}</p>;
  const { volume, diameter, extent } = shape;
  const statistics = measured.kind === 'done' ? measured.statistics : undefined;
  const missing = measured.kind === 'computing' ? words.computing : words.none;
  const { units, noSuv } = valueScaleOf(series);
  return (
    <>
      <dl className={styles.measures}>
        <Measure name={words.volume} value={volume === undefined ? words.noVolume : words.ml(volume)} />
        <Measure
          name={words.diameter}
          value={
            diameter === undefined ? (
              words.none
            ) : (
              <>
                {words.mm(diameter.longMm)}{' '}
                <button type="button" className={styles.link} onClick={() => viewer.goToSlice(diameter.k)}>
                  {words.onSlice(diameter.k)}
                </button>
              </>
            )
          }
        />
        <Measure
          name={words.across}
          value={
            diameter === undefined ? (
              words.none
            ) : (
              <>
                {words.mm(diameter.shortMm)}
                <IconButton
                  icon="diameter"
                  className={styles.inline}
                  label={calipersShown ? words.hideCaliper : words.showCaliper}
                  pressed={calipersShown}
                  onClick={() => calipers.show(!calipersShown)}
                />
              </>
            )
          }
        />
        <Measure name={words.slices} value={words.sliceRange(extent.slices, extent.first, extent.last)} />
        <Measure
          name={words.mean(units)}
          value={statistics === undefined ? missing : words.meanSd(statistics.mean, statistics.standardDeviation)}
        />
        <Measure
          name={words.range}
          value={statistics === undefined ? missing : words.minMax(statistics.minimum, statistics.maximum)}
        />
      </dl>
      {noSuv === undefined ? null : <p className={styles.note}>{text.look.noSuv(SUV_REFUSALS[noSuv])}</p>}
    </>
  );
}

const Measure = ({ name, value }: { readonly name: string; readonly value: React.ReactNode }) => (
  <div className={styles.measure}>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);
