import 'fake-indexeddb/auto';
import type { SegmentationFormat, StudySource } from '#extension-api';
import { createOutbox } from '../../src/app/outbox/createOutbox.ts';
import type { Outbox } from '../../src/app/outbox/outbox.ts';
import { createVault } from '../../src/app/vault/createVault.ts';

/** The outbox of a page of its own, in Node. */
export function pageOutbox(source: StudySource, format: SegmentationFormat): Outbox {
  const held = new Set<string>();
  return createOutbox({
    vault: createVault(`outbox-${crypto.randomUUID()}`),
    locks: {
      async take(name) {
        if (held.has(name)) return undefined;
        held.add(name);
        return () => void held.delete(name);
      },
      held: async () => held,
    },
    session: { id: 'tab', isAlive: async () => true },
    signals: { tell: () => undefined, listen: () => () => undefined },
    notices: { show: () => undefined, announce: () => undefined },
    sources: () => [source],
    format: () => format,
    patient: () => '',
    onProved: () => undefined,
  });
}
