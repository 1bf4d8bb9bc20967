import type { Host } from '#extension-api';
import { formatRequest, saveContent } from '../save/saveRequest.ts';
import type { SaveState } from '../save/saveState.ts';

/**
 * Gives the reader the file, whatever the archive does: the object as it was written, or a new one where none has been yet. The
 * name says nothing of the patient.
 */
export function downloadSegmentation(host: Host, save: SaveState): void {
  const bytes = bytesOf(host, save);
  if (bytes === undefined) return;
  const url = URL.createObjectURL(new Blob([bytes.slice()], { type: 'application/dicom' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'segmentation.dcm';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function bytesOf(host: Host, save: SaveState): Uint8Array | undefined {
  if ('encoded' in save && save.encoded !== undefined) return save.encoded.bytes;
  const format = host.segmentationFormat;
  if (format === undefined || !('form' in save)) return undefined;
  const request = saveContent(host, save.form);
  if (!request.ok) {
    host.notices.show({ kind: 'error', error: request.error });
    return undefined;
  }
  const encoded = format.encode(formatRequest(request.value, save.form));
  if (encoded.ok) return encoded.value.bytes;
  host.notices.show({ kind: 'error', error: encoded.error });
  return undefined;
}
