import { useState } from 'react';
import { Button, Dialog, Slider, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import type { Question, ShareQuestion } from './createShell.ts';
import styles from './Dialogs.module.css';

/** What must be answered before the app goes on. */
export function Questions() {
  const { question, shareQuestion } = useReadable(useApp().shell.state);
  return (
    <>
      {question === undefined ? null : <YesOrNo question={question} />}
      {shareQuestion === undefined ? null : <Share question={shareQuestion} />}
    </>
  );
}

function YesOrNo({ question: { title, detail, stay, go, loses, answer } }: { readonly question: Question }) {
  return (
    <Dialog
      open
      onClose={() => answer(false)}
      title={title}
      description={detail}
      closeLabel={text.close}
      actions={
        <>
          <Button kind={loses === true ? 'danger' : 'plain'} onClick={() => answer(true)}>
            {go}
          </Button>
          <Button kind="primary" onClick={() => answer(false)}>
            {stay}
          </Button>
        </>
      }
    >
      {null}
    </Dialog>
  );
}

function Share({
  question: { title, detail, label, stay, go, initial, answer },
}: {
  readonly question: ShareQuestion;
}) {
  const [share, setShare] = useState(initial);
  return (
    <Dialog
      open
      onClose={() => answer(undefined)}
      title={title}
      description={detail}
      closeLabel={text.close}
      actions={
        <>
          <Button onClick={() => answer(undefined)}>{stay}</Button>
          <Button kind="primary" onClick={() => answer(share)}>
            {go}
          </Button>
        </>
      }
    >
      <div className={styles.setting}>
        <span>{label}</span>
        <span className={styles.slider}>
          <Slider
            label={label}
            value={share}
            min={0.05}
            max={1}
            step={0.05}
            valueText={text.settings.percent(share)}
            onChange={setShare}
          />
          <span>{text.settings.percent(share)}</span>
        </span>
      </div>
    </Dialog>
  );
}
