/** Every word that the viewer itself writes, in one place. */
export const text = {
  slice: (k: number, total: number, millimetres: number) => `Slice ${k + 1} / ${total} · ${millimetres.toFixed(1)} mm`,
  position: (millimetres: number) => `${millimetres.toFixed(1)} mm`,
  solid: 'Reduced, not for measuring',
  away: (millimetres: number) => `Nearest slice: ${millimetres.toFixed(1)} mm away`,
  sameSeries: 'This series is open beside it already.',
  otherStudy: 'Only series of one study can be shown side by side.',
  otherStudyRemedy: 'Open a series of the other study by itself.',
  window: (width: string, centre: string) => `W ${width} L ${centre}`,
  notLoaded: (k: number, reason: string) => `Slice ${k + 1} could not be loaded: ${reason}`,
  area: (mm2: number) => `${mm2 >= 1000 ? (mm2 / 100).toFixed(1) : mm2.toFixed(0)} ${mm2 >= 1000 ? 'cm²' : 'mm²'}`,
  meanSd: (mean: string, sd: string, units: string) => `${mean} ± ${sd} ${units}`.trim(),
  range: (low: string, high: string, units: string) => `${low} … ${high} ${units}`.trim(),
  presets: {
    fromFile: 'From file',
    auto: 'Auto',
    wider: 'Wider',
    narrower: 'Narrower',
    suv: (upTo: number) => `SUV 0–${upTo}`,
  },
} as const;

/** Three significant digits: HU are whole, SUV and MR units need not be. */
export const digits = (value: number): string =>
  Math.abs(value) >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(3);
