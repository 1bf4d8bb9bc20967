import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { appError } from '#core/errors.ts';
import { err, ok } from '#core/result.ts';
import { fakeBrowserStorage } from '../../../test/support/models/fakeBrowserStorage.ts';
import { tinyFile, tinyFolder, tinyManifest } from '../../../test/support/models/tinyFolder.ts';
import { openNodeBackend } from '../inference/backends/node.ts';
import { parseManifest } from '../inference/manifest.ts';
import { readGraphs } from '../inference/modelFiles.ts';
import { checkPhantom } from '../inference/phantomCheck.ts';
import { createSamRuntime } from '../inference/samRuntime.ts';
import type { TestModel } from './addModel.ts';
import { addedFileUrl, addedManifestUrl } from './addresses.ts';
import { cacheStore } from './cacheStore.ts';
import { createModelLibrary } from './createModelLibrary.ts';
import type { DraftAnswers } from './draftManifest.ts';

const ORIGIN = 'https://viewer.example';

function setUp(quota?: number, test?: TestModel, hosts: readonly string[] = []) {
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

const refusal = (library: ReturnType<typeof setUp>['library']): readonly [string, string] | string => {
  const adding = library.adding.getState();
  return adding.kind === 'refused' ? [adding.error.code, adding.error.message] : adding.kind;
};
const ids = (library: ReturnType<typeof setUp>['library']) => library.models.getState().map(({ id }) => id);

afterEach(() => vi.unstubAllGlobals());

describe('a model added from a folder', () => {
  it('is offered with its licence, checked, tested, kept, chosen, there after a reload, and gone when deleted', async () => {
    const { library, reopened, kept } = setUp();
    await library.lookAtFiles(tinyFolder('mobile-sam'));
    expect(library.adding.getState()).toMatchObject({
      kind: 'offered',
      offer: {
        name: 'Tiny mobile-sam',
        files: 2,
        licence: { text: 'You may.' },
        from: { kind: 'disk', name: 'mobile-sam' },
      },
    });
    expect(kept.size).toBe(0);

    await library.accept();
    expect(library.adding.getState()).toMatchObject({
      kind: 'added',
      words: expect.stringMatching(/found (0\.9|1\.0)/),
    });
    library.choose('tiny-mobile-sam');
    expect(await library.chosenUrl()).toBe(addedManifestUrl('tiny-mobile-sam', ORIGIN));

    const later = reopened();
    await later.refresh();
    expect(later.chosen.getState()).toBe('tiny-mobile-sam');
    expect(later.models.getState()).toMatchObject([
      {
        id: 'tiny-mobile-sam',
        bytes: expect.any(Number),
        added: { at: '2026-11-23T02:00:00.000Z' },
        test: { kind: 'passed' },
      },
    ]);
    expect(await later.licenceText('tiny-mobile-sam')).toEqual(ok('You may.'));

    await later.remove('tiny-mobile-sam');
    expect([ids(later), kept.size, later.chosen.getState()]).toEqual([[], 0, 'litemedsam']);
    expect(await library.chosenUrl()).toBe(`${ORIGIN}/models/litemedsam/manifest.json`);
  });

  it('whose licence is not accepted leaves nothing behind', async () => {
    const { library, kept } = setUp();
    await library.lookAtFiles(tinyFolder('sam2'));
    library.cancel();
    await library.accept();
    expect([library.adding.getState().kind, kept.size]).toEqual(['nothing', 0]);
  });

  const flipped = tinyFile('edge-sam', 'decoder.onnx');
  flipped[100] = flipped[100]! ^ 1;
  const page = new TextEncoder().encode('<html><script>hacked()</script></html>');
  const sized = (bytes: Uint8Array, path: 'encoder' | 'decoder'): string =>
    tinyManifest('edge-sam', (manifest) => {
      const files = manifest.files as { role: string; graph: { bytes: number; sha256: string } }[];
      const { graph } = files.find(({ role }) => role === path)!;
      graph.bytes = bytes.length;
      graph.sha256 = createHash('sha256').update(bytes).digest('hex');
    });

  it.each([
    ['bytes that differ', { 'decoder.onnx': flipped }, 'model-hash-mismatch', 'decoder.onnx is not the file'],
    [
      'a file cut off',
      { 'decoder.onnx': flipped.subarray(0, 999) },
      'model-size-mismatch',
      'decoder.onnx has 999 bytes',
    ],
    [
      'a file that is missing',
      { 'encoder.onnx': undefined },
      'model-file-unreadable',
      'encoder.onnx is named by the manifest',
    ],
    [
      'a web page under the name of a graph, with its right hash',
      {
        'encoder.onnx': page,
        'manifest.json': sized(page, 'encoder'),
      },
      'not-onnx',
      'encoder.onnx is not an ONNX graph',
    ],
    [
      'another family',
      { 'manifest.json': tinyManifest('edge-sam', (manifest) => Object.assign(manifest, { family: 'meta-sam' })) },
      'model-signature-mismatch',
      'it has no output "low_res_masks"',
    ],
    [
      'values that the model was not trained on',
      {
        'manifest.json': tinyManifest('edge-sam', (manifest) => {
          delete (manifest.input as { normalization?: unknown }).normalization;
        }),
      },
      'model-self-test-failed',
      'did not pass its self-test',
    ],
  ])('is refused with %s, and nothing is kept', async (_, changes, code, said) => {
    const { library, kept } = setUp();
    await library.lookAtFiles(tinyFolder('edge-sam', changes));
    expect(library.adding.getState().kind).toBe('offered');
    await library.accept();
    expect(refusal(library)).toEqual([code, expect.stringContaining(said)]);
    expect(kept.size).toBe(0);
    expect(ids(library)).toEqual([]);
  });

  it.each([
    ['no JSON', { 'manifest.json': '<html>' }, 'model-manifest-malformed'],
    [
      'a path out of its folder',
      {
        'manifest.json': tinyManifest('sam2', ({ files }) =>
          Object.assign((files as { graph: object }[])[0]!.graph, { path: '../../LICENSE' }),
        ),
      },
      'model-manifest-malformed',
    ],
    [
      'an address for a path',
      {
        'manifest.json': tinyManifest('sam2', ({ licence }) =>
          Object.assign(licence as object, { file: '//evil.example/x' }),
        ),
      },
      'model-manifest-malformed',
    ],
    ['a manifest without end', { 'manifest.json': ' '.repeat(2 << 20) }, 'model-file-unreadable'],
    ['a volume model', { 'manifest.json': '{"family": "volume"}' }, 'model-not-promptable'],
    ['no licence to be read', { LICENSE: undefined }, 'licence-missing'],
    ['an empty licence', { LICENSE: ' \n' }, 'licence-missing'],
  ])('is not even offered with %s', async (_, changes, code) => {
    const { library, kept } = setUp();
    await library.lookAtFiles(tinyFolder('sam2', changes));
    expect([refusal(library)[0], kept.size]).toEqual([code, 0]);
  });

  it('is not offered under the id of one that is there', async () => {
    const { library } = setUp();
    await library.lookAtFiles(tinyFolder('sam2'));
    await library.accept();
    await library.lookAtFiles(tinyFolder('sam2'));
    expect(refusal(library)[0]).toBe('model-already-there');
  });

  it('is refused where the disk has no room: before, and when it fills up on the way', async () => {
    const small = setUp(50_000);
    await small.library.lookAtFiles(tinyFolder('sam2'));
    await small.library.accept();
    expect(refusal(small.library)).toEqual(['storage-full', expect.stringContaining('It has room for 50 kB')]);

    const filling = setUp(50_000);
    filling.setup.estimate.bind(filling);
    Object.assign(filling.setup, { estimate: async () => ({}) });
    await filling.library.lookAtFiles(tinyFolder('sam2'));
    await filling.library.accept();
    expect([refusal(filling.library)[0], filling.kept.size]).toEqual(['storage-full', 0]);
  });

  it('is stopped by a cancel in its self-test, and another window must wait', async () => {
    let testing: (() => void) | undefined;
    const started = new Promise<void>((resolve) => {
      testing = resolve;
    });
    const { library, reopened, kept } = setUp(undefined, async (_, { signal }) => {
      testing?.();
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      return err(appError('cancelled', 'The run was cancelled.'));
    });
    await library.lookAtFiles(tinyFolder('sam2'));
    const accepted = library.accept();
    await started;

    const other = reopened();
    await other.refresh();
    expect(kept.size).toBe(3);
    await other.lookAtFiles(tinyFolder('edge-sam'));
    await other.accept();
    expect(refusal(other)[0]).toBe('library-busy');

    library.cancel();
    await accepted;
    expect([library.adding.getState().kind, kept.size]).toEqual(['nothing', 0]);
  });

  it('that is gone when it is wanted makes room for the installation’s own, and is named', async () => {
    const { library, reopened, kept } = setUp();
    await library.lookAtFiles(tinyFolder('sam2'));
    await library.accept();
    library.choose('tiny-sam2');
    expect(library.gone.getState()).toBeUndefined();
    kept.clear();
    const later = reopened();
    expect(await later.chosenUrl()).toBe(`${ORIGIN}/models/litemedsam/manifest.json`);
    expect([later.chosen.getState(), later.gone.getState()]).toEqual(['litemedsam', 'tiny-sam2']);
  });

  it('stays chosen where the disk cannot be read just now', async () => {
    const { library, setup, reopened } = setUp();
    await library.lookAtFiles(tinyFolder('sam2'));
    await library.accept();
    library.choose('tiny-sam2');
    Object.assign(setup.caches, { open: () => Promise.reject(new Error('busy')) });
    const later = reopened();
    await later.refresh();
    expect(await later.chosenUrl()).toBe(addedManifestUrl('tiny-sam2', ORIGIN));
    expect(later.chosen.getState()).toBe('tiny-sam2');
  });

  it('that a killed browser left half is cleared away', async () => {
    const { library, kept } = setUp();
    kept.set(addedFileUrl('half', 'encoder.onnx', ORIGIN), new Blob(['x']));
    kept.set(addedManifestUrl('half', ORIGIN), new Blob([tinyManifest('sam2', () => undefined)]));
    await library.refresh();
    expect([ids(library), kept.size]).toEqual([[], 0]);
  });
});

describe('a folder of graphs without a manifest', () => {
  it('is asked for what the graphs do not say, and becomes a model', async () => {
    const { library } = setUp();
    const files = tinyFolder('medsam', { 'manifest.json': undefined }, 'our fine-tune').map(({ path, blob }) => ({
      path: path.replace('encoder.onnx', 'image encoder (2).onnx'),
      blob,
    }));
    await library.lookAtFiles(files);
    const asking = library.adding.getState();
    if (asking.kind !== 'asking') throw new Error(asking.kind);
    expect(asking.proposed).toMatchObject({ name: 'our fine-tune', pixels: undefined, licenceText: 'You may.' });

    const answers: DraftAnswers = { ...asking.proposed, licence: 'LicenseRef-ours', pixels: 'bytes-imagenet' };
    library.answer({ ...answers, pixels: undefined });
    expect(library.adding.getState()).toMatchObject({ kind: 'asking', problem: { code: 'model-draft-incomplete' } });
    library.answer(answers);
    expect(library.adding.getState()).toMatchObject({ kind: 'offered', offer: { drafted: true } });
    await library.accept();
    expect(refusal(library)[0]).toBe('model-self-test-failed');

    await library.lookAtFiles(files);
    library.answer({ ...answers, pixels: 'unit' });
    await library.accept();
    expect(library.adding.getState()).toMatchObject({ kind: 'added', id: 'our-fine-tune', name: 'our fine-tune' });
  });

  it('is refused where the graphs are of no known family', async () => {
    const { library } = setUp();
    await library.lookAtFiles([{ path: 'x/notes.txt', blob: new Blob(['no model']) }]);
    expect(refusal(library)[0]).toBe('model-not-recognised');
    await library.lookAtFiles([]);
    expect(refusal(library)[0]).toBe('model-folder-unclear');
    await library.lookAtFiles([...tinyFolder('sam2', {}, 'models/a'), ...tinyFolder('edge-sam', {}, 'models/b')]);
    expect(refusal(library)).toEqual(['model-folder-unclear', expect.stringContaining('several models')]);
  });
});

describe('a model added by its address', () => {
  const HOST = 'https://models.example';
  /** A host of files, some of them spoiled. */
  function host(files: ReturnType<typeof tinyFolder>, spoil: (path: string) => Response | undefined = () => undefined) {
    const asked: string[] = [];
    const fetched = vi.fn(async (url: URL | string) => {
      const { href, pathname } = new URL(url);
      asked.push(href);
      const file = files.find(({ path }) => `/${path}` === pathname);
      const spoiled = spoil(pathname);
      if (spoiled !== undefined) return spoiled;
      return file === undefined ? new Response('', { status: 404 }) : new Response(file.blob);
    });
    vi.stubGlobal('fetch', fetched);
    return asked;
  }

  it('is fetched in two steps: what it is, and, after its licence was accepted, its files', async () => {
    const asked = host(tinyFolder('sam2'));
    const { library } = setUp(undefined, undefined, [HOST]);
    await library.lookAtAddress(` ${HOST}/sam2/ `);
    expect(library.adding.getState()).toMatchObject({
      kind: 'offered',
      offer: { from: { kind: 'web', name: 'models.example' } },
    });
    expect(asked).toEqual([`${HOST}/sam2/manifest.json`, `${HOST}/sam2/LICENSE`]);
    await library.accept();
    expect(library.adding.getState().kind).toBe('added');
    expect(asked.slice(2).filter((url) => !url.startsWith(ORIGIN))).toEqual([
      `${HOST}/sam2/encoder.onnx`,
      `${HOST}/sam2/decoder.onnx`,
    ]);
  });

  it.each([
    ['https://elsewhere.example/m/manifest.json', 'model-host-not-allowed'],
    ['https://models.example:444/m/', 'model-host-not-allowed'],
    ['https://models.example.evil.example/', 'model-host-not-allowed'],
    ['https://user:secret@models.example/m/', 'bad-model-address'],
    ['javascript:alert(1)', 'bad-model-address'],
    ['file:///etc/passwd', 'bad-model-address'],
    ['models.example/m', 'bad-model-address'],
    ['//elsewhere.example/m', 'model-host-not-allowed'],
  ])('%s is refused and nothing is asked of anybody', async (address, code) => {
    const asked = host([]);
    const { library } = setUp(undefined, undefined, [HOST]);
    await library.lookAtAddress(address);
    expect([refusal(library)[0], asked]).toEqual([code, []]);
    const adding = library.adding.getState();
    if (code === 'model-host-not-allowed')
      expect(adding.kind === 'refused' && adding.error.remedy).toMatch(/--model-host https:\/\/.+ from your disk/);
  });

  it.each([
    ['ends early', new Response('short'), 'model-file-unreadable', /ended after 5 of the \d+ bytes/],
    ['has no end', new Response(new Uint8Array(200_000)), 'model-file-unreadable', /longer than the \d+ bytes/],
    ['is a page for signing in', new Response('', { status: 403 }), 'model-file-unreadable', /HTTP 403/],
  ])('with a file that %s is refused and nothing is kept', async (_, answer, code, cause) => {
    host(tinyFolder('sam2'), (path) => (path.endsWith('decoder.onnx') ? answer : undefined));
    const { library, kept } = setUp(undefined, undefined, [HOST]);
    await library.lookAtAddress(`${HOST}/sam2/manifest.json`);
    await library.accept();
    const adding = library.adding.getState();
    expect([refusal(library)[0], kept.size]).toEqual([code, 0]);
    expect(adding.kind === 'refused' && adding.error.cause).toMatch(cause);
  });
});
