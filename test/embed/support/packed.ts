import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFolder, packLibrary } from '../../../src/embed/pack.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What the host application has installed itself: the peers, what they need, and what the package depends on. */
const INSTALLED = join(root, 'node_modules');

/** A folder with a host application in which the tarball of `npm pack` is installed, and nothing else of this repository. */
export async function packedHost(): Promise<string> {
  await packLibrary();
  const folder = mkdtempSync(join(tmpdir(), 'voxprompt-embed-'));
  const args = ['pack', packageFolder, '--pack-destination', folder, '--json', '--loglevel=error'];
  execFileSync('npm', args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack made no tarball');
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'voxprompt'), { recursive: true });
  execFileSync('tar', ['xzf', join(folder, tarball), '-C', join(modules, 'voxprompt'), '--strip-components=1']);
  for (const name of readdirSync(INSTALLED)) {
    if (!name.startsWith('.')) symlinkSync(join(INSTALLED, name), join(modules, name), 'junction');
  }
  cpSync(join(root, 'test/embed/host'), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'host', private: true, type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(HOST_TYPES));
  for (const name of ['addVoxPrompt.tsx', 'encodeLesions.ts', 'openLesions.ts']) {
    writeFileSync(join(folder, name), readmeBlock(name));
  }
  if (!existsSync(join(modules, 'voxprompt', 'package.json'))) throw new Error('The tarball is empty');
  return folder;
}

const HOST_TYPES = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    module: 'ESNext',
    moduleResolution: 'bundler',
    jsx: 'react-jsx',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  },
  include: ['*.ts', '*.tsx'],
};

/** The code block of the README that begins with the name of its file. */
export function readmeBlock(name: string): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  for (const [, body] of readme.matchAll(/```[a-z]+\n([\s\S]*?)```/g)) {
    if (body?.startsWith(`// ${name}\n`)) return body;
  }
  throw new Error(`The README shows no ${name}`);
}
