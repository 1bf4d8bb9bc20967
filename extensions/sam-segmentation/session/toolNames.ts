/** Names of the tools, apart from their classes: who only asks which tool is active need not load Cornerstone. */
export const SamTool = { box: 'SamBox', inside: 'SamPointPositive', outside: 'SamPointNegative' } as const;

const NAMES: readonly string[] = Object.values(SamTool);

export const isSamTool = (toolName: string): boolean => NAMES.includes(toolName);
