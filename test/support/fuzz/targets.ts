import { zipSync } from 'fflate';
import { items, number, numbers, text } from '#core/dicom/dataset.ts';
import { imageSeriesOf } from '#core/dicom/imageSeries.ts';
import { seriesRecord, studyRecord } from '#core/dicom/queryRecords.ts';
import { journalOf } from '#core/labelmap/journal.ts';
import type { Result } from '#core/result.ts';
import { decodeSegmentation } from '../../../extensions/dicom-seg/decode.ts';
import { frameMasks } from '../../../extensions/dicom-seg/model/frameMasks.ts';
import { placeOnSeries } from '../../../extensions/dicom-seg/model/place.ts';
import { datasetsOf } from '../../../extensions/dicomweb/dicomJson.ts';
import { acceptedTypes } from '../../../extensions/dicomweb/mediaType.ts';
import { multipartEnd, parseMultipart, partHead } from '../../../extensions/dicomweb/multipart.ts';
import { storedInstanceUid } from '../../../extensions/dicomweb/storedUid.ts';
import { storeVerdict } from '../../../extensions/dicomweb/storeVerdict.ts';
import { decodedPixels, parsePart10, pixelLayout, usableImage } from '../../../extensions/local-files/node.ts';
import { readDropped } from '../../../extensions/local-files/readDropped.ts';
import { parseManifest } from '../../../extensions/sam-segmentation/inference/manifest.ts';
import { readOnnxGraph } from '../../../extensions/sam-segmentation/library/onnxGraph.ts';
import { recognise } from '../../../extensions/sam-segmentation/library/recognise.ts';
import { snapshotPiece, workOf } from '../../../src/app/autosave/workPiece.ts';
import { createSettings } from '../../../src/app/settings/createSettings.ts';
import { parseNifti } from '../../../src/cli/bench/nifti.ts';
import { parseNrrd } from '../../../src/cli/bench/nrrd.ts';
import { below, mutatedBytes, mutatedJson, oneOf, type Random } from './mutate.ts';
import { corpusSamples, ct, headers, labelmap, segmentation, series } from './samples.ts';
import { keptSteps, promptFile } from './workTargets.ts';

/** A parser of ours, fed with something that was once right. Throwing is a crash: expected failures are values. */
export interface Target {
  readonly name: string;
  /** One mutant through the parser; the outcome in a word, for the table. */
  run(random: Random): Promise<string>;
}

const outcome = (result: Result<unknown>): string => {
  if (result.ok) return 'read';
  // A refusal has words for people.
  if (!/^\S.*[.!]$/s.test(result.error.message))
    throw new Error(`a refusal without a sentence: ${result.error.message}`);
  return 'refused';
};
const utf8 = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const mutatedText = (random: Random, value: unknown): Uint8Array =>
  random() < 0.7 ? utf8(mutatedJson(random, value) ?? null) : mutatedBytes(random, utf8(value));

/**
 * @param manifests texts of real manifests
 * @param graphs real ONNX graphs
 */
