import { spawnSync } from 'node:child_process';

/** What a checker that is no part of VoxPrompt says of a file. */
export interface CheckerReport {
  readonly checker: string;
  /** `absent`: not on this machine. */
  readonly outcome: 'passed' | 'failed' | 'absent';
  readonly lines: readonly string[];
}

const output = (command: string, args: readonly string[]): readonly string[] | undefined => {
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return error === undefined ? `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '') : undefined;
};

/**
 * dciodvfy of dicom3tools: conformance to the IOD. It exits 0 whatever it finds, and prints its usage for what it does not
 * know: so its verdict is the absence of Error lines beside the line that names the IOD.
 */
export function dciodvfy(file: string): CheckerReport {
  const lines = output('dciodvfy', ['-new', file]);
  if (lines === undefined) return { checker: 'dciodvfy', outcome: 'absent', lines: [] };
  const errors = lines.filter((line) => line.startsWith('Error'));
  const known = lines.some((line) => /^(Segmentation|LabelMapSegmentation)/.test(line.trim()));
  const said = known ? errors : ['It does not know this kind of object.', ...errors];
  return { checker: 'dciodvfy', outcome: said.length === 0 ? 'passed' : 'failed', lines: said };
}

/** dcentvfy of dicom3tools: whether patient, study and frame of reference agree with the source images. Warnings do not fail. */
export function dcentvfy(file: string, sources: readonly string[]): CheckerReport {
  const lines = output('dcentvfy', [...sources, file]);
  if (lines === undefined) return { checker: 'dcentvfy', outcome: 'absent', lines: [] };
  const said = [...new Set(lines.map((line) => line.replace(/ for file <.*?> versus <.*?>/, '')))];
  const failed = said.some((line) => line.startsWith('Error'));
  return { checker: 'dcentvfy', outcome: failed ? 'failed' : 'passed', lines: said };
}
