import { type ReactNode, useState } from 'react';
import type { AppError } from '#core/errors.ts';
import { Button, Select, TextField } from '#ui';
import type { DraftAnswers } from '../../library/draftManifest.ts';
import type { ModelLibrary } from '../../library/modelLibrary.ts';
import { CT_WINDOWS, type CtWindow, PIXEL_RECIPES, type PixelRecipe } from '../../library/pixelRecipes.ts';
import type { Recognised } from '../../library/recognise.ts';
import { modelsText } from '../../modelsText.ts';
import { Failure } from './ModelRow.tsx';
import styles from './Models.module.css';

interface AnswerFormProps {
  readonly library: ModelLibrary;
  readonly recognised: Recognised;
  readonly proposed: DraftAnswers;
  readonly problem?: AppError;
}

const words = modelsText.asking;
const keysOf = <T extends object>(of: T) => Object.keys(of) as (keyof T)[];

/** What graphs without a manifest do not say: asked, never guessed in silence. */
export function AnswerForm({ library, recognised, proposed, problem }: AnswerFormProps) {
  const [answers, setAnswers] = useState(proposed);
  const change = (part: Partial<DraftAnswers>): void => setAnswers({ ...answers, ...part });
  return (
    <form
      className={styles.answers}
      onSubmit={(event) => {
        event.preventDefault();
        library.answer(answers);
      }}
    >
      <p className={styles.whole}>{words.found(recognised.family)}</p>
      {problem === undefined ? null : (
        <div className={styles.whole}>
          <Failure error={problem} />
        </div>
      )}
      <Asked words={words.name}>
        <TextField label={words.name} value={answers.name} maxLength={64} onChange={(name) => change({ name })} />
      </Asked>
      <Asked words={words.pixels}>
        <Select<PixelRecipe | ''>
          label={words.pixels}
          value={answers.pixels ?? ''}
          options={[
            ...(answers.pixels === undefined ? [{ value: '' as const, label: words.choosePixels }] : []),
            ...keysOf(PIXEL_RECIPES).map((value) => ({ value, label: words.recipes[value] })),
          ]}
          onChange={(pixels) => change({ pixels: pixels === '' ? undefined : pixels })}
        />
      </Asked>
      <Asked words={words.window}>
        <Select<CtWindow>
          label={words.window}
          value={answers.ctWindow}
          options={keysOf(CT_WINDOWS).map((value) => ({ value, label: words.windows[value] }))}
          onChange={(ctWindow) => change({ ctWindow })}
        />
      </Asked>
      <p className={styles.under}>{words.others}</p>
      {recognised.inputSize === undefined ? (
        <Size label={words.inputSize} value={answers.inputSize} onChange={(inputSize) => change({ inputSize })} />
      ) : null}
      {recognised.outputSize === undefined ? (
        <Size label={words.outputSize} value={answers.outputSize} onChange={(outputSize) => change({ outputSize })} />
      ) : null}
      <Asked words={words.licence}>
        <TextField
          label={words.licence}
          value={answers.licence}
          maxLength={64}
          onChange={(licence) => change({ licence })}
        />
      </Asked>
      <Asked words={words.licenceText}>
        <textarea
          className={styles.text}
          aria-label={words.licenceText}
          rows={4}
          value={answers.licenceText}
          onChange={(event) => change({ licenceText: event.target.value })}
        />
      </Asked>
      <div className={styles.choices}>
        <Button onClick={() => library.cancel()}>{modelsText.cancel}</Button>
        <Button kind="primary" type="submit">
          {words.next}
        </Button>
      </div>
    </form>
  );
}

const Asked = ({ words, children }: { readonly words: string; readonly children: ReactNode }) => (
  <>
    <span className={styles.label}>{words}</span>
    {children}
  </>
);

interface SizeProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

const Size = ({ label, value, onChange }: SizeProps) => (
  <Asked words={label}>
    <TextField
      label={label}
      inputMode="numeric"
      value={Number.isNaN(value) ? '' : String(value)}
      onChange={(text) => onChange(text === '' ? Number.NaN : Number(text.replace(/\D/g, '')))}
    />
  </Asked>
);
