import type { AppConfig } from '#extension-api';

export type ModelPlaces = Pick<AppConfig, 'modelsRoot' | 'defaultModel' | 'propagationModel'>;

/**
 * Models that are named by the addresses of their folders, as the extension wants them: two folders need not lie side by side.
 * @param propagation of a volume model; absent where the prompted model propagates
 */
export const modelPlaces = (model: string, propagation: string | undefined): ModelPlaces => ({
  modelsRoot: '',
  defaultModel: folderOf(model),
  ...(propagation === undefined ? {} : { propagationModel: folderOf(propagation) }),
});

const folderOf = (address: string): string => address.replace(/\/+$/, '');
