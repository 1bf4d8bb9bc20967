import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { text } from '#core/dicom/dataset.ts';
import { imageSeriesOf } from '#core/dicom/imageSeries.ts';
import { groupedBy } from '#core/dicom/queryRecords.ts';
import { Tag } from '#core/dicom/tags.ts';
import { decodeSegmentation } from '../../extensions/dicom-seg/decode.ts';
import { datasetsOf } from '../../extensions/dicomweb/dicomJson.ts';
import { parseMultipart } from '../../extensions/dicomweb/multipart.ts';
import { dicomWebSource } from '../../extensions/dicomweb/source.ts';
import { storedInstanceUid } from '../../extensions/dicomweb/storedUid.ts';
import { decodedPixels, frameBytes, parsePart10, pixelLayout } from '../../extensions/local-files/node.ts';
import { readDropped } from '../../extensions/local-files/readDropped.ts';
import { type EmbeddedArchive, startEmbeddedArchive } from '../support/embeddedArchive.ts';
import {
  type CorpusFile,
  corpus,
  corpusBytes,
  corpusPresent,
  mayRefuse,
  pixelJudge,
  printTable,
} from '../support/formatCorpus.ts';

const FULL = process.env.VOXPROMPT_FULL === '1';

const IDENTITY = [Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.SOPInstanceUID];
const bytesOf = async (answer: Response): Promise<Uint8Array> => new Uint8Array(await answer.arrayBuffer());

const refused = (file: CorpusFile, code: string): string =>
  mayRefuse(file) ? `refused: ${code}` : `refused although it is whole: ${code}`;

/** Dropped on the window and read with the codecs of Node. */
async function asLocalFile(file: CorpusFile): Promise<string> {
  const bytes = corpusBytes(file.path);
  const name = file.path.split('/').at(-1)!;
  const { instances, refused: reasons } = await readDropped([new File([bytes], name)]);
  const [instance] = instances;
  if (instance === undefined) {
    const error = reasons[0]?.error;
    if (error === undefined || !error.message.includes(name)) return 'WRONG: vanished, or refused without its name';
    // An image without a place in a study is refused at the door; its pixels can be read all the same.
    return error.code === 'no-study-uid'
      ? `refused: ${error.code}, pixels ${await pixelsOf(file, bytes)}`
      : refused(file, error.code);
  }
  return pixelsOf(file, new Uint8Array(await instance.blob.arrayBuffer()));
}

async function pixelsOf(file: CorpusFile, bytes: Uint8Array): Promise<string> {
  const parsed = parsePart10(bytes, { name: file.path });
  if (!parsed.ok) return `WRONG: accepted, then ${parsed.error.code}`;
  const judge = pixelJudge(file.decoded ?? { form: '', sha256: '', exact: true });
  for (let frame = 0; frame < (file.frames ?? 1); frame += 1) {
    const pixels = await decodedPixels(parsed.value, frame);
    if (!pixels.ok)
      return pixels.error.message.includes(file.path)
        ? refused(file, pixels.error.code)
        : 'WRONG: refused without its name';
    judge.add(pixels.value);
  }
  if (file.decoded !== undefined) return judge.verdict();
  return file.acceptable?.includes('decode') === true
    ? 'decoded: the index has no reference'
    : 'WRONG: shown though damaged';
}

function asSegmentation(file: CorpusFile): string {
  const decoded = decodeSegmentation(corpusBytes(file.path));
  if (!decoded.ok) return refused(file, decoded.error.code);
  const hash = createHash('sha256');
  for (const { index } of decoded.value.frames) hash.update(decoded.value.storedFrame(index));
  return hash.digest('hex') === file.decoded?.sha256 ? 'exact' : 'WRONG: other voxels';
}

/** What a DICOMweb archive sent, as it was recorded. */
function asPayload({ path }: CorpusFile): string {
  const bytes = new Uint8Array(corpusBytes(path));
  if (path.endsWith('metadata')) return datasetsOf(bytes, 'application/dicom+json').ok ? 'exact' : 'WRONG: not read';
  const boundary = /--([^\r\n]+)/.exec(String.fromCharCode(...bytes.subarray(0, 200)))?.[1];
  const parts = parseMultipart(bytes, `multipart/related; boundary="${boundary}"`);
  // These two have no closing delimiter: cut-off answers, as far as anybody can tell.
  if (!parts.ok) return `refused: ${parts.error.code}`;
  return parts.value[0]?.body.length === 512 * 512 * 2 ? 'exact' : 'WRONG: not cut as sent';
}

