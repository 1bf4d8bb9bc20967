import type { IncomingMessage, ServerResponse } from 'node:http';
import { number } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import type { Archive, ArchivedInstance } from '../archive/archive.ts';
import { sendError } from '../respond.ts';
import { sendBulkData } from './bulkData.ts';
import { sendFrames } from './frames.ts';
import { sendMetadata } from './metadata.ts';
import { instancesOf, sendQuery } from './query.ts';
import { sendInstances } from './retrieve.ts';
import { storeInstances } from './store.ts';

export interface DicomWebSettings {
  readonly archive: Archive;
  /** Largest body of one store request. */
  readonly maxStoreBytes: number;
}

/** `/studies/<uid>/series/<uid>/instances/<uid>/<rest>`, every part of it optional. */
const RESOURCE =
  /^\/studies(?:\/([\d.]+)(?:\/series(?:\/([\d.]+)(?:\/instances(?:\/([\d.]+))?)?)?)?)?(?:\/(metadata|instances|(?:frames|bulkdata)\/[\w.,]+))?$/;

/**
 * The embedded archive's DICOMweb services (PS3.18 section 10).
 * @param path below the DICOMweb root, without query
 */
export async function handleDicomWeb(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  path: string,
  { archive, maxStoreBytes }: DicomWebSettings,
): Promise<void> {
  const store = /^\/studies(?:\/([\d.]+))?$/.exec(path);
  if (request.method === 'POST' && store !== null) {
    return storeInstances(request, response, archive, { url, study: store[1], maxBytes: maxStoreBytes });
  }
  if (request.method !== 'GET') return sendError(response, 405, 'The archive answers GET, and POST to /studies.');
  if (path === '/series' || path === '/instances') {
    return sendQuery(response, archive, { level: path === '/series' ? 'series' : 'instance' }, url);
  }
  const match = RESOURCE.exec(path);
  if (match === null) return sendError(response, 404, 'The archive has no such resource.');
  const [, study, series, instance, rest] = match;
  const query = queryLevel(path, study, series);
  if (query !== undefined) return sendQuery(response, archive, query, url);
  const instances = instancesOf(archive, study!, series, instance).sort(byNumber);
  const only = instances[0];
  if (only === undefined) return sendError(response, 404, 'The archive does not hold that.');
  if (rest === undefined) return sendInstances(request, response, instances, url);
  if (rest === 'metadata') return sendMetadata(response, instances, url);
  if (instance !== undefined && rest.startsWith('frames/')) return sendFrames(response, only, rest.slice(7), url);
  if (instance !== undefined && rest.startsWith('bulkdata/')) return sendBulkData(response, only, rest.slice(9));
  sendError(response, 404, 'The archive has no such resource.');
}

/** A path that ends in a collection is a search. */
function queryLevel(path: string, study: string | undefined, series: string | undefined) {
  const scope = { ...(study !== undefined && { study }), ...(series !== undefined && { series }) };
  if (path === '/studies') return { level: 'study' as const };
  if (path.endsWith('/series')) return { level: 'series' as const, ...scope };
  return path.endsWith('/instances') ? { level: 'instance' as const, ...scope } : undefined;
}

const byNumber = (a: ArchivedInstance, b: ArchivedInstance): number =>
  (number(a.summary, Tag.SeriesNumber) ?? 0) - (number(b.summary, Tag.SeriesNumber) ?? 0) ||
  (number(a.summary, Tag.InstanceNumber) ?? 0) - (number(b.summary, Tag.InstanceNumber) ?? 0);
