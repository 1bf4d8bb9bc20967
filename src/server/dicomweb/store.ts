import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DicomDataset, type DicomElement, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { mediaTypeOf, parseMultipart } from '../../../extensions/dicomweb/node.ts';
import { parsePart10 } from '../../../extensions/local-files/node.ts';
import type { Archive, StoreVerdict } from '../archive/archive.ts';
import { readBody } from '../readBody.ts';
import { sendDicomJson, sendError } from '../respond.ts';

/** Failure reasons (PS3.18 Table 10.5.3-2, PS3.7 C.4, PS3.4 B.2.3). */
const REASON = { processing: 0x0110, duplicate: 0x0111, outOfResources: 0xa700, notUnderstood: 0xc000 } as const;

interface Failure {
  readonly reason: number;
  readonly sopClassUID: string | undefined;
  readonly sopInstanceUID: string | undefined;
}
interface Stored {
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  readonly address: string;
}
type Outcome = { readonly stored: Stored } | { readonly failed: Failure };

/**
 * Takes objects in (STOW-RS, PS3.18 10.5), each with a verdict of its own: 200 all stored, 202 some, 409 none, 507 the disk is
 * full, 413 the body is larger than `maxBytes`.
 */
export async function storeInstances(
  request: IncomingMessage,
  response: ServerResponse,
  archive: Archive,
  { url, study, maxBytes }: { readonly url: URL; readonly study: string | undefined; readonly maxBytes: number },
): Promise<void> {
  const contentType = request.headers['content-type'] ?? '';
  const { type, parameters } = mediaTypeOf(contentType);
  if (type !== 'multipart/related' || parameters.type !== 'application/dicom' || !parameters.boundary) {
    return sendError(response, 415, 'Objects come as multipart/related; type="application/dicom"; boundary=….');
  }
  const body = await readBody(request, maxBytes);
  if (body === undefined) {
    response.setHeader('Connection', 'close');
    return sendError(response, 413, `More than ${maxBytes} bytes in one request.`);
  }
  const parts = parseMultipart(body, contentType);
  if (!parts.ok) return sendError(response, 400, parts.error.message);
  if (parts.value.length === 0) return sendError(response, 400, 'The request holds no object.');
  const outcomes: Outcome[] = [];
  for (const part of parts.value) outcomes.push(await storePart(part, archive, study, url));
  const failed = outcomes.flatMap((outcome) => ('failed' in outcome ? [outcome.failed] : []));
  const stored = outcomes.flatMap((outcome) => ('stored' in outcome ? [outcome.stored] : []));
  sendDicomJson(response, statusOf(stored, failed), answer(stored, failed, url, study));
}

async function storePart(
  part: { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array },
  archive: Archive,
  study: string | undefined,
  url: URL,
): Promise<Outcome> {
  const { type } = mediaTypeOf(part.headers['content-type'] ?? 'application/dicom');
  const object = parsePart10(part.body, { name: 'the object' });
  if (!object.ok || type !== 'application/dicom') {
    return { failed: { reason: REASON.notUnderstood, sopClassUID: undefined, sopInstanceUID: undefined } };
  }
  const sopClassUID = text(object.value.dataset, Tag.SOPClassUID)!;
  const sopInstanceUID = text(object.value.dataset, Tag.SOPInstanceUID)!;
  const failed = (reason: number): Outcome => ({ failed: { reason, sopClassUID, sopInstanceUID } });
  if (study !== undefined && text(object.value.dataset, Tag.StudyInstanceUID) !== study)
    return failed(REASON.processing);
  const verdict = await archive.store(object.value, part.body).catch((thrown: unknown): StoreVerdict | undefined => {
    console.error('The archive could not write an object:', thrown instanceof Error ? thrown.message : thrown);
    return undefined;
  });
  switch (verdict?.kind) {
    case 'stored':
    case 'unchanged': {
      const { studyInstanceUID, seriesInstanceUID } = verdict.instance;
      const address = `${url.origin}/dicom-web/studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances/${sopInstanceUID}`;
      return { stored: { sopClassUID, sopInstanceUID, address } };
    }
    case 'conflict':
      return failed(REASON.duplicate);
    case 'disk-full':
      return failed(REASON.outOfResources);
    case 'bad-uid':
      return failed(REASON.notUnderstood);
    default:
      return failed(REASON.processing);
  }
}

function statusOf(stored: readonly Stored[], failed: readonly Failure[]): number {
  if (failed.some(({ reason }) => reason === REASON.outOfResources)) return 507;
  if (failed.length === 0) return 200;
  return stored.length > 0 ? 202 : 409;
}

/** Store Instances Response Module (PS3.18 Table I.2-1). */
function answer(
  stored: readonly Stored[],
  failed: readonly Failure[],
  url: URL,
  study: string | undefined,
): DicomDataset {
  const ui = (value: string | undefined): DicomElement => ({
    vr: 'UI',
    ...(value !== undefined && { Value: [value] }),
  });
  const references = stored.map(({ sopClassUID, sopInstanceUID, address }) => ({
    '00081150': ui(sopClassUID),
    '00081155': ui(sopInstanceUID),
    '00081190': { vr: 'UR', Value: [address] },
  }));
  const failures = failed.map(({ reason, sopClassUID, sopInstanceUID }) => ({
    '00081150': ui(sopClassUID),
    '00081155': ui(sopInstanceUID),
    '00081197': { vr: 'US', Value: [reason] },
  }));
  return {
    '00081190': { vr: 'UR', ...(study !== undefined && { Value: [`${url.origin}/dicom-web/studies/${study}`] }) },
    ...(failures.length > 0 && { '00081198': { vr: 'SQ', Value: failures } }),
    ...(references.length > 0 && { '00081199': { vr: 'SQ', Value: references } }),
  };
}
