import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { withDeadline } from '#extension-api';
import { cancelled } from '../inference/failures.ts';
import { downloadModelFile } from '../inference/fetchModelFile.ts';
import { fileUnreadable, tooLarge } from './failures.ts';
import { MANIFEST, type ModelFolder } from './modelFolder.ts';

/** Which addresses a page may fetch from: its own, and those that its Content-Security-Policy lets through. */
export interface AllowedHosts {
  readonly page: string;
  readonly hosts: readonly string[];
}

/** Long enough for a slow line, short enough for somebody who waits. */
const PATIENCE_MS = 30_000;

/**
 * The address of a manifest, or of the folder that holds it. Nothing is fetched here.
 *
 * @returns `bad-model-address`, or `model-host-not-allowed` with what the installation has to say first: the browser would
 *   refuse the request, without a word that helps
 */
export function manifestAddress(given: string, { page, hosts }: AllowedHosts): Result<URL> {
  const address = given.trim();
  const whole = /^https?:\/\//i.test(address) ? address : address.startsWith('/') ? new URL(address, page).href : '';
  if (!URL.canParse(whole)) return bad('Give the whole address, with https://, of a manifest.json or of its folder.');
  const url = new URL(whole);
  if (url.username !== '' || url.password !== '') return bad('An address with a password in it is not used.');
  url.hash = '';
  if (url.pathname.endsWith('/')) url.pathname += MANIFEST;
  if (!url.pathname.endsWith('.json')) url.pathname += `/${MANIFEST}`;
  if (url.origin === new URL(page).origin || hosts.includes(url.origin)) return ok(url);
  return err(
    appError(
      'model-host-not-allowed',
      `This installation does not fetch models from ${url.host}; nothing was asked of it.`,
      {
        remedy: `Have the server started with --model-host ${url.origin}, or download the model's folder and add it from your disk.`,
        context: { host: url.host },
      },
    ),
  );
}

const bad = (message: string) =>
  err(
    appError('bad-model-address', message, { remedy: 'For example https://models.example/mobile-sam/manifest.json.' }),
  );

/** The folder of a manifest on a host; see {@link manifestAddress}. */
export function webFolder(manifest: URL): ModelFolder {
  return {
    origin: { kind: 'web', name: manifest.host },
    async text(path, most, { signal } = {}) {
      const url = path === MANIFEST ? manifest : new URL(path, manifest);
      try {
        return await withDeadline(PATIENCE_MS, signal, async (limited) => {
          const response = await fetch(url, { signal: limited, referrerPolicy: 'no-referrer' });
          if (!response.ok) return err(fileUnreadable(path, `HTTP ${response.status}`));
          return await textOf(response, path, most);
        });
      } catch (cause) {
        return signal?.aborted ? err(cancelled()) : err(unreachable(path, manifest.host, cause));
      }
    },
    async read(entry, options = {}) {
      const bytes = await downloadModelFile(new URL(entry.path, manifest), entry, options);
      if (bytes.ok || bytes.error.code === 'cancelled') return bytes;
      return err(fileUnreadable(entry.path, bytes.error.cause));
    },
  };
}

async function textOf(response: Response, path: string, most: number): Promise<Result<string>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    length += part.value.byteLength;
    if (length > most) {
      await reader?.cancel();
      return err(tooLarge(path, most));
    }
    parts.push(part.value);
  }
  return ok(await new Blob(parts as Uint8Array<ArrayBuffer>[]).text());
}

/** A browser does not tell a page why a request to another host failed. */
const unreachable = (path: string, host: string, cause: unknown) =>
  appError('model-file-unreadable', `${path} could not be fetched from ${host}.`, {
    remedy: `Check the address. The host must answer other pages (Access-Control-Allow-Origin) and must not send the request on to a host that this installation does not allow.`,
    cause,
    context: { file: path },
  });
