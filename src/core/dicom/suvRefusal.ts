/** Why there is no SUV, in words: part of a sentence, for the line under a value in Bq/ml. */
export const SUV_REFUSALS = {
  units: 'the unit of the images is missing or one without SUV',
  'units-conflict': 'the images name two different units',
  rescale: 'the images have no rescale',
  corrections: 'the images are not said to be corrected for attenuation and decay',
  'decay-correction': 'the images are not corrected to the start of the scan or to the injection',
  'several-injections': 'more than one injection is recorded',
  injection: 'no injection is recorded',
  weight: 'the weight of the patient is missing or not plausible',
  dose: 'the injected dose is missing or not plausible (it must be in Bq)',
  'half-life': 'the half-life of the radionuclide is missing',
  'injection-time': 'the time of the injection is missing',
  'injection-day': 'the day of the injection is missing, and the radionuclide lives longer than a few hours',
  'injection-times': 'the images name two different times of the injection',
  'time-zone': 'the time zones of injection and scan are unclear',
  'scan-time': 'the start of the scan is unclear',
  'decay-time': 'the time from injection to scan is not plausible',
  'philips-factor': 'the images hold counts without the scanner’s factor',
  'slices-differ': 'the slices do not agree on dose, weight or times',
} as const;

export type SuvRefusal = keyof typeof SUV_REFUSALS;
