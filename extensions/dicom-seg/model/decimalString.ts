/**
 * A number as Decimal String (PS3.5 6.2): at most 16 characters. DICOM JSON carries DS as numbers, so this is where a source's
 * own text is found again: every text of 15 significant digits or fewer comes back with the same value.
 * @returns the text of least error, the shortest of those
 */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`No decimal string for ${value}`);
  const candidates = [String(value), withoutLeadingZero(String(value)), compact(value.toExponential())];
  for (let digits = 16; digits >= 1; digits -= 1) {
    candidates.push(trimmed(value.toPrecision(digits)), compact(value.toExponential(digits - 1)));
    candidates.push(withoutLeadingZero(trimmed(value.toPrecision(digits))));
  }
  let best = '';
  let leastError = Number.POSITIVE_INFINITY;
  for (const text of candidates) {
    if (text.length > 16) continue;
    const error = Math.abs(Number(text) - value);
    if (error < leastError) {
      best = text;
      leastError = error;
      if (error === 0) break;
    }
  }
  return best;
}

const trimmed = (text: string): string =>
  text.includes('.') && !text.includes('e') ? text.replace(/0+$/, '').replace(/\.$/, '') : compact(text);

/** '1.500e+7' as '1.5e7'. */
const compact = (text: string): string =>
  text
    .replace(/(\.\d*?)0+(e|$)/, '$1$2')
    .replace(/\.(e|$)/, '$1')
    .replace('e+', 'e');

const withoutLeadingZero = (text: string): string => text.replace(/^(-?)0\./, '$1.');
