/**
 * What a release is made of besides our own code: packages that are not for development alone, and models. Plain JavaScript,
 * because the build and `npm run sbom` use it before anything is built.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const json = (path) => JSON.parse(readFileSync(path, 'utf8'));

/**
 * Packages by the lock file, in order of their names.
 * @param {string} root
 * @returns {readonly { name: string, version: string, licence: string, integrity: string, text: string | undefined }[]}
 */
export function shippedPackages(root) {
  const { packages } = json(join(root, 'package-lock.json'));
  const parts = Object.entries(packages).flatMap(
    ([path, { version, dev, devOptional, optional, integrity, license }]) => {
      const folder = join(root, path);
      // Native parts for other machines are not here, and not shipped from here.
      if (path === '' || dev || devOptional || (optional && !existsSync(folder))) return [];
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return [{ name, version, integrity, licence: license ?? licenceOf(folder), text: licenceText(folder) }];
    },
  );
  return parts.sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
}

function licenceOf(folder) {
  const { license, licenses } = existsSync(join(folder, 'package.json')) ? json(join(folder, 'package.json')) : {};
  return license?.type ?? license ?? licenses?.map(({ type }) => type).join(' OR ') ?? 'not stated';
}

function licenceText(folder) {
  const name = existsSync(folder) && readdirSync(folder).find((file) => /^(licen[cs]e|copying)/i.test(file));
  return name ? readFileSync(join(folder, name), 'utf8').trim() : undefined;
}

/**
 * Models in the repository, with the hash of each of their files.
 * @param {string} root
 * @returns {readonly { id: string, name: string, version: string, licence: string, text: string, source: string, files: readonly { path: string, sha256: string }[] }[]}
 */
export function shippedModels(root) {
  const folders = readdirSync(join(root, 'models'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name: folder }) => {
    const { id, name, version, licence, source, files } = json(join(root, 'models', folder, 'manifest.json'));
    const text = readFileSync(join(root, 'models', folder, licence.file), 'utf8').trim();
    const entries = files.flatMap(({ graph, weights }) => (weights ? [graph, weights] : [graph]));
    return { id, name, version, licence: licence.spdx, text, source: source.description, files: entries };
  });
}

/** All licences as one text, which the product serves. */
export function licencesText(root) {
  const rule = '='.repeat(100);
  const part = (name, version, licence, text) =>
    `${rule}\n${name} ${version}\nLicence: ${licence}\n\n${text ?? 'The package brings no licence text of its own.'}\n`;
  return [
    `VoxPrompt is licensed under Apache-2.0. It is made with these parts, each under its own licence.\n`,
    ...shippedModels(root).map(({ name, version, licence, text }) => part(`${name} (model)`, version, licence, text)),
    ...shippedPackages(root).map(({ name, version, licence, text }) => part(name, version, licence, text)),
  ].join('\n');
}
