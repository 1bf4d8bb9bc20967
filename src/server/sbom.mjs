/** `npm run sbom`: the bill of materials of a release as CycloneDX 1.5 JSON, on standard output or into the file that is named. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shippedModels, shippedPackages } from './shippedParts.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { name, version, description, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const licences = (id) =>
  /^[\w.+-]+$/.test(id) ? [{ license: { id } }] : [{ expression: id.replace(/^\((.*)\)$/, '$1') }];
const purlOf = (part, at) => `pkg:npm/${part.replace('@', '%40')}@${at}`;

const packages = shippedPackages(root).map((part) => ({
  type: 'library',
  'bom-ref': purlOf(part.name, part.version),
  name: part.name,
  version: part.version,
  purl: purlOf(part.name, part.version),
  licenses: licences(part.licence),
  hashes: [{ alg: 'SHA-512', content: Buffer.from(part.integrity.replace(/^sha512-/, ''), 'base64').toString('hex') }],
}));
const models = shippedModels(root).map((model) => ({
  type: 'machine-learning-model',
  'bom-ref': `model:${model.id}@${model.version}`,
  name: model.name,
  version: model.version,
  description: model.source,
  licenses: licences(model.licence),
  components: model.files.map(({ path, sha256 }) => ({
    type: 'data',
    'bom-ref': `model:${model.id}@${model.version}/${path}`,
    name: path,
    hashes: [{ alg: 'SHA-256', content: sha256 }],
  })),
}));

const components = [...models, ...packages];
// The same parts give the same document: no time, and a serial number that follows from what is in it.
const digest = createHash('sha256').update(JSON.stringify(components)).digest('hex');
const serial = [8, 4, 4, 4, 12].map((length, index, all) => {
  const start = all.slice(0, index).reduce((sum, it) => sum + it, 0);
  const piece = digest.slice(start, start + length);
  return index === 2 ? `5${piece.slice(1)}` : index === 3 ? `8${piece.slice(1)}` : piece;
});
const bom = {
  $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  serialNumber: `urn:uuid:${serial.join('-')}`,
  version: 1,
  metadata: {
    component: {
      type: 'application',
      'bom-ref': `${name}@${version}`,
      name,
      version,
      description,
      licenses: licences(license),
    },
  },
  components,
};
const text = `${JSON.stringify(bom, null, 2)}\n`;
if (process.argv[2] === undefined) process.stdout.write(text);
else writeFileSync(process.argv[2], text);
