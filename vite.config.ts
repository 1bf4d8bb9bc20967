import { createReadStream, statSync } from 'node:fs';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const archive = `http://127.0.0.1:${process.env.VOXPROMPT_PORT ?? '8080'}`;

/** The built app gets these from src/server; threads in WebAssembly need the first two. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
const proxy = { '/dicom-web': { target: archive }, '/config.json': { target: archive } };

/** Weights stay in models/ and are never copied into a build: src/server serves the same folder under the same path. */
function serveModels(): Plugin {
  const folder = join(root, 'models');
  const types: Readonly<Record<string, string>> = { '.json': 'application/json', '.onnx': 'application/octet-stream' };
  return {
    name: 'voxprompt-models',
    configureServer(server) {
      server.middlewares.use('/models', (request, response, next) => {
        const path = normalize(join(folder, decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/')));
        const file = path.startsWith(folder + sep) ? statSync(path, { throwIfNoEntry: false }) : undefined;
        if (!file?.isFile()) return next();
        response.setHeader('Content-Type', types[extname(path)] ?? 'application/octet-stream');
        response.setHeader('Content-Length', file.size);
        createReadStream(path).pipe(response);
      });
    },
  };
}

/**
 * Cornerstone sets the style of its text by attribute, which a Content Security Policy without `unsafe-inline` blocks; the same
 * style by CSSOM is allowed. Fails the build where the vendor's line is no longer there.
 */
function styleByCssom(): Plugin {
  const blocked = "textElement.setAttribute('style', combinedStyle);";
  return {
    name: 'voxprompt-style-by-cssom',
    apply: 'build',
    transform(code, id) {
      if (!id.split('?')[0]?.endsWith('/drawingSvg/drawTextBox.js')) return undefined;
      if (!code.includes(blocked)) throw new Error('drawTextBox.js has changed: see vite.config.ts');
      return code.replace(blocked, 'textElement.style.cssText = combinedStyle;');
    },
  };
}

export default defineConfig({
  root: 'src',
  publicDir: '../public',
  base: process.env.BASE ?? '/',
  plugins: [react(), serveModels(), styleByCssom()],
  optimizeDeps: {
    exclude: ['@cornerstonejs/dicom-image-loader'],
    // The CommonJS codecs die silently when they are not pre-bundled; what only a worker imports would be found late and
    // reload the page in the middle of work.
    include: [
      'dicom-parser',
      '@cornerstonejs/codec-charls/decodewasmjs',
      '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs',
      '@cornerstonejs/codec-openjpeg/decodewasmjs',
      '@cornerstonejs/codec-openjph/wasmjs',
      'onnxruntime-web/webgpu',
      'onnxruntime-web/wasm',
    ],
  },
  worker: { format: 'es' },
  server: { proxy, headers, fs: { allow: ['..'] } },
  preview: { proxy, headers },
  // The server replaces the placeholder by a fresh nonce for each page it sends (Content-Security-Policy style-src).
  html: { cspNonce: 'VOXPROMPT_NONCE' },
  build: { target: 'esnext', outDir: '../dist/app', emptyOutDir: true, chunkSizeWarningLimit: 6000 },
});
