import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { measureNodeSpeed } from '../../../extensions/sam-segmentation/node.ts';
import { speedCommand } from './speedCommand.ts';
import { type Measured, measuredSpeed, speedReport } from './speedReport.ts';
import { applicationText, backendsText } from './speedTables.ts';

const folder = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

describe('the speed of the models', () => {
  it('is measured step by step, on Node with the real volume model and a tiny promptable one', async () => {
    const folders = {
      prompted: folder('test/fixtures/sam-families/medsam'),
      volume: folder('models/voxprompt-volume'),
    };
    const speed = await measureNodeSpeed(folders, 1, { runs: 1 });
    if (!speed.ok) throw new Error(speed.error.message);
    const told = measuredSpeed.parse({ ...speed.value, memory: 100 });
    expect(told).toMatchObject({ backend: 'node', threads: 1, runs: 1, slices: 5 });
    for (const step of ['preprocess', 'encode', 'decode', 'propagation', 'volume', 'twoSeries'] as const) {
      expect(told[step].cold, step).toBeGreaterThan(0);
      expect(told[step].warm, step).toBeGreaterThan(0);
    }
    expect(told.volume.load).toBeGreaterThan(0);
  }, 120_000);

  it('names the model whose folder holds none', async () => {
    const folders = { prompted: folder('models/no-such-model'), volume: folder('models/voxprompt-volume') };
    const speed = await measureNodeSpeed(folders, 1, { runs: 1 });
    expect(speed.ok ? '' : `${speed.error.code} ${speed.error.message}`).toContain(
      'model-file-unreadable no-such-model',
    );
  });
});

describe('the tables of speed', () => {
  const timed = (ms: number) => ({ cold: 2 * ms, warm: ms });
  const measured = (name: string, ms: number): Measured => ({
    name,
    speed: {
      ...{ backend: name, threads: 1, fingerprint: name, load: 5, slices: 5, runs: 3, memory: null },
      ...{ preprocess: timed(ms), encode: timed(ms), decode: timed(ms), propagation: timed(ms) },
      volume: { ...timed(ms), load: 1 },
      twoSeries: timed(2 * ms),
    },
  });

  it('tell how many times as fast each backend is as the first, and why one is absent', () => {
    const text = backendsText([measured('slow', 100), measured('fast', 25), { name: 'webgpu', absent: 'no adapter' }]);
    expect(text).toMatch(/fast\s+4\.00\s+4\.00\s+4\.00/);
    expect(text).toContain('200 / 100');
    expect(text).toContain('webgpu: absent, no adapter');
  });

  it('tell the longest tasks of the main thread with the scripts in them', () => {
    const warm = {
      firstMask: 0.4,
      wholeLesion: 0.8,
      seconds: 1.5,
      longTaskCount: 1,
      longTasks: [{ duration: 81.4, scripts: ['render app.js:120 70 ms'] }],
    };
    const application = { backend: 'WebAssembly', slices: 9, cold: { ...warm, seconds: 12.5 }, warm };
    expect(applicationText(application)).toMatch(
      /9 slices\nin a fresh page.* 0\.4 s, .* 0\.8 s, settled after 12\.5 s\n.*: 1\n {4}81 ms: render app\.js:120/,
    );
    expect(applicationText(application)).toMatch(/is seen: .*, settled after 1\.5 s\n.*: 1\n {4}81 ms: render/);
    expect(applicationText({ absent: 'no Chromium' })).toBe('application: absent, no Chromium');
    const report = { format: 'voxprompt-bench-speed', version: 4, models: ['m'], cores: 2, backends: [], application };
    expect(speedReport.parse(report)).toEqual(report);
  });
});

describe('voxprompt bench speed', () => {
  it.each([
    ['an unknown part', ['--only', 'gpu']],
    ['no runs', ['--runs', '0']],
  ])('refuses %s', async (_, args) => {
    expect((await speedCommand(args))?.code).toBe('usage');
  });
});
