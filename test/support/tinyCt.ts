import { withFileMeta } from '../../extensions/local-files/node.ts';
import { concatenated, type ElementValue, element } from '../../src/server/demo/elementWriter.ts';

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const EXPLICIT_LE = '1.2.840.10008.1.2.1';

export interface TinyCt {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly patientName?: string;
  readonly patientId?: string;
  readonly studyDate?: string;
  readonly instanceNumber?: number;
  /** `CT` where absent; another one is only said, the object stays a CT image. */
  readonly modality?: string;
  /** Stored values all alike. */
  readonly value?: number;
  /** Stored values of a square image, HU + 1024; 8 x 8 of {@link value} where absent. Pixels are of 1 mm. */
  readonly pixels?: Uint16Array;
  /** Position along the patient's axis, mm; the instance number where absent. */
  readonly z?: number;
  /** A private value (0009,1001) OB. */
  readonly secret?: Uint8Array;
}

/** A small CT image as a Part-10 file. */
export function tinyCt(ct: TinyCt): Uint8Array {
  const pixels = ct.pixels ?? new Uint16Array(64).fill(ct.value ?? 7);
  const side = Math.sqrt(pixels.length);
  const elements: readonly (readonly [string, string, ElementValue])[] = [
    ['00080005', 'CS', 'ISO_IR 192'],
    ['00080008', 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'],
    ['00080016', 'UI', CT_IMAGE_STORAGE],
    ['00080018', 'UI', ct.instance],
    ['00080020', 'DA', ct.studyDate ?? '20260714'],
    ['00080030', 'TM', '101500'],
    ['00080050', 'SH', 'ACC1'],
    ['00080060', 'CS', ct.modality ?? 'CT'],
    ['00080090', 'PN', ''],
    ['00081030', 'LO', 'Tiny study'],
    ['0008103E', 'LO', ct.modality === undefined ? 'Tiny series' : `Tiny ${ct.modality}`],
    ...(ct.secret === undefined
      ? []
      : ([
          ['00090010', 'LO', 'TINY'],
          ['00091001', 'OB', ct.secret],
        ] as const)),
    ['00100010', 'PN', ct.patientName ?? 'Tiny^Täst'],
    ['00100020', 'LO', ct.patientId ?? 'TINY-1'],
    ['00100030', 'DA', ''],
    ['00100040', 'CS', 'O'],
    ['0020000D', 'UI', ct.study],
    ['0020000E', 'UI', ct.series],
    ['00200010', 'SH', '1'],
    ['00200011', 'IS', '1'],
    ['00200013', 'IS', String(ct.instanceNumber ?? 1)],
    ['00200032', 'DS', `0\\0\\${ct.z ?? ct.instanceNumber ?? 1}`],
    ['00200037', 'DS', '1\\0\\0\\0\\1\\0'],
    ['00200052', 'UI', `${ct.study}.9`],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', side],
    ['00280011', 'US', side],
    ['00280030', 'DS', '1\\1'],
    ['00280100', 'US', 16],
    ['00280101', 'US', 16],
    ['00280102', 'US', 15],
    ['00280103', 'US', 0],
    ['00281052', 'DS', '-1024'],
    ['00281053', 'DS', '1'],
    ['7FE00010', 'OW', new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength)],
  ];
  const dataset = concatenated(elements.map(([tag, vr, value]) => element(tag, vr, value)));
  return withFileMeta(dataset, {
    sopClassUID: CT_IMAGE_STORAGE,
    sopInstanceUID: ct.instance,
    transferSyntaxUID: EXPLICIT_LE,
  }).bytes;
}

/** A fresh UID, so that runs do not meet in one archive. */
export const freshUid = (): string => `2.25.${BigInt(`0x${crypto.randomUUID().replaceAll('-', '')}`)}`;
