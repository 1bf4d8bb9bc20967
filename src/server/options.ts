import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type AppError, appError, describeThrown } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';

/** What `npm start -- …` was asked to do. */
export interface ServerOptions {
  readonly port: number;
  readonly host: string;
  /** Names under which the server may be addressed, besides loopback and IP addresses. */
  readonly allowedHosts: readonly string[];
  /** Where stored studies live. */
  readonly dataDir: string;
  /** Read-only folders of studies. */
  readonly folders: readonly string[];
  /** DICOMweb root of a PACS that stands in for the embedded archive. */
  readonly pacs: URL | undefined;
  /** What every request must carry; undefined: the machine's own users are trusted. */
  readonly token: string | undefined;
  /** File that says how the reader signs in to the archive. */
  readonly auth: string | undefined;
  /** Inference server (Open Inference Protocol) behind /inference: pixels of lesions are sent there. */
  readonly inference: URL | undefined;
  /** Origins that browsers may fetch models from when a reader asks for it, besides this server. */
  readonly modelHosts: readonly string[];
  readonly demo: boolean;
  readonly open: boolean;
}

export const USAGE = `npm start -- [options] [FOLDER...]

  FOLDER            adds the studies of a folder, read-only
  --pacs URL        uses a PACS (DICOMweb root) instead of the embedded archive; credentials for basic
                    authentication come from VOXPROMPT_PACS_USER and VOXPROMPT_PACS_PASSWORD
  --inference URL   runs models on an inference server (Open Inference Protocol v2) instead of in the browser: slices
                    around lesions are sent there; a bearer token comes from VOXPROMPT_INFERENCE_TOKEN
  --model-host URL  a host that readers may add models from (repeatable): https://models.hospital.example. Their
                    browsers fetch from it themselves, when asked; without this, models are added from disk only
  --data DIR        where the embedded archive keeps what is stored
  --port N          default 8080; 0 takes any free one
  --host ADDRESS    default 127.0.0.1: this machine only
  --allow-host NAME a host name under which browsers may address the server (repeatable)
  --token           wants a token from every browser: a fresh one, printed at the start, or VOXPROMPT_TOKEN
  --auth FILE       how readers sign in to the PACS, as JSON: {"kind": "basic"}, {"kind": "bearer"}, or
                    {"kind": "oidc", "issuer": URL, "clientId": NAME, "scope": "openid offline_access"}
  --no-demo         does not put the demo study into the archive
  --no-open         does not open a browser
`;

const OPTIONS = {
  pacs: { type: 'string' },
  inference: { type: 'string' },
  'model-host': { type: 'string', multiple: true, default: [] as string[] },
  data: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  'allow-host': { type: 'string', multiple: true, default: [] as string[] },
  token: { type: 'boolean', default: false },
  auth: { type: 'string' },
  'no-demo': { type: 'boolean', default: false },
  'no-open': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the command line. Error `bad-option`, saying which; `help` where the usage was asked for. */
export function serverOptions(argv: readonly string[], env: NodeJS.ProcessEnv): Result<ServerOptions> {
  const parsed = parse(argv);
  if (!parsed.ok) return parsed;
  const { values, positionals } = parsed.value;
  if (values.help) return err(appError('help', USAGE));
  const port = Number(values.port ?? env.VOXPROMPT_PORT ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65535) return err(bad('--port must be between 0 and 65535.'));
  const { pacs, inference } = values;
  for (const [name, value] of Object.entries({ pacs, inference })) {
    if (value !== undefined && !(/^https?:\/\//.test(value) && URL.canParse(value))) {
      return err(bad(`--${name} must be an http or https address.`));
    }
  }
  const modelHosts = values['model-host'].map(originOf);
  const wrong = modelHosts.indexOf(undefined);
  if (wrong >= 0) return err(bad(`--model-host ${values['model-host'][wrong]} is not an http or https address.`));
  return ok({
    port,
    host: values.host,
    allowedHosts: values['allow-host'].map((name) => name.toLowerCase()),
    dataDir: resolve(values.data ?? defaultDataDir(env)),
    folders: positionals.map((folder) => resolve(folder)),
    pacs: addressOf(pacs),
    inference: addressOf(inference),
    modelHosts: modelHosts.flatMap((host) => host ?? []),
    token: values.token ? env.VOXPROMPT_TOKEN || randomBytes(24).toString('base64url') : undefined,
    auth: values.auth === undefined ? undefined : resolve(values.auth),
    demo: !values['no-demo'],
    open: !values['no-open'],
  });
}

const addressOf = (value: string | undefined): URL | undefined =>
  value === undefined ? undefined : new URL(value.replace(/\/+$/, ''));

/** Scheme, host and port alone: what a Content-Security-Policy names. Undefined for what would say more in there. */
function originOf(address: string): string | undefined {
  const origin = URL.canParse(address) ? new URL(address).origin : '';
  return /^https?:\/\/[\w.:[\]-]+$/.test(origin) ? origin : undefined;
}

function parse(argv: readonly string[]) {
  try {
    return ok(parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true }));
  } catch (thrown) {
    return err(bad(describeThrown(thrown)));
  }
}

/** XDG base directory on Unix, the local application data on Windows. */
function defaultDataDir(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_DATA_HOME || env.LOCALAPPDATA || join(homedir(), '.local', 'share');
  return join(base, 'voxprompt');
}

const bad = (message: string): AppError => appError('bad-option', message, { remedy: USAGE });
