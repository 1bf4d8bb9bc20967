import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type PluginOption } from 'vite';

/** Builds the page of a test for production. @param source the folder of its index.html, as an address */
export async function buildPage(
  source: URL,
  outDir: string,
  plugins: PluginOption[] = [],
  minify = true,
): Promise<void> {
  await build({
    root: fileURLToPath(source),
    configFile: false,
    logLevel: 'error',
    base: './',
    plugins,
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'esnext', chunkSizeWarningLimit: 8000, ...(minify ? {} : { minify }) },
  });
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

/** The Content-Type of a file of a built page. */
export const typeOf = (path: string): string => TYPES[extname(path)] ?? 'application/octet-stream';

/** The file that is meant by the path of a request. */
export const fileOf = (path: string): string => (path === '/' ? 'index.html' : path);
