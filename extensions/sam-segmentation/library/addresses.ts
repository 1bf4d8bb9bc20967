/**
 * Models that the reader added have addresses of this page's origin, which nobody ever requests: they are keys of Cache Storage,
 * and what the inference worker is given as a model's address.
 */
const ROOT = '/voxprompt-added-models/';

export const ADDED_MODELS_CACHE = 'voxprompt-added-models';

export const addedManifestUrl = (id: string, origin: string): string =>
  new URL(`${ROOT}${id}/manifest.json`, origin).href;
export const addedRecordUrl = (id: string, origin: string): string => new URL(`${ROOT}${id}/record.json`, origin).href;
/** In a folder of their own: no file's name can be that of the manifest or the record. */
export const addedFileUrl = (id: string, path: string, origin: string): string =>
  new URL(`${ROOT}${id}/files/${path}`, origin).href;

/** The id of an added model, from any of its addresses. */
export function addedModelId(url: string): string | undefined {
  const { pathname } = new URL(url);
  return pathname.startsWith(ROOT) ? pathname.slice(ROOT.length).split('/')[0] : undefined;
}
