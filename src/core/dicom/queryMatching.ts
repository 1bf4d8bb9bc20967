import { type DicomDataset, text, texts } from './dataset.ts';

/** Attribute (eight hex digits) to the value asked for. */
export type MatchingKeys = ReadonlyMap<string, string>;

/**
 * Whether a record answers a query (PS3.4 C.2.2.2): single value, list of UIDs, wildcards, date and time ranges; an empty key
 * matches everything. Names and free text match whatever their case.
 */
export const matchesKeys = (record: DicomDataset, keys: MatchingKeys): boolean =>
  [...keys].every(([tag, wanted]) => wanted === '' || wanted === '*' || matches(record, tag, wanted));

function matches(record: DicomDataset, tag: string, wanted: string): boolean {
  const vr = record[tag]?.vr;
  const values = vr === 'PN' ? [text(record, tag) ?? ''] : texts(record, tag);
  if (vr === 'UI') return wanted.split(/[,\\]/).some((uid) => values.includes(uid.trim()));
  if (vr === 'DA' || vr === 'TM' || vr === 'DT') return values.some((value) => inRange(value, wanted));
  if (vr === 'IS' || vr === 'DS' || vr === 'US') return values.some((value) => Number(value) === Number(wanted));
  const pattern = wildcard(wanted);
  return values.some((value) => pattern.test(value));
}

/** `20240101-20240131`, either end open; times compare on the digits both have. */
function inRange(value: string, wanted: string): boolean {
  const [from, to] = wanted.includes('-') ? wanted.split('-', 2) : [wanted, wanted];
  const atLeast = !from || value.slice(0, from.length) >= from;
  const atMost = !to || value.slice(0, to.length) <= to;
  return value !== '' && atLeast && atMost;
}

function wildcard(wanted: string): RegExp {
  const escaped = wanted.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'is');
}
