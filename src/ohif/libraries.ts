import type * as core from '@cornerstonejs/core';
import type * as tools from '@cornerstonejs/tools';

/** OHIF's own Cornerstone: there is never a second one on the page. */
export interface HostLibraries {
  readonly cornerstone: typeof core;
  readonly cornerstoneTools: typeof tools;
}

let given: HostLibraries | undefined;

export function setHostLibraries(libraries: HostLibraries): void {
  given = libraries;
}

/**
 * What the build puts in the place of `@cornerstonejs/*` asks here, when the plugin is first used and not when it is loaded.
 * @public
 */
export function hostLibraries(): HostLibraries {
  if (given === undefined) throw new Error('OHIF has not handed over its Cornerstone libraries');
  return given;
}
