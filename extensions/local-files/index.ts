import type { Extension, FileImporter } from '#extension-api';
import { localSource } from './localSource.ts';
import { readDropped } from './readDropped.ts';

/** Each drop is a source of its own. */
const importer = (): FileImporter => {
  let drops = 0;
  return {
    async read(files, options) {
      const { instances, refused } = await readDropped(files, options);
      drops += 1;
      return { source: localSource(`local-${drops}`, instances), refused };
    },
  };
};

/** Files, folders and zips dropped on the window. */
export const localFiles: Extension = {
  id: 'local-files',
  contribute: () => ({ fileImporter: importer() }),
};
