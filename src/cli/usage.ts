import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';

export const USAGE = `voxprompt segment --dicom DIR [--series UID] --slice <k|SOPInstanceUID> --box x0,y0,x1,y1
                  [--range k0:k1] [--also DIR|UID] [--model ID|DIR] [--propagation volume|sam|ID|DIR]
                  [--label NAME] [--out FILE.dcm] [--store URL]
                  [--threads N | --inference URL] [--json]
    One box to a whole lesion. k counts from 0 at the lowest position along the slice normal; the box is in pixel
    indices of that slice, x to the right, inclusive. --slice and --box may be repeated, in pairs: boxes on the
    first and last slice of the --range make the result better. Writes a DICOM Segmentation, and sends it
    to the DICOMweb root given with --store. --also, which may be repeated, names another series of the same frame of
    reference (its folder, or its UID in DIR): where it shows the lesion too, it has a say. --propagation sam leaves the
    neighbouring slices to the model that is prompted instead of the volume model. With --inference the slices that are
    prompted are sent to an inference server (Open Inference Protocol v2; a token comes from VOXPROMPT_INFERENCE_TOKEN).

voxprompt batch PROMPTS.jsonl --out DIR [--shard i/n] [--resume] [--model ID|DIR]
                  [--propagation volume|sam|ID|DIR] [--threads N | --inference URL] [--json]
    One shard of a file of prompts, a line each: {"dicom": DIR, "boxes": [{"slice": k, "box": [x0, y0, x1, y1]}], "series",
    "also", "range", "label"}. Writes <hash of the line and the model>.dcm, and .json beside it once that is safe; a log in
    JSON lines. --resume keeps what is complete. Ends with 0 when every line has its output, 1 when some have not, 2 when it did not begin.

voxprompt bench accuracy (--cases DIR | --read FILE) [--against FILE] [--json FILE] [--prompts N] [--only one-box] [--alone]
                  [--modality CT,MR,PT] [--case ID,...] [--patients ID,...] [--train ID,...] [--model ID|DIR]
                  [--propagation volume|sam|ID|DIR] [--threads N | --inference URL]
    Compares with expert masks: Dice, surface Dice at 2 mm, HD95, ends, scores, with intervals over patients. DIR holds
    cases.json and what it names; --read takes the results from a report written with --json. --against compares with
    another report, case by case. --prompts 5 also corrects the worst slice until there are five prompts. --only
    one-box leaves out the protocols that know more. Series of the patient in the same frame of reference, of other
    modalities, have a say, as in the viewer; --alone looks at each series by itself. --train names patients that the
    model has seen; they are told apart.

voxprompt bench speed [--json FILE] [--model ID|DIR] [--runs N] [--only node,browser,application]
    Preprocessing, encoding, decoding and propagation per slice, cold and warm: Node, WebAssembly with 1 and 2 threads and
    WebGPU in Chromium; and the longest tasks of the main thread while the real application propagates.

voxprompt triton MODEL --out DIR
    Writes a Triton model repository with the model's encoder and decoder.

voxprompt check FILE.dcm [--source DIR] [--series UID] [--json]
    What is wrong with a DICOM Segmentation, in plain words, also against the images it belongs to; and what
    dciodvfy and dcentvfy say where they are installed.`;

/** A wrong command line; the usage is the remedy. */
export const usageError = (message: string): AppError =>
  appError('usage', message, { remedy: 'See voxprompt --help.' });

/** Arguments by name; an unknown or malformed one is error `usage`. */
export function parsed<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return ok(parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values);
  } catch (thrown) {
    return err(usageError(thrown instanceof Error ? thrown.message.split('. ')[0]! : 'The command line is wrong.'));
  }
}

/** A positive whole number; undefined where the option was not given. */
export function positive(text: string | undefined, name: string): Result<number | undefined> {
  if (text === undefined) return ok(undefined);
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? ok(value) : err(usageError(`${name} must be a positive whole number.`));
}

/** An http or https address, without the slash at its end; undefined where the option was not given. */
export function address(text: string | undefined, name: string): Result<string | undefined> {
  if (text === undefined) return ok(undefined);
  return /^https?:\/\//.test(text) && URL.canParse(text)
    ? ok(text.replace(/\/+$/, ''))
    : err(usageError(`${name} must be an http or https address.`));
}
