import type { StudySource } from '#extension-api';
import { classNames, Icon, NoticeCard, Progress, Tooltip, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import { seriesDrag } from '../viewport/seriesDrag.ts';
import { SeriesPicture } from './SeriesPicture.tsx';
import styles from './SeriesRows.module.css';
import { seriesTree } from './seriesTree.ts';
import { hasImages, type SegmentationSummary, type SeriesSummary } from './summaries.ts';

interface SeriesRowsProps {
  readonly source: StudySource;
  readonly studyInstanceUID: string;
}

/** Series of the open study, each with the segmentations made on it. */
export function SeriesRows({ source, studyInstanceUID }: SeriesRowsProps) {
  const { browser } = useApp();
  const { progress, series, segmentations } = useReadable(browser.state).series;
  const study = { source, studyInstanceUID };
  if (progress.kind === 'loading') {
    return (
      <div className={styles.busy}>
        <Progress label={text.browser.loadingSeries} share={undefined} />
      </div>
    );
  }
  if (progress.kind === 'failed') {
    return (
      <NoticeCard
        kind="error"
        title={progress.error.message}
        detail={progress.error.remedy}
        dismissLabel={text.dismiss}
      />
    );
  }
  const tree = seriesTree(series, segmentations);
  const imagesInStudy = series.filter(hasImages).map(({ seriesInstanceUID }) => seriesInstanceUID);
  if (series.length === 0) return <p className={styles.none}>{text.browser.noSeries}</p>;
  return (
    <ul className={styles.list}>
      {tree.branches.map((branch) => (
        <li key={branch.series.seriesInstanceUID}>
          <ImageSeries study={study} series={branch.series} />
          {branch.segmentations.length === 0 ? null : (
            <ul>
              {branch.segmentations.map((entry) => (
                <li key={entry.sopInstanceUID}>
                  <Segmentation study={study} segmentation={entry} imagesInStudy={imagesInStudy} />
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
      {tree.loose.map((entry) => (
        <li key={'sopInstanceUID' in entry ? entry.sopInstanceUID : entry.seriesInstanceUID}>
          {'sopInstanceUID' in entry ? (
            <Segmentation study={study} segmentation={entry} imagesInStudy={imagesInStudy} />
          ) : (
            <ImageSeries study={study} series={entry} />
          )}
        </li>
      ))}
    </ul>
  );
}

interface ImageSeriesProps {
  readonly study: SeriesRowsProps;
  readonly series: SeriesSummary;
}

function ImageSeries({ study, series }: ImageSeriesProps) {
  const { session, viewer, pairing } = useApp();
  const open = useReadable(viewer.openSeries)?.series.seriesInstanceUID;
  const beside = useReadable(viewer.companion.openSeries)?.series.seriesInstanceUID;
  const opening = useReadable(session.opening);
  const { seriesInstanceUID, modality, description, images } = series;
  const isOpening = opening?.seriesInstanceUID === seriesInstanceUID;
  const usable = hasImages(series);
  const isBeside = beside === seriesInstanceUID;
  const { comparing, segmenting } = text.panes;
  // Two rows are marked while two series are on the screen: which is which has to be said.
  const part = isBeside ? comparing : beside !== undefined && open === seriesInstanceUID ? segmenting : undefined;
  const row = (
    <button
      type="button"
      className={styles.series}
      aria-current={open === seriesInstanceUID || isBeside ? 'true' : undefined}
      data-beside={isBeside || undefined}
      aria-disabled={!usable || undefined}
      {...(usable ? seriesDrag({ ...study, seriesInstanceUID }) : {})}
      onClick={() => (usable ? void pairing.open({ ...study, seriesInstanceUID }) : undefined)}
    >
      {usable ? <SeriesPicture {...study} seriesInstanceUID={seriesInstanceUID} /> : <span />}
      <span className={styles.words}>
        <span className={styles.description}>
          <span className={styles.modality}>{modality}</span> {description ?? text.browser.noDescription}
        </span>
        <span className={styles.count}>
          {images === undefined ? '' : text.browser.images(images)}
          {part === undefined ? null : ` · ${part}`}
        </span>
      </span>
      {isOpening ? (
        <span className={styles.opening}>
          <Progress
            label={text.series.opening}
            share={opening.total === undefined ? undefined : opening.done / opening.total}
          />
        </span>
      ) : null}
    </button>
  );
  return usable ? (
    row
  ) : (
    <Tooltip label={text.browser.cannotShow(modality)} side="right">
      {row}
    </Tooltip>
  );
}

interface SegmentationProps {
  readonly study: SeriesRowsProps;
  readonly segmentation: SegmentationSummary;
  readonly imagesInStudy: readonly string[];
}

function Segmentation({ study, segmentation, imagesInStudy }: SegmentationProps) {
  const { session } = useApp();
  const { label = text.browser.segmentation, segments, instanceNumber = 1, date } = segmentation;
  return (
    <button
      type="button"
      className={classNames(styles.series, styles.segmentation)}
      onClick={() => void session.openSegmentation(study, segmentation, imagesInStudy)}
    >
      <Icon name="segmentation" />
      <span className={styles.words}>
        <span className={styles.description} title={segments.join(', ')}>
          {instanceNumber > 1 ? text.browser.instance(label, instanceNumber) : label}
        </span>
        <span className={styles.count}>
          {text.browser.segments(segments.length)}
          {date === undefined ? null : (
            <>
              {' · '}
              <span className={styles.date}>{text.find.madeOn(date)}</span>
            </>
          )}
        </span>
      </span>
    </button>
  );
}
