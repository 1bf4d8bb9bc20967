import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './freePort.ts';

const BINARY = ['/usr/sbin/Orthanc', '/usr/bin/Orthanc'].find((path) => existsSync(path));
const PLUGIN = [
  '/usr/share/orthanc/plugins/libOrthancDicomWeb.so',
  '/usr/lib/orthanc/plugins/libOrthancDicomWeb.so',
].find((path) => existsSync(path));

/** Why the tests against Orthanc cannot run here; undefined where they can. */
export const orthancMissing: string | undefined =
  BINARY === undefined
    ? 'Orthanc is not installed'
    : PLUGIN === undefined
      ? 'the Orthanc DICOMweb plugin is not installed'
      : undefined;

export interface Orthanc {
  /** DICOMweb root. */
  readonly root: string;
  stop(): Promise<void>;
}

/** Debian's Orthanc with its DICOMweb plugin, on a free loopback port and with a storage of its own. */
export async function startOrthanc(users?: Readonly<Record<string, string>>): Promise<Orthanc> {
  if (BINARY === undefined || PLUGIN === undefined) throw new Error(orthancMissing);
  const folder = await mkdtemp(join(tmpdir(), 'voxprompt-orthanc-'));
  const port = await freePort();
  const configuration = {
    Name: 'voxprompt-test',
    StorageDirectory: join(folder, 'storage'),
    IndexDirectory: join(folder, 'index'),
    HttpPort: port,
    HttpServerEnabled: true,
    RemoteAccessAllowed: false,
    DicomServerEnabled: false,
    AuthenticationEnabled: users !== undefined,
    ...(users !== undefined && { RegisteredUsers: users }),
    Plugins: [PLUGIN],
    DicomWeb: { Enable: true, Root: '/dicom-web/' },
  };
  const file = join(folder, 'orthanc.json');
  await writeFile(file, JSON.stringify(configuration));
  const child = spawn(BINARY, [file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4000);
  });
  const root = `http://127.0.0.1:${port}/dicom-web`;
  await answering(root, child, () => log);
  return {
    root,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(kill);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answering(root: string, child: ChildProcess, log: () => string): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`Orthanc ended with ${child.exitCode}:\n${log()}`);
    const answer = await fetch(`${root}/studies?limit=1`).catch(() => undefined);
    if (answer !== undefined && answer.status < 500) {
      await answer.body?.cancel();
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`Orthanc does not answer:\n${log()}`);
}
