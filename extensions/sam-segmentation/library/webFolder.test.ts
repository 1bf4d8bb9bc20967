import { afterEach, describe, expect, it, vi } from 'vitest';
import { ORIGIN, refusal, setUp } from '../../../test/support/models/openedLibrary.ts';
import { tinyFolder } from '../../../test/support/models/tinyFolder.ts';

afterEach(() => vi.unstubAllGlobals());

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
