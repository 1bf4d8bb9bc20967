export const root: string;
export function nodeProblem(version?: string): string | undefined;
export function installDependencies(): boolean;
export function buildIfStale(): Promise<void>;
