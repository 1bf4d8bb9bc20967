/**
 * Attributes that a header made from Cornerstone's metadata carries: keyword, tag, value representation (PS3.6). Those that a
 * segmentation copies from its source images, and those that say where an image lies. Sequences are left out.
 */
const TABLE = `
SpecificCharacterSet 00080005 CS
ImageType 00080008 CS
SOPClassUID 00080016 UI
SOPInstanceUID 00080018 UI
StudyDate 00080020 DA
SeriesDate 00080021 DA
AcquisitionDate 00080022 DA
ContentDate 00080023 DA
StudyTime 00080030 TM
SeriesTime 00080031 TM
AcquisitionTime 00080032 TM
ContentTime 00080033 TM
AccessionNumber 00080050 SH
Modality 00080060 CS
Manufacturer 00080070 LO
InstitutionName 00080080 LO
ReferringPhysicianName 00080090 PN
TimezoneOffsetFromUTC 00080201 SH
StudyDescription 00081030 LO
SeriesDescription 0008103E LO
ManufacturerModelName 00081090 LO
PatientName 00100010 PN
PatientID 00100020 LO
IssuerOfPatientID 00100021 LO
PatientBirthDate 00100030 DA
PatientBirthTime 00100032 TM
PatientSex 00100040 CS
PatientAge 00101010 AS
PatientSize 00101020 DS
PatientWeight 00101030 DS
EthnicGroup 00102160 SH
PatientComments 00104000 LT
ClinicalTrialSponsorName 00120010 LO
ClinicalTrialProtocolID 00120020 LO
ClinicalTrialProtocolName 00120021 LO
ClinicalTrialSiteID 00120030 LO
ClinicalTrialSiteName 00120031 LO
ClinicalTrialSubjectID 00120040 LO
ClinicalTrialSubjectReadingID 00120042 LO
ClinicalTrialTimePointID 00120050 LO
ClinicalTrialTimePointDescription 00120051 ST
PatientIdentityRemoved 00120062 CS
DeidentificationMethod 00120063 LO
BodyPartExamined 00180015 CS
SliceThickness 00180050 DS
SpacingBetweenSlices 00180088 DS
DeviceSerialNumber 00181000 LO
SoftwareVersions 00181020 LO
PatientPosition 00185100 CS
StudyInstanceUID 0020000D UI
SeriesInstanceUID 0020000E UI
StudyID 00200010 SH
SeriesNumber 00200011 IS
InstanceNumber 00200013 IS
ImagePositionPatient 00200032 DS
ImageOrientationPatient 00200037 DS
FrameOfReferenceUID 00200052 UI
Laterality 00200060 CS
PositionReferenceIndicator 00201040 LO
ImageLaterality 00200062 CS
SamplesPerPixel 00280002 US
PhotometricInterpretation 00280004 CS
NumberOfFrames 00280008 IS
Rows 00280010 US
Columns 00280011 US
PixelSpacing 00280030 DS
BitsAllocated 00280100 US
BitsStored 00280101 US
HighBit 00280102 US
PixelRepresentation 00280103 US
BurnedInAnnotation 00280301 CS
LongitudinalTemporalInformationModified 00280303 CS
RescaleIntercept 00281052 DS
RescaleSlope 00281053 DS
RescaleType 00281054 LO
LossyImageCompression 00282110 CS
LossyImageCompressionRatio 00282112 DS
LossyImageCompressionMethod 00282114 CS
Units 00541001 CS
`;

export interface HeaderAttribute {
  readonly keyword: string;
  readonly tag: string;
  readonly vr: string;
}

export const HEADER_ATTRIBUTES: readonly HeaderAttribute[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [keyword, tag, vr] = line.split(' ');
    return { keyword: keyword!, tag: tag!, vr: vr! };
  });
