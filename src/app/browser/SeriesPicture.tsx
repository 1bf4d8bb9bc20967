import { useEffect, useRef, useState } from 'react';
import { Icon } from '#ui';
import type { Thumbnail } from '#viewer';
import { useApp } from '../AppContext.ts';
import type { SeriesName } from './createThumbnails.ts';
import styles from './SeriesPicture.module.css';

/** A small picture of a series, asked for when it comes into view and given up when it leaves. Told by the row's own words. */
export function SeriesPicture({ source, studyInstanceUID, seriesInstanceUID }: SeriesName) {
  const { thumbnails } = useApp();
  const frame = useRef<HTMLSpanElement>(null);
  const [picture, setPicture] = useState<Thumbnail | undefined>(() =>
    thumbnails.peek({ source, studyInstanceUID, seriesInstanceUID }),
  );
  useEffect(() => {
    const element = frame.current;
    if (element === null || picture !== undefined) return;
    let run: AbortController | undefined;
    const observer = new IntersectionObserver(([entry]) => {
      run?.abort();
      if (entry?.isIntersecting !== true) return;
      const mine = new AbortController();
      run = mine;
      thumbnails
        .get({ source, studyInstanceUID, seriesInstanceUID }, mine.signal)
        .then((made) => (made === undefined ? observer.disconnect() : setPicture(made)))
        // Scrolled away, or no picture to be had: the row says what the series is.
        .catch(() => undefined);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      run?.abort();
    };
  }, [thumbnails, source, studyInstanceUID, seriesInstanceUID, picture]);
  return (
    <span ref={frame} className={styles.frame} aria-hidden="true">
      {picture === undefined ? (
        <Icon name="stack" />
      ) : (
        <canvas
          ref={(canvas) =>
            canvas?.getContext('2d')?.putImageData(new ImageData(picture.rgba, picture.width, picture.height), 0, 0)
          }
          width={picture.width}
          height={picture.height}
        />
      )}
    </span>
  );
}
