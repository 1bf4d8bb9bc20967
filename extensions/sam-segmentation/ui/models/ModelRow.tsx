import { useState } from 'react';
import type { AppError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import { Button } from '#ui';
import type { LibraryModel, ModelLibrary, TestState } from '../../library/modelLibrary.ts';
import { errorText, modelsText } from '../../modelsText.ts';
import styles from './Models.module.css';

interface ModelRowProps {
  readonly model: LibraryModel;
  readonly library: ModelLibrary;
  readonly inUse: boolean;
  readonly lesionOpen: boolean;
}

/** One model: what it is, whose licence, whether it works here, and what can be done with it. */
export function ModelRow({ model, library, inUse, lesionOpen }: ModelRowProps) {
  const { id, name, version, family, bytes, added, role, test } = model;
  const [licence, setLicence] = useState<Result<string> | 'loading' | undefined>(undefined);
  const [leaving, setLeaving] = useState(false);
  const showLicence = async (): Promise<void> => {
    if (licence !== undefined) return setLicence(undefined);
    setLicence('loading');
    setLicence(await library.licenceText(id));
  };
  return (
    <li className={styles.model} aria-label={name}>
      <div className={styles.head}>
        <strong className={styles.name}>{name}</strong>
        {inUse ? <span className={styles.mark}>{modelsText.inUse}</span> : null}
        {role === 'propagate' ? <span className={styles.mark}>{modelsText.propagates}</span> : null}
      </div>
      <p className={styles.quiet}>
        {modelsText.about(version, family, bytes)} ·{' '}
        {added === undefined ? modelsText.builtIn : modelsText.added(added.from, added.at)}
        <br />
        {model.source}
      </p>
      <Test test={test} />
      <div className={styles.choices}>
        {role === 'prompt' && !inUse ? (
          <Button unavailable={lesionOpen} onClick={() => library.choose(id)} aria-label={`${modelsText.use} ${name}`}>
            {modelsText.use}
          </Button>
        ) : null}
        <Button unavailable={test.kind === 'running'} onClick={() => void library.test(id)}>
          {test.kind === 'not-run' ? modelsText.test.run : modelsText.test.again}
        </Button>
        <Button aria-expanded={licence !== undefined} onClick={() => void showLicence()}>
          {modelsText.licence(model.licence)}
        </Button>
        {added === undefined || leaving ? null : (
          <Button kind="danger" icon="delete" unavailable={inUse && lesionOpen} onClick={() => setLeaving(true)}>
            {modelsText.remove}
          </Button>
        )}
      </div>
      {leaving ? (
        <fieldset className={styles.question} aria-label={modelsText.removeQuestion(name, bytes)}>
          <p>{modelsText.removeQuestion(name, bytes)}</p>
          <Button autoFocus onClick={() => setLeaving(false)}>
            {modelsText.keep}
          </Button>
          <Button kind="danger" onClick={() => void library.remove(id)}>
            {modelsText.remove}
          </Button>
        </fieldset>
      ) : null}
      {licence === undefined ? null : <Licence name={name} licence={licence} />}
    </li>
  );
}

function Test({ test }: { readonly test: TestState }) {
  const words = modelsText.test;
  if (test.kind === 'failed') return <Failure heading={words.failed} error={test.error} />;
  return (
    <p className={styles.quiet} role="status">
      {test.kind === 'passed'
        ? words.passed(test.words, test.at)
        : test.kind === 'running'
          ? words.running(test.doing)
          : words.notRun}
    </p>
  );
}

/** What failed, what can be done, and the detail for whoever looks after the installation. */
export function Failure({ heading, error }: { readonly heading?: string; readonly error: AppError }) {
  return (
    <div className={styles.failure} role="alert">
      {heading === undefined ? null : <p>{heading}</p>}
      <p>{errorText(error)}</p>
      {error.cause === undefined ? null : (
        <p className={styles.detail}>
          {modelsText.technical}: {error.cause}
        </p>
      )}
    </div>
  );
}

function Licence({ name, licence }: { readonly name: string; readonly licence: Result<string> | 'loading' }) {
  if (licence === 'loading') return <p role="status">{modelsText.loadingLicence}</p>;
  if (!licence.ok) return <Failure error={licence.error} />;
  return <LicenceText label={modelsText.licenceOf(name)} text={licence.value} />;
}

/** Text and nothing else, whatever it holds; scrolled by keyboard too. */
export const LicenceText = ({ label, text }: { readonly label: string; readonly text: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
  <section className={styles.licence} aria-label={label} tabIndex={0}>
    {text}
  </section>
);
