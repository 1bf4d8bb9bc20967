/**
 * `npm run build:ohif`: the OHIF plugin in dist/ohif. voxprompt.js is all of it; beside it lie what is too large to be in it, the
 * runtime's WebAssembly and the models, and a line for app-config.js.
 */
import { cpSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inlinedStyles, publishedAddresses, publishModels, scopedClassNames } from '../embed/published.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const pluginFolder = join(root, 'dist', 'ohif');

/** What our code takes from Cornerstone: an import that is not listed here fails the build, instead of bundling a second copy. */
const FROM_HOST = {
  '@cornerstonejs/core': {
    library: 'cornerstone',
    names: [
      'Enums',
      'cache',
      'eventTarget',
      'getEnabledElement',
      'getEnabledElements',
      'imageLoader',
      'metaData',
      'utilities',
    ],
  },
  '@cornerstonejs/tools': {
    library: 'cornerstoneTools',
    names: [
      'AnnotationDisplayTool',
      'Enums',
      'ProbeTool',
      'RectangleROITool',
      'ToolGroupManager',
      'addTool',
      'annotation',
      'drawing',
      'segmentation',
      'utilities',
    ],
  },
};

/** OHIF keeps its React 18 to itself; ours is Preact, so that there is no second React either. */
const REACT = {
  'react-dom/client': 'preact/compat/client',
  'react-dom': 'preact/compat',
  'react/jsx-runtime': 'preact/jsx-runtime',
  react: 'preact/compat',
};

export async function buildOhif() {
  const { build } = await import('vite');
  const { NODE_ENV: asked = 'production' } = process.env;
  process.env.NODE_ENV = 'production';
  const runtimeFiles = new Set();
  try {
    await build({
      configFile: false,
      root,
      logLevel: 'error',
      publicDir: false,
      css: { modules: scopedClassNames },
      define: {
        'process.env.NODE_ENV': '"production"',
        VOXPROMPT_VERSION: JSON.stringify(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version),
      },
      resolve: {
        alias: Object.entries(REACT).map(([from, to]) => ({ find: new RegExp(`^${from}$`), replacement: to })),
        conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'production'],
      },
      plugins: [
        cornerstoneOfHost(),
        leanDcmjs(),
        publishedAddresses({
          runtimeFile: (name) => {
            runtimeFiles.add(name);
            return `./${basename(name)}`;
          },
        }),
        inlinedStyles(root),
      ],
      build: {
        target: 'es2022',
        outDir: pluginFolder,
        emptyOutDir: true,
        minify: true,
        lib: { entry: join(root, 'src/ohif/main.ts'), formats: ['es'], fileName: () => 'voxprompt.js' },
        rollupOptions: { output: { codeSplitting: false, minify: true } },
      },
    });
  } finally {
    process.env.NODE_ENV = asked;
  }
  const require = createRequire(import.meta.url);
  for (const name of runtimeFiles) cpSync(require.resolve(name), join(pluginFolder, basename(name)));
  publishModels(root, pluginFolder);
}

function cornerstoneOfHost() {
  const libraries = JSON.stringify(join(root, 'src/ohif/libraries.ts'));
  return {
    name: 'voxprompt-cornerstone-of-host',
    enforce: 'pre',
    resolveId(id) {
      if (id in FROM_HOST) return `\0host:${id}`;
      if (id.startsWith('@cornerstonejs/')) throw new Error(`${id} would be a second copy`);
      return undefined;
    },
    load(id) {
      const host = id.startsWith('\0host:') ? FROM_HOST[id.slice('\0host:'.length)] : undefined;
      if (host === undefined) return undefined;
      return `import { hostLibraries } from ${libraries};\nexport const { ${host.names.join(', ')} } = hostLibraries().${host.library};`;
    },
  };
}

/**
 * Of dcmjs only the Part-10 writer and the value representations of the dictionary are asked. Its adapters register themselves as it is
 * loaded, so that no bundler can leave them out; the names of the attributes and the private tags of the vendors are text and tables.
 * Together they are two thirds of it.
 */
function leanDcmjs() {
  const unused = [
    [/^var nameBlob\$1 = "[^"\n]*";/m, 'var nameBlob$1 = "";'],
    [/^var nameBlob = "[^"\n]*";/m, 'var nameBlob = "";'],
    [/^var keyBlob = '(?:[^'\n\\]|\\.)*';/m, "var keyBlob = '';"],
    [/^ {2}(nameOff|nameLen|keyOff|keyLen)_b64: "[^"\n]*"/gm, '  $1_b64: ""'],
  ];
  return {
    name: 'voxprompt-lean-dcmjs',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('/dcmjs.es.js')) return undefined;
      const adapters = code.indexOf('\nvar DICOMWEB = ');
      const wiring = code.slice(adapters).match(/^(DicomDict|ValueRepresentation|Tag)\.set\w+Class\(.*\);$/gm) ?? [];
      if (adapters < 0 || wiring.length < 4) throw new Error('dcmjs has changed: its parts are in another order');
      const writer = `${code.slice(0, adapters)}\n${wiring.join('\n')}\nexport const data = { DicomDict, DicomMetaDictionary };\n`;
      const lean = unused.reduce((text, [pattern, empty]) => {
        if (text.search(pattern) < 0) throw new Error(`dcmjs has changed: ${pattern}`);
        return text.replace(pattern, empty);
      }, writer);
      return { code: lean, map: null };
    },
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await buildOhif();
