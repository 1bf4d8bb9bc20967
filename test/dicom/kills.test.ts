import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeInstance } from '../../extensions/dicomweb/node.ts';
import { freshUid, tinyCt } from '../support/tinyCt.ts';

/** 1,000 in the full form: `npm run test:kill`. */
const KILLS = Number(process.env.VOXPROMPT_KILLS ?? 20);
/** Objects under way at the moment of each kill: three sizes, so that a kill meets every stage of a write. */
const SIDES = [16, 256, 1024];

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('an archive that is killed while it stores', () => {
  let folder: string;
  let program: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-kills-'));
    program = join(folder, 'program', 'archiveProcess.js');
    await build({
      configFile: false,
      root: fileURLToPath(new URL('../..', import.meta.url)),
      logLevel: 'error',
      publicDir: false,
      build: {
        ssr: fileURLToPath(new URL('../support/kills/archiveProcess.ts', import.meta.url)),
        outDir: join(folder, 'program'),
        rollupOptions: { output: { entryFileNames: 'archiveProcess.js' } },
      },
      ssr: { noExternal: true },
    });
  }, 240_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function start(dataDir: string): Promise<{ readonly child: ChildProcess; readonly root: string }> {
    const child = spawn(process.execPath, [program, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const root = await new Promise<string>((resolve, reject) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        const found = /root (\S+)/.exec(chunk.toString())?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', (code, signal) => reject(new Error(`the archive ended with ${code ?? signal}`)));
    });
    return { child, root };
  }

  const kill = (child: ChildProcess): Promise<unknown> => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    return ended;
  };

  it(`has each object whole or not at all, and every one that it said it had stored (${KILLS} kills)`, async () => {
    const dataDir = join(folder, 'data');
    const [study, series] = [freshUid(), freshUid()];
    /** Everything ever sent: hash by UID, and whether the archive said that it has it. */
    const sent = new Map<string, { readonly hash: string; acknowledged: boolean }>();
    const count = { whole: 0, torn: 0, lost: 0, unanswered: 0 };
    let typicalMs = 300;
    for (let round = 0; round < KILLS; round += 1) {
      const { child, root } = await start(dataDir);
      const stores = SIDES.map(async (side, index) => {
        const instance = freshUid();
        const pixels = new Uint16Array(side * side).map((_, at) => at * 31 + round + index);
        const object = tinyCt({ study, series, instance, pixels });
        const entry = { hash: hashOf(object), acknowledged: false };
        sent.set(instance, entry);
        const outcome = await storeInstance(root, object, study);
        entry.acknowledged = outcome.kind === 'stored';
      });
      const finished = Promise.all(stores);
      await Promise.race([finished, new Promise((resolve) => setTimeout(resolve, Math.random() * typicalMs))]);
      await kill(child);
      await finished;
      // So that about half of the objects are answered, however slow the machine is at the moment.
      const answered = [...sent.values()].slice(-SIDES.length).filter(({ acknowledged }) => acknowledged).length;
      typicalMs *= answered === 0 ? 1.15 : answered === SIDES.length ? 0.9 : 1;
    }
    // What is on disk, then what a new process serves.
    const present = new Set<string>();
    const seriesDir = join(dataDir, 'studies', study, series);
    for (const name of existsSync(seriesDir) ? await readdir(seriesDir) : []) {
      const uid = name.replace(/\.dcm$/, '');
      present.add(uid);
      if (sent.get(uid)?.hash === hashOf(await readFile(join(seriesDir, name)))) count.whole += 1;
      else count.torn += 1;
    }
    for (const [uid, { acknowledged }] of sent) {
      if (acknowledged && !present.has(uid)) count.lost += 1;
      if (!acknowledged) count.unanswered += 1;
    }
    const { child, root } = await start(dataDir);
    const served = (await (await fetch(`${root}/studies/${study}/instances?limit=100000`)).json()) as unknown[];
    await kill(child);
    console.log(
      `${KILLS} kills, ${sent.size} objects sent, ${count.unanswered} without an answer: ` +
        `${count.whole} whole, ${count.torn} torn, ${count.lost} lost after "stored"`,
    );
    expect(count).toMatchObject({ torn: 0, lost: 0, whole: present.size });
    expect(served).toHaveLength(present.size);
    // The kills must have met stores under way, or the test shows nothing.
    expect(count.unanswered).toBeGreaterThan(0);
    expect(await readdir(join(dataDir, '.incoming'))).toEqual([]);
  }, 7_200_000);
});