export function targets(
  corpusFolder: string,
  manifests: readonly string[],
  graphs: readonly Uint8Array[],
): readonly Target[] {
  const seg = segmentation();
  const files = [ct, seg, ...corpusSamples(corpusFolder)];
  const boundary = 'cut-here';
  const multipart = Buffer.concat([
    ...[ct, seg].flatMap((part) => [partHead(boundary, { 'Content-Type': 'application/dicom' }), part]),
    multipartEnd(boundary),
  ]);
  const verdict = {
    '00081190': { vr: 'UR', Value: ['http://pacs/studies/1.2'] },
    '00081198': {
      vr: 'SQ',
      Value: [{ '00081155': { vr: 'UI', Value: ['1.2.3'] }, '00081197': { vr: 'US', Value: [272] } }],
    },
    '00081199': {
      vr: 'SQ',
      Value: [{ '00081155': { vr: 'UI', Value: ['1.2.4'] }, '00081196': { vr: 'US', Value: [45056] } }],
    },
  };
  const snapshot = snapshotPiece({
    journal: journalOf(labelmap),
    origin: headers[0],
    drafts: new Map([['sam', { box: [1, 2, 3, 4] }]]),
  });
  return [
    {
      name: 'Part-10 file',
      async run(random) {
        const parsed = parsePart10(mutatedBytes(random, oneOf(random, files)), { name: 'mutant' });
        if (!parsed.ok) return outcome(parsed);
        const usable = usableImage(parsed.value);
        const layout = pixelLayout(parsed.value);
        imageSeriesOf([parsed.value.dataset]);
        if (!layout.ok) return outcome(layout);
        const pixels = await decodedPixels(parsed.value, below(random, Math.min(layout.value.frames, 3)));
        if (
          pixels.ok &&
          pixels.value.values.length !== pixels.value.rows * pixels.value.columns * pixels.value.samplesPerPixel
        )
          throw new Error('other than rows x columns values');
        return usable.ok ? outcome(pixels) : outcome(usable);
      },
    },
    {
      name: 'segmentation object',
      async run(random) {
        const decoded = decodeSegmentation(mutatedBytes(random, seg));
        if (!decoded.ok) return outcome(decoded);
        frameMasks(decoded.value, 0.5);
        return outcome(placeOnSeries(decoded.value, series));
      },
    },
    {
      name: 'multipart body',
      async run(random) {
        const body = random() < 0.9 ? mutatedBytes(random, multipart) : multipart;
        const header = `multipart/related; type="application/dicom"; boundary=${oneOf(random, [boundary, '"cut-here"', '', '-', 'x'.repeat(200)])}`;
        const type = random() < 0.5 ? header : Buffer.from(mutatedBytes(random, utf8(header))).toString('latin1');
        acceptedTypes(type);
        const parts = parseMultipart(body, type);
        if (parts.ok) for (const part of parts.value.slice(0, 4)) storedInstanceUid(part.body);
        return outcome(parts);
      },
    },
    {
      name: 'DICOM JSON',
      async run(random) {
        const sets = datasetsOf(mutatedText(random, headers), 'application/dicom+json');
        if (!sets.ok) return outcome(sets);
        for (const set of sets.value.slice(0, 4)) {
          for (const tag of Object.keys(set)) [text(set, tag), number(set, tag), numbers(set, tag), items(set, tag)];
        }
        if (sets.value.length > 0) [studyRecord(sets.value), seriesRecord(sets.value)];
        return outcome(imageSeriesOf(sets.value));
      },
    },
    {
      name: 'answer to a store',
      async run(random) {
        const body = new TextDecoder().decode(mutatedText(random, verdict));
        const status = oneOf(random, [200, 202, 400, 409, 413, 500, 507]);
        const said = storeVerdict(status, 'application/dicom+json', body, oneOf(random, ['1.2.3', '1.2.4', '9.9']));
        return said.kind === 'stored' ? 'read' : 'refused';
      },
    },
    { name: 'zip', run: (random) => zipped(random, [ct, seg]) },
    {
      name: 'model manifest',
      run: async (random) => {
        const given: unknown = JSON.parse(oneOf(random, manifests));
        return outcome(parseManifest(new TextDecoder().decode(mutatedText(random, given)), 'manifest.json'));
      },
    },
    {
      name: 'graph of a model',
      async run(random) {
        const graph = readOnnxGraph(mutatedBytes(random, oneOf(random, graphs)), 'mutant.onnx');
        if (!graph.ok) return outcome(graph);
        const found = { path: 'mutant.onnx', graph: graph.value };
        outcome(recognise([found, { ...found, path: 'other.onnx' }]));
        return 'read';
      },
    },
    {
      name: 'kept work (session)',
      run: async (random) => outcome(workOf([mutatedText(random, JSON.parse(new TextDecoder().decode(snapshot)))])),
    },
    { name: 'kept work and its steps', run: keptSteps },
    { name: 'file of prompts', run: promptFile },
    {
      name: 'settings',
      async run(random) {
        const stored = new TextDecoder().decode(
          mutatedText(random, { retention: 'week', theme: 'dark', overlayOpacity: 0.4 }),
        );
        createSettings({ getItem: () => stored, setItem: () => undefined });
        return 'read';
      },
    },
    {
      name: 'NIfTI and NRRD',
      async run(random) {
        const nifti = new Uint8Array(400);
        const view = new DataView(nifti.buffer);
        for (const [at, value] of [
          [40, 3],
          [42, 3],
          [44, 4],
          [46, 2],
          [70, 2],
          [72, 8],
          [254, 1],
        ] as const)
          view.setInt16(at, value, true);
        view.setInt32(0, 348, true);
        view.setFloat32(108, 352, true);
        nifti.set(utf8('n+1\0'), 344);
        const nrrd = utf8(
          `NRRD0004\ntype: short\ndimension: 3\nsizes: 3 4 2\nencoding: raw\nendian: little\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\n\n${'\0'.repeat(48)}`,
        );
        return random() < 0.5
          ? outcome(parseNifti(mutatedBytes(random, nifti), 'mutant.nii'))
          : outcome(parseNrrd(mutatedBytes(random, nrrd), 'mutant.nrrd'));
      },
    },
  ];
}

const BAD_NAMES = [
  '../../evil.dcm',
  '/etc/passwd',
  'C:\\boot.ini',
  '..\\up.dcm',
  'a/../../b',
  '\u0000.dcm',
  '__MACOSX/x',
  'x'.repeat(3000),
];
/** Small once packed, 24 MiB when not. */
let bomb: Uint8Array | undefined;

async function zipped(random: Random, files: readonly Uint8Array[]): Promise<string> {
  let entries: Record<string, Uint8Array> = {
    'a/one.dcm': files[0]!,
    'a/two.dcm': files[1]!,
    'notes.txt': utf8('none'),
  };
  if (random() < 0.4) entries = { ...entries, [oneOf(random, BAD_NAMES)]: oneOf(random, files) };
  if (random() < 0.02) {
    bomb ??= zipSync({ 'zeros.dcm': new Uint8Array(24 << 20) }, { level: 9 });
    entries = { ...entries, 'bomb.zip': bomb };
  }
  let zip: Uint8Array = zipSync(entries, { level: random() < 0.5 ? 0 : 6 });
  for (let depth = below(random, 4); depth > 0; depth -= 1) zip = zipSync({ 'inner.zip': zip }, { level: 0 });
  const bytes = random() < 0.8 ? mutatedBytes(random, zip) : new Uint8Array(zip);
  const limits = { entries: 1000, entryBytes: 16 << 20, totalBytes: 64 << 20, ratio: 200 };
  const { instances, refused } = await readDropped([new File([bytes], 'mutant.zip')], {}, limits);
  for (const { error } of refused) outcome({ ok: false, error });
  for (const { name } of instances) {
    if (/(^|[\\/])\.\.([\\/]|$)/.test(name)) throw new Error('a name that leaves its folder came through');
  }
  return instances.length > 0 ? 'read' : 'refused';
}
