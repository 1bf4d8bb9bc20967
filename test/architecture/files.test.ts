import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';

const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n');
const production = tracked.filter(
  (path) => /^(src|extensions)\/.*\.(ts|tsx)$/.test(path) && !path.endsWith('.test.ts') && !path.endsWith('.test.tsx'),
);
const lines = (path: string): number => readFileSync(path, 'utf8').split('\n').length;

describe('the house rules on files', () => {
  it('keeps every file under 400 lines and the median under 100', () => {
    const sizes = production.map((path) => ({ path, lines: lines(path) })).sort((a, b) => a.lines - b.lines);
    expect(sizes.filter((file) => file.lines > 400)).toEqual([]);
    expect(sizes[sizes.length >> 1]?.lines).toBeLessThan(100);
  });

  it('names no file or folder after nothing in particular', () => {
    expect(tracked.filter((path) => /(^|\/)(utils?|helpers?|common|managers?)(\.|\/)/i.test(path))).toEqual([]);
  });

  it('keeps the top level to what the owner fixed', () => {
    const allowed = new Set(['src', 'extensions', 'models', 'test', 'public', 'README.md', 'LICENSE']);
    const files = new Set(['package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', 'vitest.config.ts']);
    const extra = [...new Set(tracked.map((path) => path.split('/')[0]!))].filter(
      (name) =>
        !allowed.has(name) &&
        !files.has(name) &&
        !name.startsWith('.') &&
        name !== 'biome.json' &&
        name !== 'knip.json',
    );
    expect(extra).toEqual([]);
  });

  it('commits no path of a machine and no address of a registry', () => {
    const text = tracked.filter((path) => /\.(ts|tsx|mjs|cjs|js|json|md|py|css|html|yml)$/.test(path));
    const leaks = text.filter((path) => {
      if (basename(path) === 'files.test.ts') return false;
      const content = readFileSync(path, 'utf8');
      return /(^|[\s"'(`=])\/(home|root|work)\/[A-Za-z]/m.test(content) || /"resolved": "http/.test(content);
    });
    expect(leaks).toEqual([]);
  });

  it('lets `any` and enums in nowhere', () => {
    const offenders = production.filter((path) =>
      /(:\s*any\b|\bas any\b|^\s*(export )?(const )?enum )/m.test(readFileSync(path, 'utf8')),
    );
    expect(offenders).toEqual([]);
  });
});
