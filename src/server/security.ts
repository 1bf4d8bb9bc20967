import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';

const CONTENT_SECURITY_POLICY = (nonce: string, origins: readonly string[]): string =>
  [
    "default-src 'none'",
    // WebAssembly needs the second; nothing is evaluated and nothing comes from elsewhere.
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    // Besides us only what the installation names: its sign-in, hosts that models may be added from.
    ['connect-src', "'self'", 'blob:', ...origins].join(' '),
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Headers of every answer: cross-origin isolation (threads in WebAssembly) and nothing from or for third parties. */
export function setSecurityHeaders(response: ServerResponse, nonce: string, origins: readonly string[] = []): void {
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY(nonce, origins));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
}

/**
 * Whether a request may have come from our own page. A name that an attacker points at this machine (DNS rebinding) shows
 * in Host; a page of theirs that posts to us shows in Origin.
 */
export function isTrusted(request: IncomingMessage, allowedHosts: readonly string[]): boolean {
  const { host, origin } = request.headers;
  // Node takes the first of several (RFC 9112 3.2 wants a refusal): another in front of us may have taken the last.
  const hosts = request.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length !== 1) return false;
  if (host === undefined || !isKnownHost(host, allowedHosts)) return false;
  return origin === undefined || hostOf(origin) === host.toLowerCase();
}

function isKnownHost(host: string, allowedHosts: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  return name === 'localhost' || isIP(name.replace(/^\[|\]$/g, '')) !== 0 || allowedHosts.includes(name);
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
