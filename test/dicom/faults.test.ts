import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dicomWebSource } from '../../extensions/dicomweb/source.ts';
import { startEmbeddedArchive, startFaultyProxy } from '../support/embeddedArchive.ts';
import { type Fault, LOGIN_PAGE } from '../support/faults.ts';
import { orthancMissing, startOrthanc } from '../support/orthanc.ts';
import { type Journey, saveJourney } from '../support/saveJourney.ts';

const FULL = process.env.VOXPROMPT_FULL === '1';
/** Reads are repeated this often by themselves. */
const ATTEMPTS = 2;
const IMPATIENT = { attempts: ATTEMPTS, firstDelayMs: 5, timeoutMs: 1500 };

const status = (on: 'store' | 'read', code: number, headers: Readonly<Record<string, string>> = {}): Fault => ({
  on,
  kind: 'status',
  status: code,
  body: '{}',
  contentType: 'application/json',
  headers,
});
const reading = (fault: Fault): readonly Fault[] => Array.from({ length: ATTEMPTS }, () => fault);

/** What goes wrong from the moment the object is sent, and whether the reader has to be told. */
const FAULTS: readonly (readonly [name: string, faults: readonly Fault[], told: boolean])[] = [
  ['no fault', [], false],
  ['connection dropped before the body', [{ on: 'store', kind: 'dropped' }], true],
  ['connection dropped in the middle of the body', [{ on: 'store', kind: 'dropped-midway' }], true],
  ['stored, and the answer lost', [{ on: 'store', kind: 'answer-lost' }], true],
  ['stored, and the answer cut off', [{ on: 'store', kind: 'cut-off' }], true],
  ['slow', [{ on: 'store', kind: 'slow', ms: 400 }], false],
  ...[401, 403, 404, 409, 413, 429, 500, 503, 507].map(
    (code) => [`store: ${code}`, [status('store', code, code === 429 ? { 'Retry-After': '1' } : {})], true] as const,
  ),
  ['store: 202, ours refused', [{ on: 'store', kind: 'partial' }], true],
  ['store: a login page instead of JSON', [{ on: 'store', kind: 'status', status: 200, body: LOGIN_PAGE }], true],
  ['duplicate UID, other pixels kept silently', [{ on: 'store', kind: 'keeps-other' }], true],
  ['read-back: connection dropped', reading({ on: 'read', kind: 'dropped' }), true],
  ['read-back: one drop', [{ on: 'read', kind: 'dropped' }], false],
  ['read-back: cut off', reading({ on: 'read', kind: 'cut-off' }), true],
  ['read-back: slower than we wait', reading({ on: 'read', kind: 'slow', ms: 2500 }), true],
  ...[401, 403, 404, 429, 500, 503].map((code) => [`read-back: ${code}`, reading(status('read', code)), true] as const),
  ['read-back: a login page', reading({ on: 'read', kind: 'status', status: 200, body: LOGIN_PAGE }), true],
  ['read-back: truncated multipart', reading({ on: 'read', kind: 'truncated' }), true],
  ['read-back: wrong boundary', reading({ on: 'read', kind: 'wrong-boundary' }), true],
  ['read-back differs in one bit', [{ on: 'read', kind: 'altered' }], true],
];

interface Rig {
  readonly root: string;
  /** The archive without the faults. */
  readonly proofRoot: string;
  plan(...faults: readonly Fault[]): void;
  lift(): void;
  stop(): Promise<unknown>;
}
const RIGS: readonly (readonly [name: string, missing: string | undefined, start: () => Promise<Rig>])[] = [
  [
    'the embedded archive',
    undefined,
    async () => {
      const archive = await startEmbeddedArchive();
      return { ...archive, proofRoot: archive.root };
    },
  ],
  [
    'Orthanc behind our proxy',
    orthancMissing,
    async () => {
      const orthanc = await startOrthanc();
      const proxy = await startFaultyProxy(orthanc.root);
      return { ...proxy, proofRoot: orthanc.root, stop: () => Promise.all([proxy.stop(), orthanc.stop()]) };
    },
  ],
];

describe.each(RIGS)('saving to %s', (name, missing, start) => {
  describe.skipIf(missing !== undefined)(missing === undefined ? 'whatever happens' : `(skipped: ${missing})`, () => {
    let rig: Rig;
    let serial = 100;
    const lines: string[] = [];
    const lost: string[] = [];

    beforeAll(async () => {
      rig = await start();
    }, 120_000);
    afterAll(async () => {
      const head = [
        `faults on the way to ${name}`,
        `  ${'fault'.padEnd(46)}by      told  presses  what the reader sees`,
      ];
      if (FULL) console.log([...head, ...lines].join('\n'));
      console.log(`  ${name}: ${FAULTS.length} faults, ${lines.length} journeys, ${lost.length} lost`);
      await rig?.stop();
    });

    const journeys = FAULTS.flatMap(([fault, faults, told]) =>
      (['dialog', 'outbox'] as const).map((retry) => [fault, retry, faults, told] as const),
    );
    it.each(journeys)('loses nothing: %s, by the %s', async (fault, retry, faults, told) => {
      serial += 1;
      const source = dicomWebSource('archive', name, rig.root, { backoff: IMPATIENT });
      const proof = dicomWebSource('proof', name, rig.proofRoot);
      const journey: Journey = await saveJourney(source, proof, serial, () => rig.plan(...faults), retry);
      rig.lift();
      const [first] = journey.told;
      const seen = first === undefined ? 'Stored.' : `${first.message} ${first.remedy ?? ''}`;
      lines.push(`  ${fault.padEnd(46)}${retry}  ${(first?.code ?? '-').padEnd(22)} ${journey.presses}  ${seen}`);
      lost.push(...journey.lost.map((it) => `${fault}, by the ${retry}: ${it}`));
      expect(journey.lost).toEqual([]);
      expect(journey.finished).toBe(true);
      expect(journey.told.length > 0).toBe(told);
      // Words for people, and nothing of the patient in them.
      for (const error of journey.told) {
        expect(error.message).toMatch(/^[A-Z].*\.$/);
        expect(error.remedy ?? '').not.toBe('');
        expect(JSON.stringify(error)).not.toMatch(/Phantom|Doe|PatientName/);
      }
    });
  });
});
