import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readNodeModel } from '../../extensions/sam-segmentation/node.ts';
import { batchCommand } from '../../src/cli/batch/batchCommand.ts';
import { segment } from '../../src/cli/segment/segment.ts';
import { writeModelRepository } from '../../src/cli/triton/modelRepository.ts';
import { LONG_LESION_SLICES, longLesionBox, longLesionCt } from '../e2e/support/lesionCt.ts';
import { type OpenInferenceDouble, startOpenInferenceDouble } from '../support/openInferenceServer.ts';

const MODEL = fileURLToPath(new URL('../fixtures/sam-families/medsam', import.meta.url));
const MIDDLE = 18;
const [FIRST, LAST] = [3, 2 + LONG_LESION_SLICES];
const box = longLesionBox(MIDDLE);

let folder = '';
let server: OpenInferenceDouble;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxprompt-batching-'));
  await longLesionCt(join(folder, 'ct'));
  const files = await readNodeModel(MODEL);
  if (!files.ok || !(await writeModelRepository(files.value, join(folder, 'repository'))).ok)
    throw new Error('no repository');
  server = await startOpenInferenceDouble(join(folder, 'repository'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Sizes of the requests to the encoder since, the self-check's own left out. */
const encodesSince = (already: number): readonly number[] =>
  server.ran
    .slice(already)
    .filter(({ model }) => model.endsWith('_encoder'))
    .map(({ shape }) => shape[0]!)
    .slice(1);

const segmented = (inference: string | undefined, range: { first: number; last: number } | undefined) =>
  segment(
    {
      dicom: join(folder, 'ct'),
      series: undefined,
      also: [],
      boxes: [{ slice: String(MIDDLE), box }],
      range,
      model: MODEL,
      propagation: 'sam',
      label: 'Lesion',
      out: join(folder, `${inference === undefined ? 'here' : 'there'}.dcm`),
      store: undefined,
      threads: 1,
      inference,
      json: false,
    },
    () => undefined,
  );

describe('a propagation through an inference server', () => {
  it(`sends ${LONG_LESION_SLICES} slices in a few requests, and finds what is found here`, async () => {
    const already = server.ran.length;
    const range = { first: FIRST, last: LAST };
    const [here, there] = [await segmented(undefined, range), await segmented(server.url, range)];
    if (!here.ok || !there.ok) throw new Error('no segmentation');
    expect(there.value.slices).toEqual(here.value.slices);
    const batches = encodesSince(already);
    console.log(`${LONG_LESION_SLICES} slices, known ends: ${batches.length} requests of ${batches.join(', ')}`);
    expect(batches.reduce((sum, count) => sum + count, 0)).toBe(LONG_LESION_SLICES);
    expect(batches.length).toBeLessThanOrEqual(LONG_LESION_SLICES / 3);
  });

  it('and does so where the ends have to be found, without sending many slices in vain', async () => {
    const already = server.ran.length;
    const [here, there] = [await segmented(undefined, undefined), await segmented(server.url, undefined)];
    if (!here.ok || !there.ok) throw new Error('no segmentation');
    expect(there.value.slices).toEqual(here.value.slices);
    const decodes = server.ran.slice(already).filter(({ model }) => model.endsWith('_decoder')).length;
    const batches = encodesSince(already);
    const sent = batches.reduce((sum, count) => sum + count, 0);
    console.log(`ends to be found: ${sent} slices in ${batches.length} requests of ${batches.join(', ')}`);
    expect(batches.length).toBeLessThan(sent / 2);
    expect(sent - decodes).toBeLessThanOrEqual(8);
  });
});

describe('a server with other weights', () => {
  it('is refused before a slice is segmented', async () => {
    server.plan('other-weights');
    const refused = await segmented(server.url, undefined);
    expect(!refused.ok && refused.error).toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringContaining('has another model than'),
    });
  });
});

describe('voxprompt batch --inference', () => {
  it('makes the same outputs as without, under the same names', async () => {
    const { x0, y0, x1, y1 } = box;
    const line = { dicom: 'ct', boxes: [{ slice: MIDDLE, box: [x0, y0, x1, y1] }], range: [MIDDLE - 1, MIDDLE + 1] };
    await writeFile(join(folder, 'prompts.jsonl'), JSON.stringify(line));
    const quiet = vi.spyOn(console, 'log').mockReturnValue();
    const made = async (out: string, ...more: readonly string[]) => {
      const args = [
        join(folder, 'prompts.jsonl'),
        '--out',
        join(folder, out),
        '--model',
        MODEL,
        '--propagation',
        'sam',
      ];
      expect(await batchCommand([...args, ...more])).toBeUndefined();
      const [report = ''] = (await readdir(join(folder, out))).filter((name) => name.endsWith('.json'));
      const { slices } = JSON.parse(await readFile(join(folder, out, report), 'utf8')) as { slices: unknown };
      return { report, slices };
    };
    const already = server.ran.length;
    const here = await made('here');
    expect(server.ran.length).toBe(already);
    expect(await made('there', '--inference', `${server.url}/`)).toEqual(here);
    expect(server.ran.length).toBeGreaterThan(already);
    expect((await batchCommand(['p', '--out', 'o', '--inference', 'gpu']))?.message).toContain('--inference');
    quiet.mockRestore();
  });
});
