import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';

const PEERS = /^(@cornerstonejs\/(core|tools)|onnxruntime-web|react|react-dom)(\/|$)/;

const ENTRIES = ['sam-segmentation.js', 'sam-segmentation-react.js', 'inference-worker.js'];

/** What SAM with its panel and its worker adds to a host's bundle: everything but the peers, minified, gzipped. */
export async function gzippedBudget(installed: string) {
  const built = await build({
    root: installed,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      target: 'es2023',
      // The worker is an input of its own here, and the runtime's files are not counted.
      lib: { entry: ENTRIES.map((name) => join(installed, name)), formats: ['es'] },
      rollupOptions: { external: (id) => PEERS.test(id) },
    },
    plugins: [
      {
        name: 'addresses-stay',
        enforce: 'pre',
        transform: (code) => ({ code: code.replaceAll('import.meta.url', 'globalThis.location.href'), map: null }),
      },
    ],
  });
  const [{ output }] = built as [Rollup.RollupOutput];
  const files = Object.fromEntries(
    output.flatMap((chunk) => (chunk.type === 'chunk' ? [[chunk.fileName, gzipSync(chunk.code).length] as const] : [])),
  );
  return { files, total: Object.values(files).reduce((sum, bytes) => sum + bytes, 0) };
}
