import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sendBytes, sendError } from './respond.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.onnx': 'application/octet-stream',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** Put into the page by the build, replaced by a fresh nonce each time it is sent. */
const NONCE = 'VOXPROMPT_NONCE';

/** A folder inside a URL space; `path` is what follows the space's prefix. Nothing outside the folder is ever sent. */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
  path: string,
  nonce: string,
): Promise<void> {
  const name = decoded(path);
  const file = name === undefined ? undefined : normalize(join(folder, name));
  if (
    file === undefined ||
    !file.startsWith(folder + sep) ||
    name?.split(/[\\/]/).some((part) => part.startsWith('.'))
  ) {
    return sendError(response, 404, 'There is no such file.');
  }
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile()) return sendError(response, 404, 'There is no such file.');
  const contentType = TYPES[extname(file)] ?? 'application/octet-stream';
  // Hashed assets never change; the page and the configuration always may.
  response.setHeader(
    'Cache-Control',
    /-[\w-]{8,}\.\w+$/.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache',
  );
  if (extname(file) === '.html') {
    const html = (await readFile(file, 'utf8')).replaceAll(NONCE, nonce);
    return sendBytes(response, 200, contentType, Buffer.from(html));
  }
  const tag = `"${info.size.toString(36)}-${Math.floor(info.mtimeMs).toString(36)}"`;
  response.setHeader('ETag', tag);
  if (request.headers['if-none-match'] === tag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': info.size });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(file), response);
}

function decoded(path: string): string | undefined {
  try {
    const name = decodeURIComponent(path);
    return name.includes('\0') ? undefined : name;
  } catch {
    return undefined;
  }
}
