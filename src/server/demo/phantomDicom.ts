import { withFileMeta } from '../../../extensions/local-files/node.ts';
import { concatenated, type ElementValue, element } from './elementWriter.ts';
import { COLUMNS, PIXEL_MM, ROWS, SLICE_MM, SLICES } from './grid.ts';
import { phantomSlice } from './phantom.ts';

/** A new look needs new UIDs: count this up when the phantom changes. */
const VERSION = 1;

/** UIDs below 2.25 (PS3.5 B.2) from a fixed random number: the same study on every machine. */
const BASE = 0x3f0c9a52_7d1e_4b86_9a41_c5e2d8f70000n;
const uid = (offset: number): string => `2.25.${BASE + BigInt(VERSION * 1000 + offset)}`;

export const PHANTOM = {
  studyInstanceUID: uid(1),
  seriesInstanceUID: uid(2),
  frameOfReferenceUID: uid(3),
  /** Of slice k. */
  sopInstanceUID: (k: number): string => uid(100 + k),
  seriesDescription: 'SYNTHETIC CT PHANTOM - NOT A PATIENT',
} as const;

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const EXPLICIT_LE = '1.2.840.10008.1.2.1';
/** Stored values are unsigned 12 bit: HU + 1024. */
const INTERCEPT = -1024;

/** Slice k as a CT Image object (PS3.3 A.3) in a Part-10 file. */
export function phantomInstance(k: number): Uint8Array {
  const { hu } = phantomSlice(k);
  const stored = Uint16Array.from(hu, (value) => value - INTERCEPT);
  const corner = [(-(COLUMNS - 1) / 2) * PIXEL_MM, (-(ROWS - 1) / 2) * PIXEL_MM, -900 + k * SLICE_MM];
  const sopInstanceUID = PHANTOM.sopInstanceUID(k);
  const elements: readonly (readonly [tag: string, vr: string, value: ElementValue])[] = [
    ['00080008', 'CS', 'DERIVED\\PRIMARY\\AXIAL'],
    ['00080016', 'UI', CT_IMAGE_STORAGE],
    ['00080018', 'UI', sopInstanceUID],
    ['00080020', 'DA', '20260101'],
    ['00080021', 'DA', '20260101'],
    ['00080023', 'DA', '20260101'],
    ['00080030', 'TM', '090000'],
    ['00080031', 'TM', '090000'],
    ['00080033', 'TM', '090000'],
    ['00080050', 'SH', ''],
    ['00080060', 'CS', 'CT'],
    ['00080070', 'LO', 'VoxPrompt'],
    ['00080090', 'PN', ''],
    ['00081030', 'LO', 'Synthetic abdomen, portal venous phase'],
    ['0008103E', 'LO', PHANTOM.seriesDescription],
    ['00081090', 'LO', 'Procedural phantom'],
    ['00100010', 'PN', 'VoxPrompt^Phantom'],
    ['00100020', 'LO', 'PHANTOM'],
    ['00100030', 'DA', ''],
    ['00100040', 'CS', 'O'],
    ['00100200', 'CS', 'YES'],
    ['00180015', 'CS', 'ABDOMEN'],
    ['00180050', 'DS', String(SLICE_MM)],
    ['00180060', 'DS', ''],
    ['00180088', 'DS', String(SLICE_MM)],
    ['00185100', 'CS', 'HFS'],
    ['0020000D', 'UI', PHANTOM.studyInstanceUID],
    ['0020000E', 'UI', PHANTOM.seriesInstanceUID],
    ['00200010', 'SH', 'PHANTOM'],
    ['00200011', 'IS', '2'],
    ['00200012', 'IS', '1'],
    ['00200013', 'IS', String(k + 1)],
    ['00200032', 'DS', corner.map((value) => value.toFixed(1)).join('\\')],
    ['00200037', 'DS', '1\\0\\0\\0\\1\\0'],
    ['00200052', 'UI', PHANTOM.frameOfReferenceUID],
    ['00201040', 'LO', ''],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', ROWS],
    ['00280011', 'US', COLUMNS],
    ['00280030', 'DS', `${PIXEL_MM}\\${PIXEL_MM}`],
    ['00280100', 'US', 16],
    ['00280101', 'US', 12],
    ['00280102', 'US', 11],
    ['00280103', 'US', 0],
    ['00280300', 'CS', 'YES'],
    ['00280301', 'CS', 'NO'],
    ['00281050', 'DS', '40'],
    ['00281051', 'DS', '400'],
    ['00281052', 'DS', String(INTERCEPT)],
    ['00281053', 'DS', '1'],
    ['00281054', 'LO', 'HU'],
    ['7FE00010', 'OW', new Uint8Array(stored.buffer)],
  ];
  const dataset = concatenated(elements.map(([tag, vr, value]) => element(tag, vr, value)));
  return withFileMeta(dataset, { sopClassUID: CT_IMAGE_STORAGE, sopInstanceUID, transferSyntaxUID: EXPLICIT_LE }).bytes;
}

export const PHANTOM_SLICES = SLICES;
