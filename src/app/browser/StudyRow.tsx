import { useEffect, useRef } from 'react';
import type { StudySource } from '#extension-api';
import { classNames, Icon, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import { SeriesRows } from './SeriesRows.tsx';
import styles from './StudyRow.module.css';
import { isSynthetic, type StudySummary } from './summaries.ts';

/** One study; open, it shows its series. */
export function StudyRow({ source, study }: { readonly source: StudySource; readonly study: StudySummary }) {
  const { browser } = useApp();
  const { open } = useReadable(browser.state);
  const isOpen = open?.source === source && open.studyInstanceUID === study.studyInstanceUID;
  const { studyInstanceUID } = study;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isOpen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  return (
    <li ref={row} className={classNames(styles.row, isOpen && styles.open)}>
      <button
        type="button"
        className={styles.button}
        aria-expanded={isOpen}
        onClick={() => void browser.openStudy(isOpen ? undefined : { source, studyInstanceUID })}
      >
        <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
        <span className={styles.text}>
          <span className={styles.line}>
            <span className={styles.name}>{study.patientName ?? study.patientId ?? text.browser.noName}</span>
            {isSynthetic(study.description) ? <span className={styles.badge}>{text.browser.synthetic}</span> : null}
            <span className={styles.modalities}>
              {study.modalities.filter((modality) => modality !== 'SEG').join(' ')}
            </span>
          </span>
          <span className={styles.detail}>
            {[study.date, study.description ?? text.browser.noDescription].filter(Boolean).join(' · ')}
          </span>
          {study.patientName !== undefined && study.patientId !== undefined ? (
            <span className={styles.detail}>
              {text.series.patientFields.id} {study.patientId}
            </span>
          ) : null}
        </span>
      </button>
      {isOpen ? <SeriesRows source={source} studyInstanceUID={studyInstanceUID} /> : null}
    </li>
  );
}
