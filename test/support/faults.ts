import type { IncomingMessage, ServerResponse } from 'node:http';
import type { durableWrite } from '../../src/server/archive/durableWrite.ts';

/** What can go wrong between a viewer and its archive. */
export type Fault =
  /** The disk is full: 507 with reason A700. */
  | { readonly on: 'store'; readonly kind: 'disk-full' }
  /** A status with a body; a JSON one, or a login page. */
  | {
      readonly on: 'store' | 'read';
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly contentType?: string;
    }
  /** The connection breaks before anything is done. */
  | { readonly on: 'store' | 'read'; readonly kind: 'dropped' }
  /** The object is stored, and the connection breaks before the answer. */
  | { readonly on: 'store'; readonly kind: 'answer-lost' }
  /** The answer comes, but late. */
  | { readonly on: 'store' | 'read'; readonly kind: 'slow'; readonly ms: number };

export const LOGIN_PAGE = '<!doctype html><title>Log in</title><form></form>';

/** Takes the next planned fault for requests of its kind. `true`: the request is answered. */
export const intercepting =
  (planned: Fault[]) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    if (!request.url?.startsWith('/dicom-web')) return false;
    const place = planned.findIndex((fault) => fault.on === (request.method === 'POST' ? 'store' : 'read'));
    const fault = planned[place];
    if (fault === undefined || fault.kind === 'disk-full') return false;
    planned.splice(place, 1);
    switch (fault.kind) {
      case 'status':
        request.resume();
        response.writeHead(fault.status, { 'Content-Type': fault.contentType ?? 'text/html' });
        response.end(fault.body ?? LOGIN_PAGE);
        return true;
      case 'dropped':
        request.socket.destroy();
        return true;
      case 'answer-lost':
        // The handler does its work; what it writes goes nowhere.
        response.end = (() => {
          request.socket.destroy();
          return response;
        }) as ServerResponse['end'];
        return false;
      case 'slow':
        await new Promise((resolve) => setTimeout(resolve, fault.ms));
        return false;
    }
  };

/** A write that fails with ENOSPC where that is planned. */
export const faultyWrite =
  (planned: Fault[], write: typeof durableWrite): typeof durableWrite =>
  async (...parameters) => {
    const place = planned.findIndex(({ kind }) => kind === 'disk-full');
    if (place >= 0) {
      planned.splice(place, 1);
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    }
    return write(...parameters);
  };
