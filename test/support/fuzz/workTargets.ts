import { journalOf, redo, undo } from '#core/labelmap/journal.ts';
import { composeSlice } from '#core/labelmap/labelmap.ts';
import { type JournalText, journalOfText, journalText } from '#core/labelmap/workText.ts';
import { changePiece, snapshotPiece, type WorkChange, workOf } from '../../../src/app/autosave/workPiece.ts';
import { promptLines } from '../../../src/cli/batch/prompts.ts';
import { below, mutatedBytes, mutatedJson, oneOf, type Random } from './mutate.ts';
import { headers, labelmap } from './samples.ts';

const utf8 = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value) ?? 'null');
const decoded = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));
const mutated = (random: Random, piece: Uint8Array): Uint8Array =>
  random() < 0.6 ? utf8(mutatedJson(random, decoded(piece))) : mutatedBytes(random, piece);

const runs = Uint32Array.from([3, 4, 20, 9]);
const none = new Uint32Array(0);
const { segments } = labelmap;
const HISTORY: readonly WorkChange[] = [
  {
    kind: 'step',
    step: { kind: 'commit', delta: { label: 'Paint', slices: [{ segment: 1, k: 2, before: none, after: runs }] } },
  },
  { kind: 'step', step: { kind: 'undo', segments } },
  { kind: 'step', step: { kind: 'redo', segments } },
  { kind: 'step', step: { kind: 'display', segments: segments.map((one) => ({ ...one, visible: false })) } },
  { kind: 'draft', owner: 'sam', draft: { box: [1, 2, 3, 4] } },
];
const whole = [
  snapshotPiece({ journal: journalOf(labelmap), origin: headers[0], drafts: new Map() }),
  ...HISTORY.map(changePiece),
];

/** Autosaved work: a snapshot and the steps after it, one of them wounded. What is taken up must be of use. */
export async function keptSteps(random: Random): Promise<string> {
  const wounded = below(random, whole.length);
  const read = workOf(whole.map((piece, at) => (at === wounded ? mutated(random, piece) : piece)));
  if (!read.ok) {
    if (!/^\S.*[.]$/s.test(read.error.message)) throw new Error('a refusal without a sentence');
    return 'refused';
  }
  const { journal } = read.value;
  for (const one of [journal, undo(journal), redo(undo(journal))]) {
    const { columns, rows, slices } = one.labelmap.size;
    const into = new Uint8Array(columns * rows);
    for (let k = 0; k < Math.min(slices, 5); k += 1) composeSlice(one.labelmap, k, into);
  }
  const again = journalText(journalOfText(decoded(utf8(journalText(journal))) as JournalText));
  if (JSON.stringify(again) !== JSON.stringify(journalText(journal))) throw new Error('kept again, it is another work');
  return 'read';
}

const LINES = [
  { dicom: 'patient-1/ct', boxes: [{ slice: 12, box: [10, 20, 30, 40] }], label: 'Liver lesion' },
  { dicom: 'patient-2', series: '1.2.840.1', boxes: [{ slice: '1.2.840.1.7', box: [1, 2, 3, 4] }], range: [3, 9] },
  {
    dicom: '.',
    boxes: [
      { slice: 0, box: [0.5, 0.5, 8, 8] },
      { slice: 4, box: [1, 1, 9, 9] },
    ],
  },
];

/** A file of prompts: each line that is not blank is told of exactly once, and a bad one spoils no other. */
export async function promptFile(random: Random): Promise<string> {
  const wounded = below(random, LINES.length);
  const wound = utf8(mutatedJson(random, LINES[wounded]));
  const lines = LINES.map((line, at) => (at === wounded ? wound : utf8(line))).map((line) =>
    new TextDecoder().decode(line),
  );
  const separator = oneOf(random, ['\n', '\n', '\r\n', '\n\n', '\n \n']);
  const text = lines.join(separator);
  const file = random() < 0.6 ? text : new TextDecoder().decode(mutatedBytes(random, new TextEncoder().encode(text)));
  const read = promptLines(file, 'model');
  const told = file.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [index + 1]));
  if (JSON.stringify(read.map(({ line }) => line)) !== JSON.stringify(told)) throw new Error('a line without a word');
  for (const line of read) {
    if (line.kind === 'bad' && line.message.trim() === '') throw new Error('a refusal without words');
    if (line.kind !== 'bad' && !/^[0-9a-f]{40}$/.test(line.key)) throw new Error('an output without a name');
    if (line.kind !== 'prompt') continue;
    const { boxes, range } = line.prompt;
    if (![...boxes.flatMap(({ box }) => [...box]), ...(range ?? [])].every(Number.isFinite))
      throw new Error('a prompt that is no number');
  }
  if (file === text && read.filter(({ kind }) => kind !== 'bad').length < LINES.length - 1)
    throw new Error('a bad line spoilt a good one');
  return read.some(({ kind }) => kind === 'bad') ? 'refused' : 'read';
}
