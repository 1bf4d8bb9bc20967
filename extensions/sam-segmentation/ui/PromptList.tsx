import type { Host } from '#extension-api';
import { Button, IconButton, useReadable } from '#ui';
import { boxExtent } from '../prompt/sliceBox.ts';
import { promptedSlices } from '../session/lesionPrompts.ts';
import type { SamSession } from '../session/session.ts';
import { text } from '../text.ts';
import styles from './SamPanel.module.css';

const words = text.prompts;
const STATUS = { working: words.working, ready: '', failed: words.failed } as const;

/** All that was drawn for this lesion; the points of the slice in view one by one. */
export function PromptList({ host, session }: { readonly host: Host; readonly session: SamSession }) {
  const { lesion } = useReadable(session.state);
  const current = useReadable(host.viewer.currentSlice);
  if (!('prompts' in lesion)) return null;
  return (
    <ul className={styles.prompts} aria-label={words.name}>
      {promptedSlices(lesion.prompts).map((k) => {
        const { box, points, painted } = lesion.prompts.slices.get(k)!;
        const { width, height } = boxExtent(box);
        const status = STATUS[lesion.keyframes.get(k)?.status ?? 'working'];
        return (
          <li key={k}>
            <div className={styles.row}>
              <Button
                kind="quiet"
                aria-current={k === current ? 'true' : undefined}
                onClick={() => host.viewer.goToSlice(k)}
              >
                {words.slice(k)}
              </Button>
              <span className={styles.value}>
                {painted === undefined ? words.box(Math.round(width), Math.round(height)) : words.painted}
                {status === '' ? '' : `, ${status}`}
              </span>
              <IconButton
                icon="delete"
                label={words.removeSlice(k)}
                side="left"
                onClick={() => session.send({ kind: 'remove-slice', k })}
              />
            </div>
            {k === current
              ? points.map(({ at, inside }, index) => (
                  <div className={styles.row} key={`${at[0]} ${at[1]} ${inside}`}>
                    <span className={styles.value}>{words.point(inside, Math.round(at[0]), Math.round(at[1]))}</span>
                    <IconButton
                      icon="delete"
                      label={words.removePoint}
                      side="left"
                      onClick={() => session.send({ kind: 'remove-point', k, index })}
                    />
                  </div>
                ))
              : null}
          </li>
        );
      })}
    </ul>
  );
}
