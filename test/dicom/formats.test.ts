import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { imageSeriesOf } from '#core/dicom/imageSeries.ts';
import { groupedBy } from '#core/dicom/queryRecords.ts';
import { Tag } from '#core/dicom/tags.ts';
import { decodeSegmentation } from '../../extensions/dicom-seg/decode.ts';
import { datasetsOf } from '../../extensions/dicomweb/dicomJson.ts';
import { parseMultipart } from '../../extensions/dicomweb/multipart.ts';
import { decodedPixels, parsePart10 } from '../../extensions/local-files/node.ts';
import { readDropped } from '../../extensions/local-files/readDropped.ts';
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
