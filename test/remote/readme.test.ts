import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parseManifest } from '../../extensions/sam-segmentation/inference/manifest.ts';
import { batchOptions } from '../../src/cli/batch/batchOptions.ts';
import { tritonCommand } from '../../src/cli/triton/tritonCommand.ts';
import { serverOptions } from '../../src/server/options.ts';

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');

/** The first code block of a kind below a heading. */
function block(heading: string, kind: string): string {
  const found = new RegExp(`${heading}[^\\n]*\\n[^]*?\`\`\`${kind}\\n([^]*?)\`\`\``).exec(readme);
  if (found?.[1] === undefined) throw new Error(`no ${kind} below ${heading}`);
  return found[1];
}

it('the manifest in the README is one', () => {
  const parsed = parseManifest(block('### Other models', 'json'), 'README.md');
  expect(parsed.ok ? parsed.value.family : parsed.error.message).toBe('meta-sam');
});

it('the host of models is taken as it is written', () => {
  const [, args = ''] = /npm start -- (.*?)\s+#/.exec(block('### Other models', 'sh')) ?? [];
  const options = serverOptions(args.split(' '), {});
  expect(options.ok && options.value.modelHosts).toEqual(['https://models.hospital.example']);
});

it('the command that writes a model repository writes it, once', async () => {
  const [command = ''] = /(?<=npx voxprompt )triton .*?(?=\s+#)/.exec(block('### On an inference server', 'sh')) ?? [];
  const [, model, , out] = command.split(' ');
  const folder = await mkdtemp(join(tmpdir(), 'voxprompt-readme-'));
  const args = [fileURLToPath(new URL(`../../models/${model}`, import.meta.url)), '--out', join(folder, out!)];
  expect(await tritonCommand(args)).toBeUndefined();
  const names = await readdir(join(folder, out!));
  expect(names).toEqual(['litemedsam_decoder', 'litemedsam_encoder']);
  const config = await readFile(join(folder, out!, 'litemedsam_decoder', 'config.pbtxt'), 'utf8');
  expect(config).toContain('{ name: "point_coords", data_type: TYPE_FP32, dims: [ 1, -1, 2 ] }');
  expect((await tritonCommand(args))?.code).toBe('exists');
  expect(await readdir(folder)).toEqual([out]);
  await rm(folder, { recursive: true });
});

it('batch takes the option as it is written', () => {
  const [, args = ''] = /npx voxprompt batch (.*?)\s+#/.exec(block('### On an inference server', 'sh')) ?? [];
  const options = batchOptions(args.split(' '));
  expect(options.ok && options.value).toMatchObject({ prompts: 'prompts.jsonl', inference: 'http://127.0.0.1:8000' });
});

it('the server takes the option as it is written', () => {
  const [, args = ''] = /npm start -- (.*?)\s+#/.exec(block('### On an inference server', 'sh')) ?? [];
  const options = serverOptions(args.split(' '), {});
  expect(options.ok && options.value.inference?.href).toBe('http://127.0.0.1:8000/');
});
