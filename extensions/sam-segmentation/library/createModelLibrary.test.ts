import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { appError } from '#core/errors.ts';
import { err, ok } from '#core/result.ts';
import { ids, ORIGIN, refusal, setUp } from '../../../test/support/models/openedLibrary.ts';
import { tinyFile, tinyFolder, tinyManifest } from '../../../test/support/models/tinyFolder.ts';
import { addedFileUrl, addedManifestUrl } from './addresses.ts';

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
