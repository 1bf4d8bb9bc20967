/**
 * `npm run pack:library`: what is published to npm, in dist/package: ES modules, types, models, and a package.json made from ours.
 * The repository's own manifest stays that of the application: there the peers are dependencies.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inlinedStyles, publishedAddresses, publishModels, scopedClassNames } from './published.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const packageFolder = join(root, 'dist', 'package');

/** Entry points by name of their module: subpath and source. */
const ENTRIES = {
  core: ['./core', 'src/embed/library/core.ts'],
  'sam-segmentation': ['./sam-segmentation', 'src/embed/library/samSegmentation.ts'],
  'sam-segmentation-react': ['./sam-segmentation/react', 'src/embed/library/react.tsx'],
  'dicom-seg': ['./dicom-seg', 'src/embed/library/dicomSeg.ts'],
  dicomweb: ['./dicomweb', 'src/embed/library/dicomWeb.ts'],
};
const WORKER = { 'inference-worker': ['extensions/sam-segmentation/inference/worker.ts'] };

/** What a host has already, and must have once: name, range, whether every use needs it. */
const PEERS = {
  '@cornerstonejs/core': ['^5.0.0', true],
  '@cornerstonejs/tools': ['^5.0.0', true],
  'onnxruntime-web': ['^1.30.0', true],
  react: ['^19.0.0', false],
  'react-dom': ['^19.0.0', false],
};

export async function packLibrary() {
  rmSync(packageFolder, { recursive: true, force: true });
  const { build } = await import('vite');
  const imported = new Set();
  // A build asked for by a test runner (NODE_ENV=test) is the same build: it would call React's development runtime.
  const { NODE_ENV: asked = 'production' } = process.env;
  process.env.NODE_ENV = 'production';
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    css: { modules: scopedClassNames },
    plugins: [
      publishedAddresses({ worker: './inference-worker.js', runtimeFile: (name) => name }),
      inlinedStyles(root),
    ],
    build: {
      target: 'es2023',
      outDir: packageFolder,
      emptyOutDir: true,
      minify: false,
      // A library: no preload helper of Vite's own round dynamic imports.
      lib: {
        entry: { ...sources(ENTRIES), ...sources(WORKER) },
        formats: ['es'],
        fileName: (_, name) => `${name}.js`,
      },
      rollupOptions: {
        preserveEntrySignatures: 'strict',
        treeshake: { moduleSideEffects: (id) => id.endsWith('/inference/worker.ts') || id.endsWith('.css') },
        external: (id) => {
          const bare = /^[@a-z]/i.test(id) && !id.endsWith('?url');
          if (bare)
            imported.add(
              id
                .split('/')
                .slice(0, id.startsWith('@') ? 2 : 1)
                .join('/'),
            );
          return bare;
        },
        output: { chunkFileNames: 'shared-[name].js', assetFileNames: '[name][extname]' },
      },
    },
  }).finally(() => {
    process.env.NODE_ENV = asked;
  });
  writeTypes();
  publishModels(root, packageFolder);
  cpSync(join(root, 'LICENSE'), join(packageFolder, 'LICENSE'));
  cpSync(join(root, 'README.md'), join(packageFolder, 'README.md'));
  writeFileSync(join(packageFolder, 'package.json'), `${JSON.stringify(manifest(imported), null, 2)}\n`);
}

const sources = (entries) =>
  Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, join(root, entry.at(-1))]));

function manifest(imported) {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const needed = [...imported].filter((name) => !(name in PEERS)).sort();
  const unknown = needed.filter((name) => own.dependencies[name] === undefined);
  if (unknown.length > 0) throw new Error(`The library imports what package.json does not name: ${unknown.join(', ')}`);
  return {
    name: own.name,
    version: own.version,
    description: own.description,
    license: own.license,
    keywords: ['cornerstonejs', 'dicom', 'segmentation', 'segment-anything', 'sam'],
    type: 'module',
    engines: own.engines,
    sideEffects: ['./inference-worker.js'],
    exports: {
      ...Object.fromEntries(
        Object.entries(ENTRIES).map(([name, [subpath, source]]) => [
          subpath,
          { types: `./types/${source.replace(/\.tsx?$/, '.d.ts')}`, default: `./${name}.js` },
        ]),
      ),
      './models/*': './models/*',
      './package.json': './package.json',
    },
    dependencies: Object.fromEntries(needed.map((name) => [name, own.dependencies[name]])),
    peerDependencies: Object.fromEntries(Object.entries(PEERS).map(([name, [range]]) => [name, range])),
    peerDependenciesMeta: Object.fromEntries(
      Object.entries(PEERS).flatMap(([name, [, needed]]) => (needed ? [] : [[name, { optional: true }]])),
    ),
  };
}

/** Declarations of everything that the entry points reach. Types are checked elsewhere: here they are only written. */
function writeTypes() {
  const out = join(packageFolder, 'types');
  const config = join(packageFolder, 'tsconfig.json');
  mkdirSync(out, { recursive: true });
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        noCheck: true,
        rootDir: root,
        outDir: out,
        types: [],
      },
      include: [],
      exclude: [],
      files: Object.values(ENTRIES).map(([, source]) => join(root, source)),
    }),
  );
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', config], { cwd: root, encoding: 'utf8' });
  rmSync(config);
  if (status !== 0) throw new Error(`tsc: ${stdout}`);
  for (const file of filesBelow(out)) {
    writeFileSync(file, withPublishedSpecifiers(readFileSync(file, 'utf8'), relative(out, dirname(file))));
  }
}

/** Our import aliases and .ts extensions mean nothing outside this repository. */
function withPublishedSpecifiers(text, folder) {
  const up = (target) => {
    const path = relative(folder, target).split(sep).join('/');
    return path.startsWith('.') ? path : `./${path}`;
  };
  const aliased = (specifier) => {
    const [, room, rest] = /^#([a-z-]+)(?:\/(.+))?$/.exec(specifier) ?? [];
    if (room === undefined) return specifier;
    if (room === 'core') return up(`src/core/${rest}`);
    return up(room === 'extensions' ? `extensions/${rest}/index.ts` : `src/${room}/index.ts`);
  };
  return text.replace(/((?:from|import\()\s*)(['"])([.#][^'"]*)\2/g, (_, before, quote, specifier) => {
    return `${before}${quote}${aliased(specifier).replace(/\.tsx?$/, '.js')}${quote}`;
  });
}

const filesBelow = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await packLibrary();
