import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { lesionBox, lesionCt, MIDDLE } from '../../test/e2e/support/lesionCt.ts';
import { serverOptions } from '../server/options.ts';
import { batchOptions } from './batch/batchOptions.ts';
import { accuracyOptions } from './bench/accuracyOptions.ts';
import { checkCommand } from './check/checkCommand.ts';
import { segmentCommand } from './segment/segmentCommand.ts';

const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const readme = await readFile(here('README.md'), 'utf8');
const TINY = ['--model', here('test/fixtures/sam-families/medsam'), '--propagation', 'sam'];

/** Arguments of a command as the README writes it, what is optional too. */
function shown(command: string): readonly string[] {
  const section = readme.slice(readme.indexOf('## Command line'));
  const line = section.split('\n').find((each) => each.startsWith(`npx voxprompt ${command} `));
  if (line === undefined) throw new Error(`The README shows no ${command}`);
  const [written = ''] = line.slice(`npx voxprompt ${command} `.length).split(/\s+#/);
  return written.replaceAll(/[[\]]/g, '').split(/\s+/);
}

it('the commands of the README do what stands beside them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'voxprompt-readme-'));
  const quiet = vi.spyOn(console, 'log').mockReturnValue();
  await lesionCt(join(folder, 'ct'));
  const { x0, y0, x1, y1 } = lesionBox(MIDDLE);
  const given: Readonly<Record<string, string>> = {
    DIR: join(folder, 'ct'),
    K: String(MIDDLE),
    'x0,y0,x1,y1': [x0, y0, x1, y1].join(','),
    'lesion.dcm': join(folder, 'lesion.dcm'),
    'FILE.dcm': join(folder, 'lesion.dcm'),
  };
  const filled = (command: string): readonly string[] => shown(command).map((word) => given[word] ?? word);
  expect(await segmentCommand([...filled('segment'), ...TINY])).toBeUndefined();
  expect(await checkCommand(filled('check'))).toBeUndefined();
  quiet.mockRestore();
  await rm(folder, { recursive: true });
});

it('the longer ones take the options that it shows', () => {
  expect(batchOptions(shown('batch'))).toMatchObject({ ok: true, value: { shards: 16, resume: true } });
  expect(accuracyOptions(shown('bench accuracy'))).toMatchObject({
    ok: true,
    value: { from: { cases: 'DIR' }, json: 'FILE', against: 'OTHER.json' },
  });
});

it('npm start takes the options that it shows', () => {
  const lines = [...readme.matchAll(/^npm start -- (.*?)\s+#/gm)].map(([, args = '']) => args.split(' '));
  expect(lines.length).toBeGreaterThan(2);
  for (const args of lines) expect(serverOptions(args, {}).ok || args.includes('--help'), args.join(' ')).toBe(true);
});

it('every npm script that it names is there', async () => {
  const { scripts } = JSON.parse(await readFile(here('package.json'), 'utf8')) as { scripts: Record<string, string> };
  const named = [...readme.matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});
