import { describe, expect, it } from 'vitest';
import { numbers, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { HEADER_ATTRIBUTES } from './headerAttributes.ts';
import { headerOf } from './headerOf.ts';

describe('a header from Cornerstone metadata', () => {
  it('keeps text, numbers and names, however the host holds them', () => {
    const header = headerOf({
      SOPInstanceUID: '1.2.3',
      PixelSpacing: [0.5, '0.75'],
      ImagePositionPatient: Float32Array.of(1, -2, 3),
      PatientName: [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', toString: () => 'x' }],
      ReferringPhysicianName: 'Who^A',
      SeriesNumber: '7',
      PatientID: 4711,
    });
    expect(text(header, Tag.SOPInstanceUID)).toBe('1.2.3');
    expect(numbers(header, Tag.PixelSpacing)).toEqual([0.5, 0.75]);
    expect(numbers(header, Tag.ImagePositionPatient)).toEqual([1, -2, 3]);
    expect(header[Tag.PatientName]).toEqual({
      vr: 'PN',
      Value: [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎' }],
    });
    expect(text(header, Tag.ReferringPhysicianName)).toBe('Who^A');
    expect(header[Tag.SeriesNumber]).toEqual({ vr: 'IS', Value: [7] });
    expect(header[Tag.PatientID]).toEqual({ vr: 'LO', Value: ['4711'] });
  });

  it('leaves out what is empty, no number, or a sequence', () => {
    const header = headerOf({
      PatientSex: '',
      StudyDate: null,
      SliceThickness: 'thin',
      PatientName: [],
      ReferencedImageSequence: [{ ReferencedSOPInstanceUID: '1' }],
    });
    expect(header).toEqual({});
  });

  it('names each attribute once, by a tag and a representation that exist', () => {
    expect(new Set(HEADER_ATTRIBUTES.map(({ tag }) => tag)).size).toBe(HEADER_ATTRIBUTES.length);
    for (const { keyword, tag, vr } of HEADER_ATTRIBUTES) {
      expect(`${keyword} ${tag} ${vr}`).toMatch(/^[A-Z][A-Za-z]+ [0-9A-F]{8} [A-Z]{2}$/);
      if (keyword in Tag) expect(Tag[keyword as keyof typeof Tag]).toBe(tag);
    }
  });
});
