import { err, ok, type Result } from '#core/result.ts';
import type { ModelManifest, ModelRole } from '../manifest.ts';
import { TOGETHER_ELSEWHERE } from '../model.ts';
import { inferenceServer, type RemoteSettings } from '../remote/inferenceServer.ts';
import { remoteSession } from '../remote/remoteSession.ts';
import type { InferenceBackend } from './backend.ts';

/** What a graph of a model is called on an inference server; `voxprompt triton` writes a repository with these names. */
export const remoteModelName = (manifest: Pick<ModelManifest, 'id'>, role: ModelRole): string =>
  `${manifest.id}_${role}`;

/**
 * An inference server that speaks the Open Inference Protocol v2 (Triton, KServe, OVMS…) and has both graphs of the model.
 * Nothing is downloaded; every encoded slice is sent. Error `backend-unavailable`.
 */
export async function openRemoteBackend(
  settings: RemoteSettings,
  manifest: ModelManifest,
): Promise<Result<InferenceBackend>> {
  let lose: (why: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => {
    lose = resolve;
  });
  const server = inferenceServer(settings, lose);
  const batches = new Map<ModelRole, boolean>();
  for (const role of ['encoder', 'decoder'] as const) {
    const found = await server.metadata(remoteModelName(manifest, role));
    if (!found.ok) return err(found.error);
    batches.set(
      role,
      found.value.inputs.every(({ shape }) => shape[0] === -1),
    );
  }
  return ok({
    name: 'remote',
    threads: 1,
    fingerprint: `open inference ${settings.label}`,
    note: `pixels are sent to ${settings.label}`,
    elsewhere: settings.label,
    lost,
    async createSession(_source, role) {
      if (role === 'volume') throw new Error('volume models run in the browser');
      const most = role === 'encoder' && batches.get(role) === true ? TOGETHER_ELSEWHERE : 1;
      return remoteSession(server, remoteModelName(manifest, role), most);
    },
  });
}
