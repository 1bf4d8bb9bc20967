import { describe, expect, it } from 'vitest';
import { serverOptions } from './options.ts';

const options = (...argv: readonly string[]) => serverOptions(argv, { XDG_DATA_HOME: '/data' });

describe('the command line of npm start', () => {
  it('listens on this machine alone and keeps its data where the system wants it', () => {
    expect(options()).toMatchObject({
      ok: true,
      value: { host: '127.0.0.1', port: 8080, dataDir: '/data/voxprompt', demo: true },
    });
  });

  it('takes folders, a PACS and several host names', () => {
    const parsed = options(
      'studies',
      '--pacs=http://pacs:8042/dicom-web/',
      '--allow-host',
      'Desk-7',
      '--allow-host',
      'b',
      '--port',
      '0',
    );
    expect(parsed.ok && parsed.value.pacs?.href).toBe('http://pacs:8042/dicom-web');
    expect(parsed.ok && parsed.value.allowedHosts).toEqual(['desk-7', 'b']);
    expect(parsed.ok && parsed.value.folders).toHaveLength(1);
  });

  it('takes hosts of models by their origin alone', () => {
    const parsed = options('--model-host', 'https://Models.example:8443/voxprompt/', '--model-host', 'http://10.0.0.7');
    expect(parsed.ok && parsed.value.modelHosts).toEqual(['https://models.example:8443', 'http://10.0.0.7']);
    expect(options().ok && options()).toMatchObject({ value: { modelHosts: [] } });
  });

  it.each([
    ['--port', 'x'],
    ['--pacs', 'ftp://x'],
    ['--model-host', 'models.example'],
    ['--model-host', "https://a.example; script-src 'unsafe-inline'"],
    ['--model-host', 'https://a;b'],
    ['--model-host', 'https://*'],
    ['--nonsense'],
    ['--data'],
  ])('refuses %s %s with the usage', (...argv) => {
    expect(options(...argv)).toMatchObject({
      ok: false,
      error: { code: 'bad-option', remedy: expect.stringContaining('npm start') },
    });
  });
});
