import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ModelManifest, parseManifest } from '../manifest.ts';

/** The published exports of which test/fixtures holds a tiny graph with the same signature. */
export const SAM_FAMILIES = [
  'meta-sam',
  'medsam',
  'mobile-sam',
  'edge-sam',
  'efficient-sam',
  'transformers-sam',
  'transformers-sam-boxes',
  'sam2',
];

export const familyFolder = (name: string): string =>
  fileURLToPath(new URL(`../../../../test/fixtures/sam-families/${name}`, import.meta.url));

export function familyManifest(name: string): ModelManifest {
  const parsed = parseManifest(readFileSync(`${familyFolder(name)}/manifest.json`, 'utf8'), `${name}/manifest.json`);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}
