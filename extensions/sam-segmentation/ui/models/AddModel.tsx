import { type ReactNode, useEffect, useRef } from 'react';
import { Button, Progress, useReadable } from '#ui';
import type { Adding, ModelLibrary } from '../../library/modelLibrary.ts';
import { modelsText } from '../../modelsText.ts';
import { AddForms } from './AddForms.tsx';
import { AnswerForm } from './AnswerForm.tsx';
import { Failure, LicenceText } from './ModelRow.tsx';
import styles from './Models.module.css';

interface AddModelProps {
  readonly library: ModelLibrary;
  readonly lesionOpen: boolean;
}

/** The way of a model into this browser, one step at a time in one place. */
export function AddModel({ library, lesionOpen }: AddModelProps) {
  const adding = useReadable(library.adding);
  if (library.closed !== undefined) {
    return (
      <Step kind="closed" heading={modelsText.add.heading}>
        <Failure error={library.closed} />
      </Step>
    );
  }
  return (
    <Step kind={adding.kind} heading={headingOf(adding)}>
      <StepBody library={library} adding={adding} lesionOpen={lesionOpen} />
    </Step>
  );
}

function headingOf(adding: Adding): string {
  switch (adding.kind) {
    case 'asking':
      return modelsText.asking.heading;
    case 'offered':
      return modelsText.offer.heading(adding.offer.name);
    case 'refused':
      return modelsText.refused.heading;
    case 'added':
      return modelsText.done.heading(adding.name);
    default:
      return modelsText.add.heading;
  }
}

/** A step replaces the one before it: the focus goes with it, or it would be lost with the button that was pressed. */
function Step({
  kind,
  heading,
  children,
}: {
  readonly kind: string;
  readonly heading: string;
  readonly children: ReactNode;
}) {
  const title = useRef<HTMLHeadingElement>(null);
  const step = useRef<HTMLElement>(null);
  const before = useRef(kind);
  useEffect(() => {
    if (before.current === kind) return;
    before.current = kind;
    title.current?.focus({ preventScroll: true });
    step.current?.scrollIntoView({ block: 'start' });
  }, [kind]);
  return (
    <section ref={step} className={styles.step} aria-label={modelsText.add.heading}>
      <h3 ref={title} className={styles.heading} tabIndex={-1}>
        {heading}
      </h3>
      {children}
    </section>
  );
}

interface StepProps extends AddModelProps {
  readonly adding: Adding;
}

function StepBody({ library, adding, lesionOpen }: StepProps) {
  switch (adding.kind) {
    case 'nothing':
      return <AddForms library={library} />;
    case 'looking':
      return (
        <Waiting
          words={modelsText.looking(adding.at)}
          share={adding.total === undefined ? undefined : (adding.loaded ?? 0) / adding.total}
          library={library}
        />
      );
    case 'asking':
      return <AnswerForm library={library} {...adding} />;
    case 'offered':
      return <Offered library={library} adding={adding} />;
    case 'installing': {
      const { name, doing, detail, loaded, total } = adding;
      const words =
        doing === 'files' ? modelsText.installing.files(name, loaded, total) : modelsText.installing.test(name, detail);
      return <Waiting words={words} share={doing === 'files' ? loaded / total : undefined} library={library} />;
    }
    case 'refused':
      return (
        <>
          <Failure error={adding.error} />
          <div className={styles.choices}>
            <Button onClick={() => library.cancel()}>{modelsText.refused.back}</Button>
          </div>
        </>
      );
    case 'added':
      return (
        <>
          <p role="status">
            {modelsText.done.words(adding.words)} {modelsText.done.stays}
          </p>
          <div className={styles.choices}>
            <Button onClick={() => library.cancel()}>{modelsText.done.back}</Button>
            <Button
              kind="primary"
              unavailable={lesionOpen}
              onClick={() => {
                library.choose(adding.id);
                library.cancel();
              }}
            >
              {modelsText.done.use}
            </Button>
          </div>
        </>
      );
  }
}

interface WaitingProps {
  readonly words: string;
  readonly share: number | undefined;
  readonly library: ModelLibrary;
}

const Waiting = ({ words, share, library }: WaitingProps) => (
  <>
    <p role="status">{words}</p>
    <Progress label={words} share={share} />
    <div className={styles.choices}>
      <Button onClick={() => library.cancel()}>{modelsText.cancel}</Button>
    </div>
  </>
);

interface OfferedProps {
  readonly library: ModelLibrary;
  readonly adding: Extract<Adding, { kind: 'offered' }>;
}

function Offered({ library, adding: { offer } }: OfferedProps) {
  const words = modelsText.offer;
  return (
    <>
      <p className={styles.about}>
        {words.what(offer.version, offer.family)} {words.fetches(offer.files, offer.bytes, offer.from)}
        <br />
        {words.source(offer.source)}
        {offer.upstream === undefined ? null : (
          <>
            <br />
            {words.upstream(offer.upstream)}
          </>
        )}
        <br />
        {offer.drafted ? words.drafted : words.hashes}
      </p>
      <p>{words.licence(offer.licence.spdx)}</p>
      <LicenceText label={modelsText.licenceOf(offer.name)} text={offer.licence.text} />
      <div className={styles.choices}>
        <Button onClick={() => library.cancel()}>{words.decline}</Button>
        <Button kind="primary" onClick={() => void library.accept()}>
          {words.accept}
        </Button>
      </div>
    </>
  );
}
