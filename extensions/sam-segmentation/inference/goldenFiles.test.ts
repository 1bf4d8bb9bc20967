import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ok } from '#core/result.ts';
import { floatsOf, readGoldenFiles } from './goldenFiles.ts';
import { sha256Hex } from './sha256.ts';

const schema = z.object({ at: z.object({ offset: z.int(), bytes: z.int() }) });

/** A golden pair whose description is `text`, over 11 bytes of data. */
async function read(text: string, data = new Uint8Array(11)) {
  const files = new Map([
    ['golden.json', new TextEncoder().encode(text)],
    ['golden.bin', data],
  ]);
  const entry = async (path: string) => {
    const bytes = files.get(path)!;
    return { path, sha256: await sha256Hex(bytes), bytes: bytes.length };
  };
  return readGoldenFiles(
    { description: await entry('golden.json'), data: await entry('golden.bin') },
    schema,
    ({ at }) => [at],
    async ({ path }) => ok(files.get(path)!),
    {},
  );
}

describe('golden files', () => {
  it('hold floats at any byte', async () => {
    const data = new Uint8Array(11);
    new DataView(data.buffer).setFloat32(3, 1.5, true);
    new DataView(data.buffer).setFloat32(7, -2, true);
    const golden = await read('{"at":{"offset":3,"bytes":8}}', data);
    if (!golden.ok) throw new Error(golden.error.message);
    expect([...floatsOf(golden.value, golden.value.description.at)]).toEqual([1.5, -2]);
  });

  it.each([
    ['is no JSON', '{'],
    ['lacks a member', '{}'],
    ['names bytes behind the end of the data', '{"at":{"offset":4,"bytes":8}}'],
  ])('are refused where the description %s', async (_, text) => {
    expect(await read(text)).toMatchObject({ ok: false, error: { code: 'model-golden-malformed' } });
  });
});
