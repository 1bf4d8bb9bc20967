import type { AppError } from '#core/errors.ts';
import type { VolumeAnswer } from '../volume/answer.ts';
import type { VolumeInput } from '../volume/channels.ts';
import type { BackendName } from './backends/backend.ts';
import type { ModelManifest } from './manifest.ts';
import type { DecodedMask, DecoderPrompt, InferencePriority } from './model.ts';
import type { RemoteSettings } from './remote/inferenceServer.ts';
import type { BackendReport } from './selectBackend.ts';
import type { VolumeManifest } from './volumeManifest.ts';

/** Why a backend must not be tried, by backend. */
export type SkippedBackends = Readonly<Partial<Record<BackendName, string>>>;

export interface StartMessage {
  readonly type: 'start';
  /** Absolute. */
  readonly manifestUrl: string;
  readonly trusted: readonly string[];
  readonly skip: SkippedBackends;
  readonly embeddingBytes: number;
  /** An inference server to be tried before this machine. */
  readonly remote?: RemoteSettings | undefined;
}

/** Starts the volume model beside the promptable one. */
export interface StartVolumeMessage extends Pick<StartMessage, 'manifestUrl' | 'trusted' | 'skip'> {
  readonly type: 'start-volume';
}

/** Page to worker. Ids are the page's own and grow; an embedding has the id of the call that made it. */
export type RequestMessage =
  | StartMessage
  | { readonly type: 'encode'; readonly id: number; readonly priority: InferencePriority; readonly image: Float32Array }
  | {
      readonly type: 'decode';
      readonly id: number;
      readonly priority: InferencePriority;
      readonly embedding: number;
      readonly prompt: DecoderPrompt;
    }
  | StartVolumeMessage
  | { readonly type: 'volume'; readonly id: number; readonly priority: InferencePriority; readonly input: VolumeInput }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'release'; readonly embedding: number };

/** What is under way before the model is ready. */
export type StartProgress =
  | { readonly stage: 'download'; readonly loaded: number; readonly total: number }
  | { readonly stage: 'backend'; readonly backend: BackendName };

/** Worker to page. */
export type ResponseMessage =
  | { readonly type: 'progress'; readonly progress: StartProgress }
  | { readonly type: 'ready'; readonly manifest: ModelManifest; readonly report: BackendReport }
  | { readonly type: 'start-failed'; readonly error: AppError }
  /** The device was lost and another backend has taken over; nothing that was asked for is lost. */
  | { readonly type: 'backend-changed'; readonly report: BackendReport }
  | { readonly type: 'encoded'; readonly id: number }
  | { readonly type: 'decoded'; readonly id: number; readonly mask: DecodedMask }
  | { readonly type: 'volume-answered'; readonly id: number; readonly answer: VolumeAnswer }
  | { readonly type: 'failed'; readonly id: number; readonly error: AppError }
  | VolumeStartResponse;

/** The same of the volume model's start. */
export type VolumeStartResponse =
  | { readonly type: 'volume-progress'; readonly progress: StartProgress }
  | { readonly type: 'volume-ready'; readonly manifest: VolumeManifest; readonly report: BackendReport }
  | { readonly type: 'volume-start-failed'; readonly error: AppError }
  | { readonly type: 'volume-backend-changed'; readonly report: BackendReport };
