import { appError } from '#core/errors.ts';
import { err, ok } from '#core/result.ts';
import { openNodeBackend } from '../../../extensions/sam-segmentation/inference/backends/node.ts';
import { parseManifest } from '../../../extensions/sam-segmentation/inference/manifest.ts';
import { readGraphs } from '../../../extensions/sam-segmentation/inference/modelFiles.ts';
import { checkPhantom } from '../../../extensions/sam-segmentation/inference/phantomCheck.ts';
import { createSamRuntime } from '../../../extensions/sam-segmentation/inference/samRuntime.ts';
import type { TestModel } from '../../../extensions/sam-segmentation/library/addModel.ts';
import { addedFileUrl } from '../../../extensions/sam-segmentation/library/addresses.ts';
import { cacheStore } from '../../../extensions/sam-segmentation/library/cacheStore.ts';
import { createModelLibrary } from '../../../extensions/sam-segmentation/library/createModelLibrary.ts';
import { fakeBrowserStorage } from './fakeBrowserStorage.ts';

export const ORIGIN = 'https://viewer.example';

/** A library in a browser's storage of `quota` bytes, empty at first; models are tested in Node unless `test` is given. */
export function setUp(quota?: number, test?: TestModel, hosts: readonly string[] = []) {
  const browser = fakeBrowserStorage(quota);
  const storage = new Map<string, string>();
  /** The self-test of the product, on ONNX Runtime in Node, with what was kept. */
  const real: TestModel = async (manifestUrl) => {
    const id = manifestUrl.split('/').at(-2)!;
    const manifest = parseManifest(await browser.kept.get(manifestUrl)!.text(), 'manifest.json');
    if (!manifest.ok) return manifest;
    const graphs = await readGraphs(manifest.value, async ({ path }) =>
      ok(new Uint8Array(await browser.kept.get(addedFileUrl(id, path, ORIGIN))!.arrayBuffer())),
    );
    const runtime = graphs.ok ? await createSamRuntime(manifest.value, graphs.value, openNodeBackend(1)) : graphs;
    const checked = runtime.ok ? await checkPhantom(runtime.value) : runtime;
    if (!checked.ok) return checked;
    return checked.value.passed ? ok(checked.value) : err(appError('no-backend', checked.value.words));
  };
  const open = () =>
    createModelLibrary({
      builtIn: [{ id: 'litemedsam', role: 'prompt', manifestUrl: `${ORIGIN}/models/litemedsam/manifest.json` }],
      store: cacheStore(browser.setup),
      noStore: appError('storage-failed', 'Nothing can be kept.'),
      test: test ?? real,
      storage: { getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => void storage.set(key, value) },
      page: `${ORIGIN}/`,
      hosts,
      now: () => new Date('2026-11-23T02:00:00Z'),
    });
  return { ...browser, library: open(), reopened: open };
}

export const refusal = (library: ReturnType<typeof setUp>['library']): readonly [string, string] | string => {
  const adding = library.adding.getState();
  return adding.kind === 'refused' ? [adding.error.code, adding.error.message] : adding.kind;
};
export const ids = (library: ReturnType<typeof setUp>['library']) => library.models.getState().map(({ id }) => id);
