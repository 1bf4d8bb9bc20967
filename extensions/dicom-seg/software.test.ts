import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isUid } from './model/uid.ts';
import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME, VOXPROMPT } from './software.ts';

it('names the version of the package, in what a short string holds', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(VOXPROMPT.versions).toEqual([version]);
  expect(IMPLEMENTATION_VERSION_NAME).toBe(`VOXPROMPT_${version}`);
  expect(IMPLEMENTATION_VERSION_NAME.length).toBeLessThanOrEqual(16);
  expect(isUid(IMPLEMENTATION_CLASS_UID)).toBe(true);
});
