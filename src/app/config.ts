import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { type AppConfig, parseAuthConfig } from '#extension-api';
import { text } from './text.ts';

/** Reads what the server says of this installation. Error `config-unreadable`. */
export async function fetchConfig(url: string): Promise<Result<AppConfig>> {
  try {
    const answer = await fetch(url, { headers: { Accept: 'application/json' } });
    if (!answer.ok) return refused(`HTTP ${answer.status}`);
    const config = parseConfig(await answer.json());
    return config === undefined ? refused('a member is missing or of the wrong kind') : ok(config);
  } catch (thrown) {
    return refused(thrown);
  }
}

/** @returns undefined where a member is missing or not what it should be */
export function parseConfig(value: unknown): AppConfig | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const {
    dicomWebRoot,
    archive,
    archiveLabel,
    modelsRoot,
    defaultModel,
    propagationModel,
    auth: asked,
    inference: elsewhere,
    modelHosts,
  } = value as Partial<Record<keyof AppConfig, unknown>>;
  if (archive !== 'embedded' && archive !== 'pacs') return undefined;
  if (!isText(dicomWebRoot) || !isText(archiveLabel) || !isText(modelsRoot) || !isText(defaultModel)) return undefined;
  if (propagationModel !== undefined && !isText(propagationModel)) return undefined;
  const auth = asked === undefined ? undefined : parseAuthConfig(asked);
  // An installation that wants a sign-in must not go without because of a slip in its configuration.
  if (asked !== undefined && auth === undefined) return undefined;
  const inference = elsewhere === undefined ? undefined : inferenceOf(elsewhere);
  if (elsewhere !== undefined && inference === undefined) return undefined;
  if (modelHosts !== undefined && !isOrigins(modelHosts)) return undefined;
  return {
    dicomWebRoot,
    archive,
    archiveLabel,
    modelsRoot,
    defaultModel,
    ...(propagationModel === undefined ? {} : { propagationModel }),
    ...(inference === undefined ? {} : { inference }),
    ...(auth === undefined ? {} : { auth }),
    ...(modelHosts === undefined ? {} : { modelHosts }),
  };
}

function inferenceOf(value: unknown): AppConfig['inference'] {
  if (typeof value !== 'object' || value === null) return undefined;
  const { url, label } = value as Partial<Record<'url' | 'label', unknown>>;
  return isText(url) && isText(label) ? { url, label } : undefined;
}

const isOrigins = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.every((entry) => isText(entry) && URL.canParse(entry) && new URL(entry).origin === entry);

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const refused = (cause: unknown) =>
  err(appError('config-unreadable', text.failure.config, { remedy: text.failure.configRemedy, cause }));
