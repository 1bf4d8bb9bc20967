import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AuthConfig, parseAuthConfig } from '#extension-api';
import { Archive } from './archive/archive.ts';
import { clearStaging } from './archive/durableWrite.ts';
import { scanFolder } from './archive/scanFolder.ts';
import { seedDemo } from './demo/seedDemo.ts';
import { openBrowser } from './openBrowser.ts';
import { type ServerOptions, serverOptions } from './options.ts';
import type { Upstream } from './proxy.ts';
import { type Backend, createVoxPromptServer, listen } from './server.ts';

/** Built as dist/server.js: the project is one folder up. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const DEMO = { worker: new URL('./demo.js', import.meta.url), cacheDir: join(root, 'dist', 'demo') };
/** No store takes that long: what is older was left by a process that was killed. */
const LEFTOVER_AGE_MS = 3_600_000;
const DEFAULT_MODEL = 'litemedsam';
const PROPAGATION_MODEL = 'voxprompt-volume';

async function embedded(options: ServerOptions): Promise<Backend> {
  const archive = new Archive(options.dataDir);
  await clearStaging(archive.stagingDir, LEFTOVER_AGE_MS);
  const own = await scanFolder(archive, archive.studiesDir);
  console.log(`Archive: ${own.added} instances in ${options.dataDir}`);
  for (const folder of options.folders) {
    await access(folder);
    const { added, skipped } = await scanFolder(archive, folder);
    const others = [...skipped].map(([reason, count]) => `${count} ${reason}`).join(', ');
    console.log(`Folder: ${added} instances added read-only${others === '' ? '' : `; not used: ${others}`}`);
  }
  if (options.demo) {
    const made = await seedDemo(archive, DEMO, (done, total) => {
      if (done === 1) console.log('Making the demo study, once ...');
      if (process.stdout.isTTY) process.stdout.write(`\r${done} of ${total} slices${done === total ? '\n' : ''}`);
    });
    if (made > 0) console.log(`Demo study: ${made} slices of a synthetic CT`);
  }
  return { kind: 'embedded', archive };
}

function pacs(root: URL): Backend {
  const { VOXPROMPT_PACS_USER: user, VOXPROMPT_PACS_PASSWORD: password } = process.env;
  return { kind: 'pacs', root, ...(user !== undefined && { credentials: { user, password: password ?? '' } }) };
}

/** A sign-in that cannot be read must not become none. */
async function authOf(file: string | undefined): Promise<AuthConfig | undefined> {
  if (file === undefined) return undefined;
  const auth = parseAuthConfig(JSON.parse(await readFile(file, 'utf8')));
  if (auth === undefined) throw new Error(`${file} does not say how readers sign in: see --help.`);
  return auth;
}

function inferenceAt(root: URL): Upstream {
  const { VOXPROMPT_INFERENCE_TOKEN: token } = process.env;
  return { name: 'inference server', root, ...(token !== undefined && { credentials: { token } }) };
}

async function main(): Promise<number> {
  const parsed = serverOptions(process.argv.slice(2), process.env);
  if (!parsed.ok && parsed.error.code === 'help') {
    console.log(parsed.error.message);
    return 0;
  }
  if (!parsed.ok) {
    console.error(`${parsed.error.message}\n\n${parsed.error.remedy ?? ''}`);
    return 2;
  }
  const options = parsed.value;
  const backend = options.pacs === undefined ? await embedded(options) : pacs(options.pacs);
  const server = createVoxPromptServer({
    root,
    backend,
    defaultModel: DEFAULT_MODEL,
    propagationModel: PROPAGATION_MODEL,
    inference: options.inference === undefined ? undefined : inferenceAt(options.inference),
    modelHosts: options.modelHosts,
    allowedHosts: options.allowedHosts,
    token: options.token,
    auth: await authOf(options.auth),
  });
  const address = await listen(server, options.host, options.port);
  const page = `${address}/${options.token === undefined ? '' : `?token=${encodeURIComponent(options.token)}`}`;
  console.log(`VoxPrompt is at ${page}`);
  // Only where somebody sits at the console.
  if (options.open && process.stdout.isTTY && process.env.CI === undefined) openBrowser(page);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close(() => process.exit(0)));
  return 0;
}

try {
  process.exitCode = await main();
} catch (thrown) {
  const { code, message, port } = thrown as NodeJS.ErrnoException & { readonly port?: number };
  const inUse =
    code === 'EADDRINUSE' ? `Port ${port} is in use: choose another with --port N (0 takes any free one).` : undefined;
  console.error(inUse ?? message);
  process.exitCode = 1;
}
