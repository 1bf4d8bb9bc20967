import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startEmbeddedArchive } from '../support/embeddedArchive.ts';
import { freshUid, tinyCt } from '../support/tinyCt.ts';

/** A Python that has PyPI's dicomweb-client: VOXPROMPT_PYTHON, or the one of the system. */
const python = [process.env.VOXPROMPT_PYTHON, 'python3'].find(
  (it) => it !== undefined && spawnSync(it, ['-c', 'import dicomweb_client, pydicom']).status === 0,
);

describe.skipIf(python === undefined)(
  python === undefined ? 'dicomweb-client (skipped: not installed for this Python)' : 'dicomweb-client',
  () => {
    it('stores, finds and gets back the same objects from the embedded archive', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'voxprompt-client-'));
      const archive = await startEmbeddedArchive();
      const [study, series] = [freshUid(), freshUid()];
      for (const instanceNumber of [1, 2, 3]) {
        const ct = tinyCt({ study, series, instance: freshUid(), instanceNumber, value: instanceNumber });
        await writeFile(join(folder, `${instanceNumber}.dcm`), ct);
      }
      const script = fileURLToPath(new URL('./support/independentClient.py', import.meta.url));
      const { stdout } = await promisify(execFile)(python ?? '', [script, archive.root, folder]);
      await archive.stop();
      await rm(folder, { recursive: true });
      expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
        stored: 3,
        failed: 0,
        studies: 1,
        instances: 3,
        metadata: true,
        same: true,
        frame: true,
      });
    });
  },
);
