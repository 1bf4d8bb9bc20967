/**
 * `npm run build` in one module: the viewer (dist/app), then the Node programs (dist/server.js with its worker demo.js, dist/cli.js).
 * Plain JavaScript, because it runs before anything is built.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { licencesText } from './shippedParts.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Node programs, by name of the file in dist/. One that has no source yet is left out. */
const programs = { server: 'src/server/main.ts', demo: 'src/server/demo/phantomWorker.ts', cli: 'src/cli/main.ts' };

/** @param {{ only?: 'app' | 'node', logLevel?: 'info' | 'warn' | 'error' }} options */
export async function build({ only, logLevel = 'warn' } = {}) {
  const vite = await import('vite');
  // A build asked for by a test runner (NODE_ENV=test) is the same build: React would bring its development form along.
  const { NODE_ENV: asked = 'production' } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    if (only !== 'node') {
      await vite.build({ configFile: join(root, 'vite.config.ts'), logLevel });
      writeFileSync(join(root, 'dist', 'app', 'licences.txt'), licencesText(root));
    }
    if (only !== 'app') await vite.build(nodeConfig(logLevel));
  } finally {
    process.env.NODE_ENV = asked;
  }
}

function nodeConfig(logLevel) {
  const input = Object.fromEntries(
    Object.entries(programs)
      .map(([name, source]) => [name, join(root, source)])
      .filter(([, source]) => existsSync(source)),
  );
  return {
    configFile: false,
    root,
    logLevel,
    publicDir: false,
    build: {
      ssr: true,
      target: 'node20',
      outDir: join(root, 'dist'),
      emptyOutDir: false,
      rollupOptions: { input, output: { entryFileNames: '[name].js', chunkFileNames: 'node/[name]-[hash].js' } },
    },
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const only = process.argv.includes('--node') ? 'node' : process.argv.includes('--app') ? 'app' : undefined;
  await build({ only, logLevel: 'info' });
}
