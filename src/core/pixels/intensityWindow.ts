/** The range of modality values that is mapped to black..white or to the model's 0..1. Recorded with every result. */
export interface IntensityWindow {
  readonly lower: number;
  readonly upper: number;
  /** Where it came from: shown to the reader and written into the SEG's algorithm parameters. */
  readonly source: 'preset' | 'percentile' | 'dicom' | 'reader' | 'manifest';
}

/** Centre and width as in DICOM VOI (PS3.3 C.11.2.1.2, linear exact): lower = centre - width/2. */
export const windowOfLevel = (center: number, width: number, source: IntensityWindow['source']): IntensityWindow => ({
  lower: center - width / 2,
  upper: center + width / 2,
  source,
});

export interface WindowPreset {
  readonly name: string;
  readonly window: IntensityWindow;
}

const ct = (name: string, center: number, width: number): WindowPreset => ({
  name,
  window: windowOfLevel(center, width, 'preset'),
});

/** CT presets in HU, in the order of their number keys. */
export const CT_PRESETS: readonly WindowPreset[] = [
  ct('Soft tissue', 40, 400),
  ct('Lung', -600, 1500),
  ct('Bone', 400, 1800),
  ct('Brain', 40, 80),
  ct('Liver', 60, 160),
  ct('Mediastinum', 50, 350),
];
