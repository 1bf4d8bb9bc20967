/** Makes the npm package in {@link packageFolder}. */
export function packLibrary(): Promise<void>;
export const packageFolder: string;
