import { describe, expect, it } from 'vitest';
import { storeVerdict } from './storeVerdict.ts';

const OURS = '2.25.1';
const sequence = (...items: readonly (readonly [uid: string | undefined, extra?: object])[]) => ({
  vr: 'SQ',
  Value: items.map(([uid, extra]) => ({ ...(uid && { '00081155': { vr: 'UI', Value: [uid] } }), ...extra })),
});
const reason = (code: number) => ({ '00081197': { vr: 'US', Value: [code] } });
const verdict = (status: number, body: unknown) =>
  storeVerdict(status, 'application/dicom+json', typeof body === 'string' ? body : JSON.stringify(body), OURS);

describe('what an archive says of a stored object', () => {
  it('believes the entry of the object, whatever the status', () => {
    for (const status of [200, 202, 400, 409]) {
      const body = { '00081199': sequence([OURS]), '00081198': sequence(['2.25.9', reason(0x0110)]) };
      expect(verdict(status, body)).toEqual({ kind: 'stored', warnings: [] });
      expect(verdict(status, { '00081198': sequence([OURS, reason(0x0111)]) })).toMatchObject({
        kind: 'refused',
        error: { context: { reason: '0111' } },
      });
    }
  });

  it('takes an object that is in both lists for refused', () => {
    expect(verdict(202, { '00081199': sequence([OURS]), '00081198': sequence([OURS, reason(0xa900)]) }).kind).toBe(
      'refused',
    );
  });

  it('passes warnings on in words', () => {
    const body = [{ '00081199': sequence([OURS, { '00081196': { vr: 'US', Value: [0xb000] } }]) }];
    expect(verdict(200, body)).toEqual({ kind: 'stored', warnings: ['The archive changed values of the object.'] });
  });

  it('is not taken in by 200 with empty lists, by a login page, or by an answer about something else', () => {
    expect(verdict(200, { '00081190': { vr: 'UR' } }).kind).toBe('ambiguous');
    expect(verdict(200, '<html>Log in</html>').kind).toBe('ambiguous');
    expect(verdict(200, { '00081199': sequence(['2.25.9']) }).kind).toBe('ambiguous');
    expect(verdict(200, '').kind).toBe('ambiguous');
  });

  it('reads a failure without a UID as ours where the status says failure', () => {
    expect(verdict(409, { '00081198': sequence([undefined, reason(0xc000)]) })).toMatchObject({
      kind: 'refused',
      error: { context: { reason: 'C000' } },
    });
    expect(verdict(200, { '00081198': sequence([undefined, reason(0xc000)]) }).kind).toBe('ambiguous');
  });

  it('lets the status speak where the body is silent', () => {
    expect(verdict(401, '')).toMatchObject({ kind: 'refused', error: { code: 'archive-unauthorized' } });
    expect(verdict(413, '')).toMatchObject({ kind: 'refused', error: { code: 'archive-too-large' } });
    expect(verdict(507, '')).toMatchObject({ kind: 'refused', error: { context: { reason: 'A700' } } });
    // The object may have been stored before the archive or a proxy on the way failed.
    expect(verdict(500, '').kind).toBe('ambiguous');
    expect(verdict(504, '<html>').kind).toBe('ambiguous');
  });
});
