import { createHash } from 'node:crypto';
import { z } from 'zod';

const finite = z.number();
const uid = z.string().regex(/^(?=.{1,64}$)\d+(\.\d+)*$/, 'must be a UID');
const box = z
  .tuple([finite, finite, finite, finite])
  .refine(([x0, y0, x1, y1]) => x0 <= x1 && y0 <= y1, 'must be [x0, y0, x1, y1] with x0 <= x1 and y0 <= y1');

/** One line of prompts.jsonl: what `voxprompt segment` takes, without where to write. */
const promptLine = z.strictObject({
  /** Folder of DICOM images, relative to the file of prompts. */
  dicom: z.string().min(1),
  series: uid.optional(),
  /** Slices by index from 0 at the lowest position along the normal, or by SOP Instance UID; pixel indices, inclusive. */
  boxes: z.array(z.strictObject({ slice: z.union([z.int().min(0), uid]), box })).min(1),
  /** Other series that have a say: folders relative to the file of prompts, or UIDs of series in the folder of `dicom`. */
  also: z.array(z.string().min(1)).min(1).optional(),
  /** First and last slice with lesion, where they are known. */
  range: z
    .tuple([z.int().min(0), z.int().min(0)])
    .refine(([first, last]) => first <= last, 'must be [first, last] with first <= last')
    .optional(),
  label: z
    .string()
    .max(64)
    .refine((text) => text.trim() !== '', 'must not be blank')
    .default('Lesion'),
});

export type BatchPrompt = Readonly<z.infer<typeof promptLine>>;

/** A line of the file, counted from 1; blank lines are no lines. */
export type PromptLine =
  | { readonly kind: 'prompt'; readonly line: number; readonly key: string; readonly prompt: BatchPrompt }
  /** Asks for the same as an earlier line: one output serves both. */
  | { readonly kind: 'duplicate'; readonly line: number; readonly key: string; readonly of: number }
  | { readonly kind: 'bad'; readonly line: number; readonly message: string };

/**
 * Reads a file of prompts. Each bad line is told for itself; the others stay good.
 * @param model everything of the model that changes a result
 */
export function promptLines(text: string, model: string): readonly PromptLine[] {
  const first = new Map<string, number>();
  return text.split('\n').flatMap((content, index): readonly PromptLine[] => {
    if (content.trim() === '') return [];
    const line = index + 1;
    const read = readLine(content);
    if (typeof read === 'string') return [{ kind: 'bad', line, message: read }];
    const key = outputKey(read, model);
    const earlier = first.get(key);
    if (earlier !== undefined) return [{ kind: 'duplicate', line, key, of: earlier }];
    first.set(key, line);
    return [{ kind: 'prompt', line, key, prompt: read }];
  });
}

/** Every shard sees all lines and takes its own: no shard needs to know of another. @param index from 0 */
export const linesOfShard = (lines: readonly PromptLine[], index: number, count: number): readonly PromptLine[] =>
  lines.filter((_, at) => at % count === index);

/** What the line says, or a sentence on what is wrong; never what it holds, which may name a patient. */
function readLine(content: string): BatchPrompt | string {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return 'it is not JSON';
  }
  const parsed = promptLine.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.map(String).join('.') ?? '';
  const what = issue?.code === 'unrecognized_keys' ? `unknown field ${issue.keys.join(', ')}` : issue?.message;
  return [where, what].filter((part) => part !== '').join(': ');
}

/**
 * The name of an output: the same prompt and model have the same one on every machine and in every order of fields. A hash, so
 * that no name of a patient or folder can be read from it.
 */
function outputKey({ dicom, series, boxes, also, range, label }: BatchPrompt, model: string): string {
  const content = [
    model,
    dicom,
    series ?? null,
    boxes.map((one) => [String(one.slice), ...one.box]),
    range ?? null,
    label,
    ...(also === undefined ? [] : [also]),
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 40);
}
