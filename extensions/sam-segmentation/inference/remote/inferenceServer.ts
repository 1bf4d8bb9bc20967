import * as z from 'zod';
import { type AppError, appError, describeThrown } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { pause, withDeadline } from '#extension-api';
import type { InputTensor, TensorValue } from '../backends/backend.ts';
import { HEAD_LENGTH, inferRequest, inferResponse } from './openInference.ts';

/** Where inference runs when it does not run here. Whoever sets this sends pixels there. */
export interface RemoteSettings {
  /** Root of the Open Inference Protocol, without `/v2`: `/inference` through our own server, or an address. */
  readonly url: string;
  /** How the reader is told where pixels go, e.g. `gpu.hospital.example`. */
  readonly label: string;
  /** E.g. `authorization`. In memory only. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 30 000. */
  readonly timeoutMilliseconds?: number;
}

export interface ModelMetadata {
  readonly inputs: readonly { readonly name: string; readonly datatype: string; readonly shape: readonly number[] }[];
  readonly outputs: readonly { readonly name: string; readonly datatype: string; readonly shape: readonly number[] }[];
}

export interface InferenceServer {
  /** Error `backend-unavailable` naming what is not ready. */
  metadata(model: string): Promise<Result<ModelMetadata, AppError>>;
  /** Rejects with what went wrong, or with the signal's reason. Inference changes nothing, so a busy or lost answer is asked for again. */
  infer(
    model: string,
    feeds: Readonly<Record<string, InputTensor>>,
    signal?: AbortSignal,
  ): Promise<Readonly<Record<string, TensorValue>>>;
}

const tensor = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.coerce.number()) });
const metadataSchema = z.object({ inputs: z.array(tensor), outputs: z.array(tensor) });

/** Milliseconds before the second and third try. */
const PAUSES = [200, 1000] as const;
const BUSY = new Set([429, 502, 503, 504]);

/** @param onUnreachable told when all tries of a request failed because nobody answered */
export function inferenceServer(
  settings: RemoteSettings,
  onUnreachable: (why: string) => void = () => undefined,
): InferenceServer {
  const root = settings.url.replace(/\/+$/, '');
  const timeout = settings.timeoutMilliseconds ?? 30_000;
  const at = (model: string): string => `${root}/v2/models/${encodeURIComponent(model)}`;

  /** One request with its whole answer under one time limit. */
  const ask = <T>(
    url: string,
    init: RequestInit,
    take: (answer: Response) => Promise<T>,
    given?: AbortSignal,
  ): Promise<T> =>
    withDeadline(timeout, given, async (signal) =>
      take(
        await fetch(url, {
          ...init,
          signal,
          headers: { ...settings.headers, ...init.headers },
          credentials: 'same-origin',
          referrerPolicy: 'no-referrer',
          redirect: 'error',
        }),
      ),
    );

  return {
    async metadata(model) {
      try {
        const ready = await ask(`${at(model)}/ready`, {}, async ({ ok, status }) => ({ ok, status }));
        if (!ready.ok) {
          return err(unavailable(`${settings.label} has no model ${model} that is ready (HTTP ${ready.status}).`));
        }
        return ok(metadataSchema.parse(await ask(at(model), {}, (answer) => answer.json())));
      } catch (cause) {
        return err(unavailable(`${settings.label} cannot be used: ${describeThrown(cause)}.`));
      }
    },
    async infer(model, feeds, signal) {
      const { body, headLength } = inferRequest(feeds);
      const init = {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/octet-stream', [HEAD_LENGTH]: String(headLength) },
      };
      for (let attempt = 0; ; attempt += 1) {
        const milliseconds = PAUSES[attempt];
        const answer = await ask(`${at(model)}/infer`, init, taken, signal).catch((cause: unknown) => {
          signal?.throwIfAborted();
          if (milliseconds !== undefined) return undefined;
          onUnreachable(describeThrown(cause));
          throw new Error(`${settings.label} did not answer: ${describeThrown(cause)}`);
        });
        if (answer !== undefined && 'bytes' in answer) return inferResponse(answer.bytes, answer.headLength);
        if (answer !== undefined && (!BUSY.has(answer.status) || milliseconds === undefined)) {
          // A gateway in between, our own server too, says by these that nobody answers behind it.
          if (answer.status === 502 || answer.status === 504) onUnreachable(`HTTP ${answer.status}`);
          throw new Error(`${settings.label} answered HTTP ${answer.status}${answer.reason}`);
        }
        await pause(milliseconds ?? 0, signal);
      }
    },
  };
}

type Taken =
  | { readonly bytes: Uint8Array; readonly headLength: number | undefined }
  | { readonly status: number; readonly reason: string };

async function taken(answer: Response): Promise<Taken> {
  if (!answer.ok) return { status: answer.status, reason: await reasonOf(answer) };
  const head = answer.headers.get(HEAD_LENGTH);
  return { bytes: new Uint8Array(await answer.arrayBuffer()), headLength: head === null ? undefined : Number(head) };
}

/** What the server says of itself, cut short: it never gets what a prompt or a pixel is. */
async function reasonOf(answer: Response): Promise<string> {
  const said = z.object({ error: z.string() }).safeParse(await answer.json().catch(() => undefined));
  return said.success ? `: ${said.data.error.slice(0, 200)}` : '';
}

const unavailable = (message: string): AppError => appError('backend-unavailable', message);
