import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { type AppError, appError } from '#core/errors.ts';
import { measureNodeSpeed, type SpeedFolders } from '../../../extensions/sam-segmentation/node.ts';
import { DEFAULT_VOLUME_MODEL, modelDirectory } from '../model.ts';
import { parsed, positive, usageError } from '../usage.ts';
import { applicationSpeed } from './browser/application.ts';
import { browserSpeed } from './browser/backendSpeed.ts';
import { startChromium } from './browser/chromium.ts';
import { serveSpeedPage } from './browser/speedPage.ts';
import { withPeakMemory } from './peakMemory.ts';
import { type Measured, type SpeedReport, speedReport } from './speedReport.ts';
import { applicationText, backendsText } from './speedTables.ts';

const PARTS = ['node', 'browser', 'application'] as const;
type Part = (typeof PARTS)[number];
const DEFAULT_RUNS = 5;
const THREADS = [1, 2];

/** `voxprompt bench speed`: every backend in one run, and the main thread of the real application. */
export async function speedCommand(args: readonly string[]): Promise<AppError | undefined> {
  const values = parsed(args, {
    json: { type: 'string' },
    model: { type: 'string' },
    runs: { type: 'string' },
    only: { type: 'string' },
  });
  if (!values.ok) return values.error;
  const { json, model, only } = values.value;
  const runs = positive(values.value.runs, '--runs');
  if (!runs.ok) return runs.error;
  const wanted = only?.split(',') ?? PARTS;
  if (!wanted.every(isPart)) return usageError(`--only knows ${PARTS.join(', ')}.`);

  const folders = { prompted: modelDirectory(model), volume: modelDirectory(DEFAULT_VOLUME_MODEL) };
  const backends: Measured[] = [];
  if (wanted.includes('node')) {
    for (const threads of THREADS) {
      const entry = await nodeSpeed(folders, threads, runs.value ?? DEFAULT_RUNS);
      if ('code' in entry) return entry;
      backends.push(entry);
    }
  }
  let application: SpeedReport['application'] = null;
  if (wanted.includes('browser') || wanted.includes('application')) {
    const browser = await startChromium();
    if (!browser.ok) {
      const absent = [browser.error.message, browser.error.cause].filter(Boolean).join(': ');
      backends.push({ name: 'wasm and webgpu', absent });
      application = { absent };
    } else {
      try {
        if (wanted.includes('browser')) {
          const page = await serveSpeedPage(folders.prompted, folders.volume);
          const kinds = [
            ...THREADS.map((threads) => ({ backend: 'wasm' as const, threads })),
            { backend: 'webgpu' as const, threads: 1 },
          ];
          for (const kind of kinds) {
            backends.push(await browserSpeed(browser.value, page.url, kind, runs.value ?? DEFAULT_RUNS));
          }
          await page.stop();
        }
        if (wanted.includes('application')) application = await applicationSpeed(browser.value);
      } finally {
        await browser.value.close();
      }
    }
  }
  if (backends.length > 0) console.log(backendsText(backends));
  if (application !== null) console.log(`\n${applicationText(application)}`);
  if (json === undefined) return undefined;
  const report: SpeedReport = {
    format: 'voxprompt-bench-speed',
    version: 4,
    models: Object.values(folders).map((folder) => basename(folder)),
    cores: availableParallelism(),
    backends,
    application,
  };
  try {
    await writeFile(json, `${JSON.stringify(speedReport.parse(report), null, 2)}\n`);
  } catch (cause) {
    return appError('not-written', `${json} could not be written.`, { cause });
  }
  return undefined;
}

const isPart = (text: string): text is Part => PARTS.some((part) => part === text);

async function nodeSpeed(folders: SpeedFolders, threads: number, runs: number): Promise<Measured | AppError> {
  const { value, peak } = await withPeakMemory(() => measureNodeSpeed(folders, threads, { runs }));
  if (!value.ok) return value.error;
  return { name: `node, ${threads} thread${threads === 1 ? '' : 's'}`, speed: { ...value.value, memory: peak } };
}
