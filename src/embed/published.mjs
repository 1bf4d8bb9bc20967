/** What the builds for other people's viewers share. Plain JavaScript: it runs before anything is built. */
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const URL_MARK = '__VOXPROMPT_URL__';
const STYLES_MARK = 'VOXPROMPT_STYLES';
const WORKER = /new URL\('\.\/worker\.ts', import\.meta\.url\)/;

/** The model that is prompted and the one that propagates. */
const MODELS = ['litemedsam', 'voxprompt-volume'];

/** Copies the models below a folder; how they were made, which is in folders of its own, stays here. */
export function publishModels(root, folder) {
  for (const model of MODELS) {
    const to = join(folder, 'models', model);
    mkdirSync(to, { recursive: true });
    for (const entry of readdirSync(join(root, 'models', model), { withFileTypes: true })) {
      if (entry.isFile()) cpSync(join(root, 'models', model, entry.name), join(to, entry.name));
    }
  }
}

/**
 * Writes addresses in the one form that every bundler understands, `new URL('...', import.meta.url)`, after Vite has had its say:
 * it would inline the files, or name them in a way of its own.
 * @param {{ worker?: string, runtimeFile: (name: string) => string }} addresses relative to the file that names them; without
 *   one for the worker, it is this very file
 */
export function publishedAddresses({ worker, runtimeFile }) {
  return {
    name: 'voxprompt-addresses',
    enforce: 'pre',
    resolveId(id) {
      return /^onnxruntime-web\/.+\?url$/.test(id) ? `\0voxprompt-url:${id.slice(0, -'?url'.length)}` : undefined;
    },
    load(id) {
      const name = id.startsWith('\0voxprompt-url:') ? id.slice('\0voxprompt-url:'.length) : undefined;
      return name && `export default ${URL_MARK}(${JSON.stringify(runtimeFile(name))}).href;`;
    },
    transform(code, id) {
      if (!id.endsWith('/inference/browserModel.ts')) return undefined;
      if (!WORKER.test(code)) throw new Error('browserModel.ts starts its worker in another way than expected');
      const address = worker === undefined ? 'import.meta.url' : `${URL_MARK}(${JSON.stringify(worker)})`;
      return { code: code.replace(WORKER, address), map: null };
    },
    renderChunk(code) {
      const published = code.replace(
        new RegExp(`${URL_MARK}\\(\\s*(["'\`])(.*?)\\1\\s*\\)`, 'g'),
        (_, __, address) => `new URL(${JSON.stringify(address)}, import.meta.url)`,
      );
      return { code: published, map: null };
    },
  };
}

/** Puts all styles, with the tokens they need, into the code as one text. */
export function inlinedStyles(root) {
  return {
    name: 'voxprompt-styles',
    enforce: 'post',
    generateBundle(_, bundle) {
      const parts = [scopedTokens(readFileSync(join(root, 'src/ui/tokens.css'), 'utf8'))];
      for (const [name, { type, source }] of Object.entries(bundle)) {
        if (type !== 'asset' || !name.endsWith('.css')) continue;
        parts.push(String(source));
        delete bundle[name];
      }
      for (const [, name] of PLACED.matchAll(/\[class\*='([^']+)'\]/g)) {
        if (!parts.some((css) => css.includes(name))) throw new Error(`No style sheet has a class ${name}`);
      }
      parts.push(PLACED);
      const text = JSON.stringify(ownProperties(parts.join('\n')));
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk') chunk.code = chunk.code.replaceAll(STYLES_MARK, () => text);
      }
    },
  };
}

/** Class names that the rules below can find. */
export const scopedClassNames = { generateScopedName: 'voxprompt-[name]-[local]-[hash:base64:4]' };

/** Our own elements: the panel, and what is opened from it at the end of the page. */
const OURS = ":where(.voxprompt, body > [class*='voxprompt-'], [data-radix-popper-content-wrapper])";

/** The element rules of the app's style sheet, for our own elements alone; the host's page stays as it is. */
function scopedTokens(css) {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/html,\s*body \{[^}]*\}/, '')
    .replace(/(^|\n)body \{([^}]*)\}/, (_, start, rules) => `${start}${OURS} {${rules.replace(/overflow:[^;]*;/, '')}}`)
    .replace(/\*,\s*\*::before,\s*\*::after \{/, `${OURS}, ${OURS} * {`)
    .replace(
      /(^|\n)((?:[a-z0-9]+,\n)*[a-z0-9]+) \{/g,
      (_, start, names) => `${start}${OURS} :where(${names.replaceAll('\n', ' ')}) {`,
    )
    .replace(/(^|\n):focus-visible \{/, `$1${OURS} :focus-visible {`);
}

/** The panel in a column of the host: some air, and a strip whose words may take the lines they need. */
const PLACED = `
.voxprompt { padding: var(--space-3); border-radius: var(--radius-l); height: auto; }
.voxprompt [class*='PropagationStrip-module-strip'] { height: auto; margin-top: var(--space-3); padding-inline: 0; }
.voxprompt [class*='PropagationStrip-module-foot'] { display: grid; height: auto; grid-template-columns: minmax(0, 1fr); gap: var(--space-1); }
.voxprompt [class*='PropagationStrip-module-right'] { text-align: left; }
`;

/** Custom properties under a name of our own: a host may have an --accent, too. */
const ownProperties = (css) => css.replace(/(?<![\w-])--(?!radix-)(?=[a-z])/g, '--voxprompt-');
