import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { licencesText, shippedPackages } from '../../src/server/shippedParts.mjs';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Record<string, LockedPackage>;
};

interface Component {
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly object[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}
interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly components: readonly Component[];
}

describe('what comes from others', () => {
  it('is named by exact version, and locked by hash without an address', () => {
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    const locked = Object.entries(packages).filter(([path]) => path !== '');
    // Of tools of the build for other machines, npm writes the hash only where it installs them.
    const own = locked.filter(([, { dev, optional }]) => !(dev && optional));
    expect(own.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
    expect(locked.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  it('runs no script when it is installed', () => {
    expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
  });

  it('is listed with its licence in a text that the product serves', () => {
    const parts = shippedPackages('.');
    const text = licencesText('.');
    for (const name of Object.keys(manifest.dependencies))
      expect(text).toContain(`\n${name} ${manifest.dependencies[name]}\n`);
    expect(text).toContain('LiteMedSAM (model)');
    expect(
      parts
        .filter(
          ({ licence }) =>
            !/MIT|ISC|Apache-2\.0|BSD|0BSD|Zlib|Unlicense|CC0|BlueOak|Python-2\.0|BSL-1\.0|CC-BY-4\.0/.test(licence),
        )
        .map(({ name, licence }) => `${name}: ${licence}`),
    ).toEqual([]);
  });

  it('is in the bill of materials, whole and the same each time', () => {
    const run = (): Bom =>
      JSON.parse(
        execFileSync(process.execPath, ['src/server/sbom.mjs'], { encoding: 'utf8', maxBuffer: 1 << 26 }),
      ) as Bom;
    const bom = run();
    expect([bom.bomFormat, bom.specVersion]).toEqual(['CycloneDX', '1.5']);
    expect(bom.serialNumber).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
    const listed = new Map(bom.components.map(({ name, version }) => [name, version]));
    for (const [name, _version] of Object.entries(manifest.dependencies)) expect(listed.get(name), name).toBeDefined();
    expect(bom.components.filter(({ licenses }) => licenses.length === 0)).toEqual([]);
    const libraries = bom.components.filter(({ type }) => type === 'library');
    expect(libraries.filter(({ hashes }) => hashes?.[0]?.content.length !== 128)).toEqual([]);
    expect(bom.components.some(({ type, name }) => type === 'machine-learning-model' && name === 'LiteMedSAM')).toBe(
      true,
    );
    expect(run()).toEqual(bom);
  });
});
