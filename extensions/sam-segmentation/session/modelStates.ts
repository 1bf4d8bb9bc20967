import { backendName as nameOf } from '../inference/backendName.ts';
import type { StartProgress } from '../inference/protocol.ts';
import type { BackendReport } from '../inference/selectBackend.ts';
import type { ModelState } from './segmenterPort.ts';

export function backendText({ backend, threads }: BackendReport): string {
  return threads > 1 ? `${nameOf(backend)}, ${threads} threads` : nameOf(backend);
}

export const readyOf = (name: string, report: BackendReport): ModelState => ({
  kind: 'ready',
  name,
  backend: backendText(report),
  ...(report.sentTo === undefined ? {} : { sentTo: report.sentTo }),
  passedOver: report.attempts
    .filter(({ outcome }) => outcome !== 'ok')
    .map(({ backend, reason }) => ({ backend, reason })),
  notes: report.attempts.map(({ backend, reason, outcome }) =>
    outcome === 'ok' ? `${nameOf(backend)} is used: ${reason}` : `${nameOf(backend)} is not: ${reason}`,
  ),
});

export function loadingOf(progress: StartProgress): ModelState {
  return progress.stage === 'download'
    ? { kind: 'loading', doing: 'Loading the model', doneBytes: progress.loaded, totalBytes: progress.total }
    : { kind: 'loading', doing: `Checking ${nameOf(progress.backend)}`, doneBytes: 0, totalBytes: undefined };
}
