/**
 * A second series for the demo study, made of its first one: every other slice, thicker, the enhancement gone down. For pictures
 * of two series beside each other; the product's own demo has one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import dcmjs from 'dcmjs';

const { DicomMessage, DicomMetaDictionary } = dcmjs.data;
/** HU above which contrast medium is: half of what is above it has gone, bone has not. */
const TISSUE = 60;
const BONE = 300;
const BOUNDARY = 'voxprompt-screens';

/** Sends the series to an archive. @param folder where the demo's files are @param url of the viewer's server */
export async function storeLaterPhase(folder, url) {
  const files = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.dcm'))
    .sort()
    .map((name) => DicomMessage.readFile(arrayBuffer(readFileSync(join(folder, name)))));
  const series = DicomMetaDictionary.uid();
  const kept = files
    .map((file) => ({ file, z: file.dict['00200032'].Value[2] }))
    .sort((a, b) => a.z - b.z)
    .filter((_, index) => index % 2 === 0);
  const parts = kept.map(({ file }, index) => Buffer.from(later(file, series, index + 1)));
  const head = Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`);
  const body = Buffer.concat([
    ...parts.flatMap((part) => [head, part, Buffer.from('\r\n')]),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);
  const answer = await fetch(new URL('dicom-web/studies', url), {
    method: 'POST',
    headers: { 'Content-Type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}` },
    body,
  });
  if (!answer.ok) throw new Error(`The archive answered ${answer.status}: ${await answer.text()}`);
}

function later(file, series, instanceNumber) {
  const { dict, meta } = file;
  const instance = DicomMetaDictionary.uid();
  const set = (tag, vr, ...Value) => {
    dict[tag] = { vr, Value };
  };
  set('00080018', 'UI', instance);
  meta['00020003'] = { vr: 'UI', Value: [instance] };
  set('0020000E', 'UI', series);
  set('0008103E', 'LO', 'SYNTHETIC, LATER PHASE');
  set('00200011', 'IS', 3);
  set('00200013', 'IS', instanceNumber);
  const slope = Number(dict['00281053']?.Value?.[0] ?? 1);
  const intercept = Number(dict['00281052']?.Value?.[0] ?? 0);
  const bytes = new Uint8Array(dict['7FE00010'].Value[0].slice(0));
  const signed = Number(dict['00280103'].Value[0]) === 1;
  const stored = signed ? new Int16Array(bytes.buffer) : new Uint16Array(bytes.buffer);
  for (let at = 0; at < stored.length; at += 1) {
    const hu = stored[at] * slope + intercept;
    if (hu > TISSUE && hu < BONE) stored[at] = Math.round((TISSUE + (hu - TISSUE) / 2 - intercept) / slope);
  }
  dict['7FE00010'].Value[0] = bytes.buffer;
  return file.write();
}

const arrayBuffer = (buffer) => buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
