/** Makes the plugin in {@link pluginFolder}. */
export function buildOhif(): Promise<void>;
export const pluginFolder: string;
