import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Archive } from '../../src/server/archive/archive.ts';
import { durableWrite } from '../../src/server/archive/durableWrite.ts';
import { scanFolder } from '../../src/server/archive/scanFolder.ts';
import { createVoxPromptServer, listen } from '../../src/server/server.ts';
import { type Fault, faultyWrite, intercepting } from './faults.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

export interface EmbeddedArchive {
  /** Address of viewer and archive. */
  readonly origin: string;
  /** DICOMweb root. */
  readonly root: string;
  readonly archive: Archive;
  readonly dataDir: string;
  /** What has been asked of the archive so far. */
  readonly traffic: Traffic;
  /** Faults to come, the next one first: each is used up by the first request that it applies to. */
  plan(...faults: readonly Fault[]): void;
  /** Forgets the faults that have not come yet. */
  lift(): void;
  stop(): Promise<void>;
}

interface Traffic {
  /** In the order in which they came, without the root. */
  readonly paths: readonly string[];
  /** Requests that were under way at the same time, at the most. */
  readonly most: number;
}

/** Notes every request to the archive. */
function watched() {
  const paths: string[] = [];
  let [running, most] = [0, 0];
  return {
    traffic: {
      paths,
      get most() {
        return most;
      },
    },
    note({ url = '' }: IncomingMessage, response: ServerResponse): void {
      if (!url.startsWith('/dicom-web')) return;
      paths.push(url.slice('/dicom-web'.length));
      running += 1;
      most = Math.max(most, running);
      response.once('close', () => {
        running -= 1;
      });
    },
  };
}

/** The server of `npm start` in this process, with an archive of its own and faults on demand. */
export async function startEmbeddedArchive(
  options: { readonly folders?: readonly string[]; readonly maxStoreBytes?: number } = {},
): Promise<EmbeddedArchive> {
  const dataDir = await mkdtemp(join(tmpdir(), 'voxprompt-archive-'));
  const planned: Fault[] = [];
  const { traffic, note } = watched();
  const fault = intercepting(planned);
  const archive = new Archive(dataDir, faultyWrite(planned, durableWrite));
  for (const folder of options.folders ?? []) await scanFolder(archive, folder);
  const { maxStoreBytes } = options;
  const server = createVoxPromptServer({
    root: project,
    backend: { kind: 'embedded', archive, ...(maxStoreBytes !== undefined && { maxStoreBytes }) },
    defaultModel: 'litemedsam',
    intercept(request, response) {
      note(request, response);
      return fault(request, response);
    },
  });
  const origin = await listen(server, '127.0.0.1', 0);
  return {
    origin,
    traffic,
    root: `${origin}/dicom-web`,
    archive,
    dataDir,
    plan: (...faults) => void planned.push(...faults),
    lift: () => void planned.splice(0),
    async stop() {
      await closed(server);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface FaultyProxy {
  /** DICOMweb root, with the faults. */
  readonly root: string;
  plan(...faults: readonly Fault[]): void;
  lift(): void;
  stop(): Promise<void>;
}

/** The server of `npm start -- --pacs` before another archive, with faults on demand. */
export async function startFaultyProxy(pacsRoot: string): Promise<FaultyProxy> {
  const planned: Fault[] = [];
  const server = createVoxPromptServer({
    root: project,
    backend: { kind: 'pacs', root: new URL(pacsRoot) },
    defaultModel: 'litemedsam',
    intercept: intercepting(planned),
  });
  const origin = await listen(server, '127.0.0.1', 0);
  return {
    root: `${origin}/dicom-web`,
    plan: (...faults) => void planned.push(...faults),
    lift: () => void planned.splice(0),
    stop: () => closed(server),
  };
}

export async function closed(server: Server): Promise<void> {
  const end = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await end;
}
