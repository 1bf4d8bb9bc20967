import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendError } from './respond.ts';

const COOKIE = 'voxprompt-token';

/**
 * The door of a server that has a token: requests carry it in a cookie, which the page gets by being opened once with
 * `?token=…`, or as a bearer token from programs. @returns whether the request may go on; otherwise it has been answered
 */
export function admit(request: IncomingMessage, response: ServerResponse, url: URL, token: string): boolean {
  const offered = url.searchParams.get('token');
  if (offered !== null && request.method === 'GET' && equal(offered, token)) {
    // Out of the address bar, the history and the referrer at once.
    url.searchParams.delete('token');
    const cookie = `${COOKIE}=${encodeURIComponent(token)}; Path=/; HttpOnly; SameSite=Strict`;
    response.writeHead(303, { Location: url.pathname + url.search, 'Set-Cookie': cookie, 'Cache-Control': 'no-store' });
    response.end();
    return false;
  }
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const presented = cookieOf(request) ?? bearer;
  if (presented !== undefined && equal(presented, token)) return true;
  sendError(response, 401, 'The server wants its token: open the address that it printed when it started.');
  return false;
}

function cookieOf({ headers }: IncomingMessage): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [name, value = ''] = pair.trim().split('=');
    if (name === COOKIE) return decoded(value);
  }
  return undefined;
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** In the same time whatever is offered, of any length. */
const equal = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
