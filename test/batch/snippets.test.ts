import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { promptLines } from '../../src/cli/batch/prompts.ts';
import { buildIfStale, root } from '../../src/server/prepare.mjs';
import { lesionBox, lesionCt } from '../e2e/support/lesionCt.ts';

const run = promisify(execFile);
const MODEL = fileURLToPath(new URL('../fixtures/sam-families/medsam', import.meta.url));
const readme = await readFile(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language, text]) => ({
  language,
  text: text!,
}));
const block = (language: string, part: string): string =>
  blocks.find((one) => one.language === language && one.text.includes(part))!.text;

describe('the README on cohorts', () => {
  let folder = '';
  beforeAll(async () => {
    await buildIfStale();
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-cohort-'));
    await lesionCt(join(folder, 'ct'));
    const { x0, y0, x1, y1 } = lesionBox(4);
    const lines = [3, 4, 5].map((k) =>
      JSON.stringify({ dicom: 'ct', boxes: [{ slice: k, box: [x0, y0, x1, y1] }], range: [k, k] }),
    );
    await writeFile(join(folder, 'prompts.jsonl'), lines.join('\n'));
    // What the snippets call: npx, with the model of the tests behind it.
    await mkdir(join(folder, 'bin'));
    const npx = `#!/bin/sh\nshift\nexec "${process.execPath}" "${join(root, 'dist', 'cli.js')}" "$@" --model "${MODEL}" --propagation sam\n`;
    await writeFile(join(folder, 'bin', 'npx'), npx, { mode: 0o755 });
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('shows lines that are good lines', () => {
    expect(promptLines(block('jsonl', 'dicom'), 'm').map(({ kind }) => kind)).toEqual(['prompt', 'prompt']);
  });

  /** Runs the line of a snippet as its scheduler would, with /data where the test has it. */
  async function shard(line: string, index: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const env = { ...process.env, ...index, PATH: `${join(folder, 'bin')}:${process.env.PATH ?? ''}` };
    await run('sh', ['-c', line.replaceAll('/data', folder)], { env });
    return (await readdir(join(folder, 'segmentations'))).filter((name) => !name.startsWith('.')).sort();
  }

  it('has a Kubernetes job whose shards make an output each, as many shards as completions', async () => {
    const job = block('yaml', 'Indexed');
    const line = /args: \['(.*)'\]/.exec(job)![1]!;
    const count = /completions: (\d+)/.exec(job)![1]!;
    expect(line).toContain(`$JOB_COMPLETION_INDEX/${count} `);
    expect(await shard(line, { JOB_COMPLETION_INDEX: '0' })).toEqual([
      expect.stringMatching(/^[0-9a-f]{40}\.dcm$/),
      expect.stringMatching(/^[0-9a-f]{40}\.json$/),
      `log-0-of-${count}.jsonl`,
    ]);
  }, 600_000);

  it('has a Slurm script that does the same, as many shards as array tasks', async () => {
    const script = block('sh', '#SBATCH --array');
    const last = Number(/--array=0-(\d+)/.exec(script)![1]);
    expect(script).toContain(`"$SLURM_ARRAY_TASK_ID/${last + 1}"`);
    const names = await shard(script, { SLURM_ARRAY_TASK_ID: '1' });
    expect(names).toContain(`log-1-of-${last + 1}.jsonl`);
    expect(names.filter((name) => name.endsWith('.dcm'))).toHaveLength(2);
  }, 600_000);
});
