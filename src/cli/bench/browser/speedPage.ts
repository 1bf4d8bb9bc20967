import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Archive } from '../../../server/archive/archive.ts';
import { createVoxPromptServer } from '../../../server/server.ts';
import { PROJECT } from '../../model.ts';

const PAGE = join(PROJECT, 'extensions', 'sam-segmentation', 'speed');

export interface SpeedPage {
  readonly url: string;
  stop(): Promise<void>;
}

/** The measuring page, built and served as the product is, with the two model folders at models/measured and models/volume. */
export async function serveSpeedPage(modelDirectory: string, volumeDirectory: string): Promise<SpeedPage> {
  const root = await mkdtemp(join(tmpdir(), 'voxprompt-speed-'));
  const { build } = await import('vite');
  await build({
    root: PAGE,
    configFile: false,
    logLevel: 'error',
    base: './',
    worker: { format: 'es' },
    build: { outDir: join(root, 'dist', 'app'), emptyOutDir: true, target: 'esnext' },
  });
  await mkdir(join(root, 'models'));
  await symlink(modelDirectory, join(root, 'models', 'measured'), 'dir');
  await symlink(volumeDirectory, join(root, 'models', 'volume'), 'dir');
  const backend = { kind: 'embedded', archive: new Archive(join(root, 'archive')) } as const;
  const server = createVoxPromptServer({ root, backend, defaultModel: 'measured' });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(root, { recursive: true, force: true });
    },
  };
}
