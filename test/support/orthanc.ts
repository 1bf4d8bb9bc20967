import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ORTHANC = '/usr/sbin/Orthanc';
const PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';

export const hasOrthanc = existsSync(ORTHANC) && existsSync(PLUGIN);

export interface RealPacs {
  /** DICOMweb root, without a slash at the end. */
  readonly dicomWeb: string;
  /** Adds Part-10 files through Orthanc's own door, not through ours. */
  add(files: readonly Uint8Array[]): Promise<void>;
  stop(): Promise<void>;
}

/** A real Orthanc with its DICOMweb plugin on a free loopback port, with a storage folder of its own. */
export async function startOrthanc(): Promise<RealPacs> {
  const folder = await mkdtemp(join(tmpdir(), 'voxprompt-orthanc-'));
  const storage = join(folder, 'storage');
  await mkdir(storage);
  const port = await freePort();
  const settings = {
    Name: 'VoxPrompt test',
    StorageDirectory: storage,
    IndexDirectory: storage,
    HttpPort: port,
    DicomServerEnabled: false,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    Plugins: [PLUGIN],
    DicomWeb: { Enable: true, Root: '/dicom-web/' },
  };
  const file = join(folder, 'orthanc.json');
  await writeFile(file, JSON.stringify(settings));
  const child = spawn(ORTHANC, [file], { stdio: 'ignore' });
  const base = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    }
    await rm(folder, { recursive: true, force: true });
  };
  await answering(`${base}/system`, () => child.exitCode !== null).catch(async (thrown) => {
    await stop();
    throw thrown;
  });
  const add = async (files: readonly Uint8Array[]): Promise<void> => {
    for (const body of files) {
      const response = await fetch(`${base}/instances`, { method: 'POST', body: new Uint8Array(body) });
      if (!response.ok) throw new Error(`Orthanc answered ${response.status} to an instance`);
    }
  };
  return { dicomWeb: `${base}/dicom-web`, add, stop };
}

async function answering(url: string, ended: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (ended()) throw new Error('Orthanc ended at once');
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('Orthanc did not answer within a minute');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
