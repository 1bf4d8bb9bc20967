import { IconButton, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { patientBanner } from '../series/patient.ts';
import { text } from '../text.ts';
import styles from './TopBar.module.css';

/** Whose images these are, and the doors to everything else. */
export function TopBar() {
  const { viewer, host, shell, commands } = useApp();
  const keysOf = (id: string): string | undefined => commands.find(id)?.shortcut;
  const open = useReadable(viewer.openSeries);
  const { browserOpen, sideOpen } = useReadable(shell.state);
  const header = open?.series.frames[0]?.dataset;
  return (
    <div className={styles.bar}>
      <IconButton
        icon="panel-left"
        label={browserOpen ? text.browser.hide : text.browser.show}
        shortcut={keysOf('app.toggleBrowser')}
        aria-expanded={browserOpen}
        onClick={() => shell.change({ browserOpen: !browserOpen })}
      />
      <h1 className={styles.product}>{text.product}</h1>
      {header === undefined ? <span className={styles.patient} /> : <Patient banner={patientBanner(header)} />}
      <span className={styles.archive}>{open?.source.label ?? host.config.archiveLabel}</span>
      <IconButton
        icon="command"
        label={text.command.palette}
        shortcut={keysOf('app.palette')}
        onClick={() => shell.change({ dialog: 'palette' })}
      />
      <IconButton
        icon="help"
        label={text.command.shortcuts}
        shortcut={keysOf('app.shortcuts')}
        onClick={() => shell.change({ dialog: 'shortcuts' })}
      />
      <IconButton
        icon="settings"
        label={text.command.settings}
        shortcut={keysOf('app.settings')}
        onClick={() => shell.change({ dialog: 'settings' })}
      />
      <IconButton
        icon="panel-right"
        label={text.command.toggleSide}
        shortcut={keysOf('app.toggleSide')}
        aria-expanded={sideOpen}
        onClick={() => shell.change({ sideOpen: !sideOpen })}
      />
    </div>
  );
}

function Patient({ banner }: { readonly banner: ReturnType<typeof patientBanner> }) {
  const fields = text.series.patientFields;
  const unknown = text.series.unknown;
  return (
    <section className={styles.patient} aria-label={text.region.patient}>
      <strong className={styles.name}>{banner.name ?? text.browser.noName}</strong>
      {banner.synthetic ? <span className={styles.badge}>{text.browser.synthetic}</span> : null}
      <dl className={styles.fields}>
        {(
          [
            [fields.id, banner.id ?? unknown],
            [fields.born, banner.birthDate ?? unknown],
            [fields.sex, banner.sex ?? unknown],
            [fields.study, [banner.studyDate, banner.studyDescription].filter(Boolean).join(' · ') || unknown],
          ] as const
        ).map(([name, value]) => (
          <div key={name} className={styles.field}>
            <dt>{name}</dt>
            <dd title={value}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
