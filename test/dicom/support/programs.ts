import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PYTHON = '/usr/bin/python3';

const runs = (command: string, args: readonly string[]): boolean => {
  const { error } = spawnSync(command, args, { stdio: 'ignore' });
  return error === undefined;
};

/** Foreign readers that are on this machine; a suite whose program is absent is skipped by name. */
export const has = {
  dciodvfy: runs('dciodvfy', ['-version']),
  dcentvfy: runs('dcentvfy', ['-version']),
  dcm2niix: runs('dcm2niix', ['-v']),
  pydicom: existsSync(PYTHON) && spawnSync(PYTHON, ['-c', 'import pydicom, numpy'], { stdio: 'ignore' }).status === 0,
  nibabel: existsSync(PYTHON) && spawnSync(PYTHON, ['-c', 'import nibabel, pydicom'], { stdio: 'ignore' }).status === 0,
};

/** Error lines of dciodvfy for an object of an IOD, by its own name; an output that names no IOD counts as one (an option it does not know prints usage). */
export function dciodvfyErrors(file: string, iod = 'Segmentation'): readonly string[] {
  const { stdout, stderr } = spawnSync('dciodvfy', ['-new', file], { encoding: 'utf8' });
  const lines = `${stdout}${stderr}`.split('\n');
  const errors = lines.filter((line) => line.startsWith('Error') && !line.includes('Retired Person Name form'));
  return lines.some((line) => line.trim() === iod) ? errors : [`no ${iod} IOD line`, ...errors];
}

/** Lines of dcentvfy: it says nothing where patient, study and series agree. */
export function dcentvfyLines(files: readonly string[]): readonly string[] {
  const { stdout, stderr } = spawnSync('dcentvfy', files, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '');
}

/** Runs a Python program of this folder with pydicom's warnings as errors. */
export const python = (script: string, args: readonly string[]): string =>
  execFileSync(PYTHON, ['-W', 'error', script, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
