import { type Code, code } from '#core/terminology/code.ts';

/** Concepts of TID 1500 and the templates that it includes (PS3.16). */
export const SrCode = {
  report: code('126000', 'DCM', 'Imaging Measurement Report'),
  language: code('121049', 'DCM', 'Language of Content Item and Descendants'),
  english: code('en', 'RFC5646', 'English'),
  observerType: code('121005', 'DCM', 'Observer Type'),
  person: code('121006', 'DCM', 'Person'),
  device: code('121007', 'DCM', 'Device'),
  personObserverName: code('121008', 'DCM', 'Person Observer Name'),
  deviceObserverUid: code('121012', 'DCM', 'Device Observer UID'),
  deviceObserverName: code('121013', 'DCM', 'Device Observer Name'),
  deviceObserverManufacturer: code('121014', 'DCM', 'Device Observer Manufacturer'),
  deviceObserverModel: code('121015', 'DCM', 'Device Observer Model Name'),
  deviceObserverSerial: code('121016', 'DCM', 'Device Observer Serial Number'),
  procedureReported: code('121058', 'DCM', 'Procedure reported'),
  imagingMeasurements: code('126010', 'DCM', 'Imaging Measurements'),
  measurementGroup: code('125007', 'DCM', 'Measurement Group'),
  trackingIdentifier: code('112039', 'DCM', 'Tracking Identifier'),
  trackingUniqueIdentifier: code('112040', 'DCM', 'Tracking Unique Identifier'),
  findingCategory: code('276214006', 'SCT', 'Finding category'),
  finding: code('121071', 'DCM', 'Finding'),
  findingSite: code('363698007', 'SCT', 'Finding Site'),
  laterality: code('272741003', 'SCT', 'Laterality'),
  referencedSegment: code('121191', 'DCM', 'Referenced Segment'),
  sourceSeries: code('121232', 'DCM', 'Source series for segmentation'),
  volume: code('118565006', 'SCT', 'Volume'),
  longAxis: code('103339001', 'SCT', 'Long Axis'),
  shortAxis: code('103340004', 'SCT', 'Short Axis'),
  derivation: code('121401', 'DCM', 'Derivation'),
  mean: code('373098007', 'SCT', 'Mean'),
  standardDeviation: code('386136009', 'SCT', 'Standard Deviation'),
  minimum: code('255605001', 'SCT', 'Minimum'),
  maximum: code('56851009', 'SCT', 'Maximum'),
  attenuation: code('112031', 'DCM', 'Attenuation Coefficient'),
  suvBodyWeight: code('126401', 'DCM', 'SUVbw'),
} as const;

export const Unit = {
  cubicCentimetre: code('cm3', 'UCUM', 'cubic centimeter'),
  millimetre: code('mm', 'UCUM', 'millimeter'),
  hounsfield: code("[hnsf'U]", 'UCUM', 'Hounsfield unit'),
  suvBodyWeight: code('g/ml{SUVbw}', 'UCUM', 'Standardized Uptake Value body weight'),
} as const;

/** Procedure of a study that does not name its own, by modality (PS3.16 CID 100; LOINC). */
export const PROCEDURES: Readonly<Record<string, Code>> = {
  CT: code('25045-6', 'LN', 'CT unspecified body region'),
  MR: code('25056-3', 'LN', 'MRI unspecified body region'),
  PT: code('44136-0', 'LN', 'PET unspecified body region'),
};
export const ANY_IMAGING = code('363679005', 'SCT', 'Imaging procedure');
