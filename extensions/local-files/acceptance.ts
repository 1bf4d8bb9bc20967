import { text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { frameBytesOf } from './part10/frameBytes.ts';
import type { Part10File } from './part10/parsePart10.ts';
import { pixelLayout } from './part10/pixelLayout.ts';

/** Objects a reader often has beside the images, by the head of their SOP class UID. */
const KINDS: readonly (readonly [uid: string, name: string])[] = [
  ['1.2.840.10008.1.3.10', 'a disc directory'],
  ['1.2.840.10008.5.1.4.1.1.88', 'a structured report'],
  ['1.2.840.10008.5.1.4.1.1.11', 'a presentation state'],
  ['1.2.840.10008.5.1.4.1.1.481.3', 'an RT structure set'],
  ['1.2.840.10008.5.1.4.1.1.481.5', 'an RT plan'],
  ['1.2.840.10008.5.1.4.1.1.481.8', 'an RT plan'],
  ['1.2.840.10008.5.1.4.1.1.104', 'an encapsulated document'],
  ['1.2.840.10008.5.1.4.1.1.9', 'a waveform'],
  ['1.2.840.10008.5.1.4.1.1.66.1', 'a registration'],
  ['1.2.840.10008.5.1.4.1.1.91', 'microscopy annotations'],
];

/**
 * Whether the viewer can use an object: it has an identity in a study, an image, and all of its pixels.
 * @returns errors `no-study-uid`, `not-an-image`, `bad-pixel-attributes`, `truncated-pixels`, `frame-not-found`, naming the file
 */
export function usableImage(file: Part10File): Result<Part10File> {
  const { dataset, name } = file;
  const context = { file: name };
  const missing = [
    ['StudyInstanceUID', Tag.StudyInstanceUID] as const,
    ['SeriesInstanceUID', Tag.SeriesInstanceUID] as const,
  ].filter(([, tag]) => text(dataset, tag) === undefined);
  if (missing.length > 0) {
    const keywords = missing.map(([keyword]) => keyword).join(' and ');
    return err(appError('no-study-uid', `${name} lacks ${keywords}, so it belongs to no study.`, { context }));
  }
  if (file.pixelData === undefined) return err(notAnImage(file));
  const layout = pixelLayout(file);
  if (!layout.ok) return layout;
  const last = frameBytesOf(file, layout.value, layout.value.frames - 1);
  return last.ok ? ok(file) : last;
}

function notAnImage({ dataset, name }: Part10File): AppError {
  const sopClassUID = text(dataset, Tag.SOPClassUID) ?? '';
  const kind = KINDS.find(([uid]) => sopClassUID === uid || sopClassUID.startsWith(`${uid}.`))?.[1];
  const what = kind === undefined ? 'holds no image' : `is ${kind}, not an image`;
  return appError('not-an-image', `${name} ${what}.`, { context: { file: name, sopClassUID } });
}
