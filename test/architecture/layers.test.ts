import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

async function violations(...paths: readonly string[]): Promise<readonly Violation[]> {
  const args = ['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...paths];
  const { stdout } = await run('npx', ['--no-install', ...args], { maxBuffer: 1 << 28 }).catch(
    (failure: { stdout: string }) => failure,
  );
  const { summary } = JSON.parse(stdout) as { summary: { totalCruised: number; violations: readonly Violation[] } };
  if (summary.totalCruised === 0) throw new Error('dependency-cruiser saw no module: the check is blind');
  return summary.violations;
}

/** Imports that the allow-list must refuse, one for each wall that matters most. */
const CANARIES = [
  ['src/core/canary.ts', "import '@cornerstonejs/core';"],
  ['src/core/canary.ts', "import 'node:fs';"],
  ['src/app/canary.ts', "import '@cornerstonejs/core';"],
  ['extensions/sam-segmentation/propagation/canary.ts', "import '../inference/model.ts';"],
  ['extensions/sam-segmentation/session/canary.ts', "import 'onnxruntime-web';"],
  ['extensions/dicom-seg/model/canary.ts', "import 'dcmjs';"],
  ['extensions/dicomweb/canary.ts', "import '../dicom-seg/index.ts';"],
] as const;

describe('the import allow-list', () => {
  let planted: string | undefined;
  afterEach(async () => {
    if (planted) await rm(planted, { force: true });
    planted = undefined;
  });

  it('finds nothing to object to', async () => {
    expect(await violations('src', 'extensions')).toEqual([]);
  }, 120_000);

  it.each(CANARIES)(
    'refuses %s with %s',
    async (path, statement) => {
      planted = path.replace('canary.ts', `canary-${process.pid}.ts`);
      await mkdir(dirname(planted), { recursive: true });
      await writeFile(planted, `${statement}\n`);
      expect((await violations(planted)).filter(({ from }) => from === planted)).not.toEqual([]);
    },
    60_000,
  );
});