describe.skipIf(!corpusPresent)('every file of the format corpus, read in Node', () => {
  it('gives the pixels of the reference decoders, or a refusal that names the file', async () => {
    const results = new Map<string, string>();
    for (const file of corpus.files) {
      if (file.kind === 'nrrd') continue;
      const read =
        file.kind === 'wado-rs-payload' ? asPayload : file.must === 'seg-read' ? asSegmentation : asLocalFile;
      results.set(file.path, await read(file));
    }
    expect(printTable('formats: local files and Node codecs', results, FULL)).toEqual([]);
    const good = [...results].filter(([, result]) => result.startsWith('refused although'));
    // RGB in a JPEG that does not say so: no decoder here can be told.
    expect(good.map(([path]) => path)).toEqual(['pydicom/SC_jpeg_no_color_transform.dcm']);
  }, 240_000);

  it('gives the same frames through DICOMweb, from the embedded archive', async () => {
    const results = new Map<string, string>();
    /** One object under one UID: copies of the same image in other syntaxes go to archives of their own. */
    const archives: EmbeddedArchive[] = [];
    const holds = new Map<string, number>();
    for (const file of corpus.files) {
      if (file.kind !== 'dicom') continue;
      const parsed = parsePart10(corpusBytes(file.path), { name: file.path });
      if (!parsed.ok) continue;
      const { dataset, bytes } = parsed.value;
      const [study, series, uid] = IDENTITY.map((tag) => text(dataset, tag) ?? '');
      if (storedInstanceUid(bytes) !== uid || !/^[\d.]+$/.test(study!)) {
        results.set(file.path, 'not sent: file meta names another object, or no usable study UID');
        continue;
      }
      const at = holds.get(uid!) ?? 0;
      holds.set(uid!, at + 1);
      archives[at] ??= await startEmbeddedArchive();
      const source = dicomWebSource('test', 'test', archives[at].root);
      const outcome = await source.store(bytes, study!);
      if (outcome.kind !== 'stored') {
        results.set(file.path, `WRONG: ${outcome.error.code}`);
        continue;
      }
      const back = await source.retrieve(study!, series!, uid!);
      const frames = pixelLayout(parsed.value);
      let result = back.ok && Buffer.compare(back.value, bytes) === 0 ? 'same' : 'WRONG: came back different';
      for (let frame = 0; frames.ok && frame < frames.value.frames && result === 'same'; frame += 1) {
        const local = frameBytes(parsed.value, frame);
        const location = source.pixels(dataset, frame + 1);
        const answer = await fetch(location.kind === 'wado-rs' ? location.frameUrl : '');
        if (!local.ok || !answer.ok) {
          result = !local.ok && !answer.ok ? `refused: ${local.error.code}` : `WRONG: HTTP ${answer.status}`;
          continue;
        }
        const parts = parseMultipart(await bytesOf(answer), answer.headers.get('content-type') ?? '');
        const sent = parts.ok ? parts.value[0]?.body : undefined;
        if (sent === undefined || Buffer.compare(sent, local.value) !== 0) result = 'WRONG: other frame bytes';
      }
      results.set(file.path, result);
    }
    await Promise.all(archives.map((archive) => archive.stop()));
    expect(printTable('formats: through DICOMweb', results, FULL)).toEqual([]);
  }, 240_000);

  it.each(corpus.series.map((series) => [series.name, series] as const))(
    'says what is wrong with the geometry of %s',
    async (_, { files, must }) => {
      const given = files.map((path) => new File([corpusBytes(path)], path));
      const { instances } = await readDropped(given);
      const bySeries = groupedBy(
        instances.map(({ dataset }) => dataset),
        Tag.SeriesInstanceUID,
      );
      const issues = [...bySeries.values()].flatMap((headers): readonly unknown[] => {
        const series = imageSeriesOf(headers);
        return series.ok ? series.value.stack.issues : [series.error.code];
      });
      expect(instances).toHaveLength(files.length);
      expect(issues.length > 0).toBe(must === 'warn-geometry');
    },
  );
});
