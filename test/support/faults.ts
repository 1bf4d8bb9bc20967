import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { parseMultipart, storeInstance } from '../../extensions/dicomweb/node.ts';
import { parsePart10 } from '../../extensions/local-files/node.ts';
import type { durableWrite } from '../../src/server/archive/durableWrite.ts';
import { readBody } from '../../src/server/readBody.ts';
import { sendDicomJson } from '../../src/server/respond.ts';
import { altered, cutOff, truncated, withheld, wrongBoundary } from './spoiledAnswers.ts';

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
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection breaks before anything is done. */
  | { readonly on: 'store' | 'read'; readonly kind: 'dropped' }
  /** The object is stored, and the connection breaks before the answer. */
  | { readonly on: 'store'; readonly kind: 'answer-lost' }
  /** The connection breaks in the middle of what is sent. */
  | { readonly on: 'store'; readonly kind: 'dropped-midway' }
  /** Of two objects, ours is refused. */
  | { readonly on: 'store'; readonly kind: 'partial' }
  /** The archive has other pixels under the UID, keeps them, and says that it stored ours. */
  | { readonly on: 'store'; readonly kind: 'keeps-other' }
  /** The answer breaks off, ends early, names a boundary that it has not, or has a pixel changed. */
  | { readonly on: 'store' | 'read'; readonly kind: 'cut-off' }
  | { readonly on: 'read'; readonly kind: 'truncated' | 'wrong-boundary' | 'altered' }
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
    // What is compressed cannot be spoilt with care.
    delete request.headers['accept-encoding'];
    switch (fault.kind) {
      case 'status':
        request.resume();
        response.writeHead(fault.status, { 'Content-Type': fault.contentType ?? 'text/html', ...fault.headers });
        response.end(fault.body ?? LOGIN_PAGE);
        return true;
      case 'dropped':
        request.socket.destroy();
        return true;
      case 'answer-lost':
        // The handler does its work; what it writes goes nowhere.
        withheld(response, () => request.socket.destroy());
        return false;
      case 'dropped-midway':
        request.once('data', () => request.socket.destroy());
        return true;
      case 'partial':
        await answerPartly(request, response);
        return true;
      case 'keeps-other':
        await keepOther(request, response);
        return true;
      case 'cut-off':
        cutOff(response);
        return false;
      case 'truncated':
        truncated(response);
        return false;
      case 'wrong-boundary':
        wrongBoundary(response);
        return false;
      case 'altered':
        altered(response);
        return false;
      case 'slow':
        await new Promise((resolve) => setTimeout(resolve, fault.ms));
        return false;
    }
  };

/** The one object of a store request. */
async function sentObject(request: IncomingMessage): Promise<Uint8Array> {
  const body = await readBody(request, 1 << 30);
  const parts = parseMultipart(body ?? new Uint8Array(), request.headers['content-type'] ?? '');
  if (!parts.ok || parts.value[0] === undefined) throw new Error('the test sent no object');
  return parts.value[0].body.slice();
}

const uidOf = (object: Uint8Array): string => {
  const parsed = parsePart10(object, { name: 'sent' });
  return (parsed.ok && text(parsed.value.dataset, Tag.SOPInstanceUID)) || '';
};

const reference = (uid: string, more: object = {}): object => ({ '00081155': { vr: 'UI', Value: [uid] }, ...more });

async function answerPartly(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const uid = uidOf(await sentObject(request));
  const reason = { '00081197': { vr: 'US', Value: [0x0110] } };
  sendDicomJson(response, 202, {
    '00081198': { vr: 'SQ', Value: [reference(uid, reason)] },
    '00081199': { vr: 'SQ', Value: [reference('1.2.3.4')] },
  });
}

async function keepOther(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const object = await sentObject(request);
  const uid = uidOf(object);
  object[object.length - 2]! ^= 1;
  // To where the request went: this fault is used up, so the object gets through.
  const root = `http://${request.headers.host}/dicom-web`;
  const study = /studies\/([\d.]+)/.exec(request.url ?? '')?.[1] ?? '';
  await storeInstance(root, object, study);
  sendDicomJson(response, 200, { '00081199': { vr: 'SQ', Value: [reference(uid)] } });
}

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
