import { err, ok, type Result } from '#core/result.ts';
import { address, parsed, positive, usageError } from '../usage.ts';

export interface AccuracyOptions {
  /** Where the results come from: a bench to run, or a report of one that was. */
  readonly from: { readonly cases: string } | { readonly report: string };
  readonly json: string | undefined;
  readonly against: string | undefined;
  readonly modalities: readonly string[] | undefined;
  readonly ids: readonly string[] | undefined;
  readonly patients: readonly string[] | undefined;
  /** Patients that the model was trained on. */
  readonly trained: readonly string[];
  readonly more: boolean;
  /** Only the series that is segmented is looked at. */
  readonly alone: boolean;
  readonly prompts: number;
  readonly model: string | undefined;
  readonly propagation: string | undefined;
  readonly threads: number | undefined;
  /** As in `segment`. */
  readonly inference: string | undefined;
}

/** Reads the arguments after `bench accuracy`; error `usage`. */
export function accuracyOptions(args: readonly string[]): Result<AccuracyOptions> {
  const values = parsed(args, {
    cases: { type: 'string' },
    read: { type: 'string' },
    json: { type: 'string' },
    against: { type: 'string' },
    modality: { type: 'string' },
    case: { type: 'string' },
    patients: { type: 'string' },
    train: { type: 'string' },
    only: { type: 'string' },
    alone: { type: 'boolean' },
    prompts: { type: 'string' },
    model: { type: 'string' },
    propagation: { type: 'string' },
    threads: { type: 'string' },
    inference: { type: 'string' },
  });
  if (!values.ok) return values;
  const { cases, read, json, against, modality, case: ids, patients, train, only, model, propagation } = values.value;
  if ((cases === undefined) === (read === undefined)) return err(usageError('Give --cases, or --read, not both.'));
  if (only !== undefined && only !== 'one-box') return err(usageError('--only knows one-box.'));
  const threads = positive(values.value.threads, '--threads');
  if (!threads.ok) return threads;
  const prompts = positive(values.value.prompts, '--prompts');
  if (!prompts.ok) return prompts;
  const inference = address(values.value.inference, '--inference');
  if (!inference.ok) return inference;
  return ok({
    from: cases === undefined ? { report: read ?? '' } : { cases },
    json,
    against,
    modalities: modality?.split(','),
    ids: ids?.split(','),
    patients: patients?.split(','),
    trained: train?.split(',') ?? [],
    more: only === undefined,
    alone: values.value.alone ?? false,
    prompts: prompts.value ?? 1,
    model,
    propagation,
    threads: threads.value,
    inference: inference.value,
  });
}
