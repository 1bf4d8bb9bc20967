import { ok, type Result } from '#core/result.ts';
import type { Host } from '#extension-api';
import { contentOf } from '../content.ts';
import { encodeStructureSet } from '../encode.ts';
import { type ExportedFile, encodeMeasurementReport, exportNifti } from '../exports.ts';
import { randomUid } from '../randomUid.ts';
import { formatRequest, type SaveContent, saveContent } from '../save/saveRequest.ts';
import type { SaveState } from '../save/saveState.ts';
import { VOXPROMPT } from '../software.ts';

/** What the reader can take away. */
export type DownloadKind = 'segmentation' | 'structure-set' | 'nifti' | 'report';

type Open = Exclude<SaveState, { phase: 'closed' }>;

/** Gives the reader the files, whatever the archive does. Their names say nothing of the patient. */
export async function download(host: Host, save: Open, kind: DownloadKind): Promise<void> {
  const files = await filesOf(host, save, kind);
  if (!files.ok) return host.notices.show({ kind: 'error', error: files.error });
  for (const file of files.value) give(file);
}

async function filesOf(host: Host, save: Open, kind: DownloadKind): Promise<Result<readonly ExportedFile[]>> {
  const stored = 'encoded' in save ? save.encoded?.bytes : undefined;
  if (kind === 'segmentation' && stored !== undefined) return ok([dicom('segmentation', stored)]);
  const work = saveContent(host, save.form);
  if (!work.ok) return work;
  const { series, labelmap } = work.value;
  if (kind === 'nifti') return exportNifti(series, labelmap);
  const request = formatRequest(work.value, save.form);
  // Each kind of object is a series of its own, next to that of the segmentation.
  const content = (after: number) => contentOf({ ...request, seriesNumber: request.seriesNumber + after });
  if (kind === 'structure-set') {
    const made = encodeStructureSet({ series, labelmap, content: content(1), software: VOXPROMPT, uids: randomUid });
    return made.ok ? ok([dicom('structure-set', made.value)]) : made;
  }
  const segmentation = stored === undefined ? newSegmentation(host, work.value, save) : ok(stored);
  if (!segmentation.ok) return segmentation;
  const itself = dicom('segmentation', segmentation.value);
  if (kind === 'segmentation') return ok([itself]);
  const report = await encodeMeasurementReport({
    segmentation: segmentation.value,
    series,
    content: content(2),
    uids: randomUid,
    slicePixels: (k, options) => host.viewer.slicePixels(k, options),
  });
  if (!report.ok) return report;
  // A report refers to one object: unless the archive has that, it goes with the report.
  return ok([...(save.phase === 'stored' ? [] : [itself]), dicom('measurement-report', report.value)]);
}

function newSegmentation(host: Host, work: SaveContent, { form }: Open): Result<Uint8Array> {
  const format = host.segmentationFormat;
  if (format === undefined) throw new Error('The extension that writes segmentations is not installed');
  const encoded = format.encode(formatRequest(work, form));
  return encoded.ok ? ok(encoded.value.bytes) : encoded;
}

const dicom = (name: string, bytes: Uint8Array): ExportedFile => ({
  name: `${name}.dcm`,
  mediaType: 'application/dicom',
  bytes,
});

function give({ name, mediaType, bytes }: ExportedFile): void {
  const url = URL.createObjectURL(new Blob([bytes.slice()], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
