import { Button, classNames, IconButton, Menu, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import styles from './PaneBar.module.css';

export type PairSlot = 'acquisition' | 'companion';

/** Over each pane of a pair: which series it shows, what it is there for, and what can be done with it. */
export function PaneBar({ slot }: { readonly slot: PairSlot }) {
  const { viewer, commands, pairing } = useApp();
  const words = text.panes;
  const pane = slot === 'acquisition' ? viewer : viewer.companion;
  const shown = useReadable(pane.openSeries)?.series.seriesInstanceUID;
  const choices = useReadable(pairing.choices);
  const active = useReadable(viewer.activeSlot) === slot;
  const current = choices.find(({ seriesInstanceUID }) => seriesInstanceUID === shown);
  const name = current === undefined ? words.choose(slot) : words.series(current.modality, current.description);
  const keysOf = (id: string): string | undefined => commands.find(id)?.shortcut;
  return (
    <div className={classNames(styles.bar, active && styles.active)}>
      <Menu
        label={words.choose(slot)}
        items={choices.map(({ seriesInstanceUID, modality, description }) => ({
          id: seriesInstanceUID,
          label: words.series(modality, description ?? text.browser.noDescription),
          checked: seriesInstanceUID === shown,
          onSelect: () => void pairing.show(slot, seriesInstanceUID),
        }))}
      >
        <Button kind="quiet" className={styles.series} aria-label={`${words.choose(slot)}: ${name}`} title={name}>
          <span className={styles.name}>{name}</span>
          <span aria-hidden="true">▾</span>
        </Button>
      </Menu>
      <span className={slot === 'acquisition' ? styles.segmenting : styles.comparing}>
        {slot === 'acquisition' ? words.segmenting : words.comparing}
      </span>
      {slot === 'companion' ? <LinkButton /> : null}
      <IconButton
        icon="swap"
        label={words.commands.swap}
        shortcut={keysOf('view.swapPanes')}
        onClick={() => viewer.swapPanes()}
      />
      <IconButton
        icon="close"
        label={words.closeThis}
        onClick={() => (slot === 'companion' ? viewer.setLayout('stack') : void pairing.keepSecond())}
      />
    </div>
  );
}

function LinkButton() {
  const { viewer, commands } = useApp();
  const link = useReadable(viewer.link);
  if (link === undefined) return null;
  const words = text.panes;
  return (
    <IconButton
      icon={link.kind === 'linked' ? 'link' : 'unlink'}
      label={words.commands.link}
      shortcut={commands.find('view.linkPanes')?.shortcut}
      detail={link.kind === 'apart' ? words.apart[link.reason] : words[link.kind]}
      pressed={link.kind === 'linked'}
      unavailable={link.kind === 'apart'}
      onClick={() => viewer.setLinked(link.kind !== 'linked')}
    />
  );
}
