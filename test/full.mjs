// The full forms of what `npm test` runs in a short one, by name:
//   npm run test:formats                          every file of the format corpus, in Node and in Chromium
//   npm run test:faults                           everything that goes wrong on the way into an archive, with what is seen
//   npm run test:batch -- --kills 60              kill -9 while `voxprompt batch` works
//   npm run test:fuzz -- --seconds 600 --seed 2    mutated input for every parser of ours; the same seed, the same mutants
//   npm run test:embed                            the packed library in a Vite and in a webpack application, with its own model
//   npm run test:ohif                             the plugin with its own model, in prebuilt OHIF against Orthanc
//   npm run bench:scroll -- --rounds 12            frames per second beside plain Cornerstone3D, and memory over ten series
//   npm run test:kill -- --kills 1000             kill -9 while the archive stores
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const FORMS = {
  formats: {
    files: ['test/dicom/formats.test.ts', 'test/dicom/encodedAgain.test.ts', 'test/browser/viewerFormats.test.ts'],
    env: () => ({ VOXPROMPT_FULL: '1' }),
  },
  faults: {
    files: ['test/dicom/faults.test.ts', 'test/dicom/faultsInside.test.ts'],
    env: () => ({ VOXPROMPT_FULL: '1' }),
  },
  batch: { files: ['test/batch/batch.test.ts'], env: ({ kills }) => ({ VOXPROMPT_KILLS: kills ?? '60' }) },
  fuzz: {
    files: ['test/dicom/fuzz.test.ts'],
    env: ({ seconds, seed }) => ({ VOXPROMPT_FUZZ_SECONDS: seconds ?? '60', VOXPROMPT_FUZZ_SEED: seed ?? '1' }),
  },
  embed: { files: ['test/embed'], env: () => ({ VOXPROMPT_FULL: '1' }) },
  ohif: { files: ['test/ohif'], env: () => ({ VOXPROMPT_FULL: '1' }) },
  scroll: {
    files: ['test/browser/scroll.test.ts'],
    env: ({ rounds }) => ({ VOXPROMPT_FULL: '1', VOXPROMPT_ROUNDS: rounds ?? '12' }),
  },
  kill: { files: ['test/dicom/kills.test.ts'], env: ({ kills }) => ({ VOXPROMPT_KILLS: kills ?? '1000' }) },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string' },
  },
});
const form = FORMS[positionals[0]];
if (form === undefined) {
  console.error(`Which? One of ${Object.keys(FORMS).join(', ')}.`);
  process.exit(2);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', ...form.files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...form.env(values) },
});
process.exit(status ?? 1);
