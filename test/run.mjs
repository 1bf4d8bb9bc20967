/**
 * `npm test`: everything, on a machine that has only Node and npm. Installs what is missing where it may, runs the static
 * checks, the build and every Vitest project, and ends with `N passed, N failed, N skipped` alone on the last line.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfStale, installDependencies, nodeProblem, root } from '../src/server/prepare.mjs';

const count = { passed: 0, failed: 0, skipped: 0 };

/** Debian packages of the independent programs, by a file that each brings. */
const PROGRAMS = [
  ['chromium', '/usr/bin/chromium', 'every test in a browser'],
  ['orthanc', '/usr/sbin/Orthanc', 'everything against a real PACS'],
  ['orthanc-dicomweb', '/usr/share/orthanc/plugins/libOrthancDicomWeb.so', 'everything against a real PACS'],
  ['dicom3tools', '/usr/bin/dciodvfy', 'the conformance checks'],
  ['python3-pydicom', '/usr/lib/python3/dist-packages/pydicom/__init__.py', 'the comparison with pydicom'],
  ['python3-numpy', '/usr/lib/python3/dist-packages/numpy/__init__.py', 'the comparison with pydicom'],
  ['dcm2niix', '/usr/bin/dcm2niix', 'the comparison with dcm2niix'],
];

function run(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, ...options });
}

/** apt where this is Debian and we are root (or sudo needs no password); otherwise says what will be skipped. */
function installPrograms() {
  const missing = () => PROGRAMS.filter(([, file]) => !existsSync(file));
  if (missing().length === 0) return;
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (existsSync('/usr/bin/apt-get') && (sudo.length === 0 || run('sudo', ['-n', 'true']).status === 0)) {
    const [first, ...rest] = [...sudo, 'apt-get'];
    const environment = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    console.log(
      `Installing ${missing()
        .map(([name]) => name)
        .join(', ')} ...`,
    );
    run(first, [...rest, 'update', '-qq'], environment);
    const names = missing().map(([name]) => name);
    const { status, stderr } = run(
      first,
      [...rest, 'install', '-y', '-qq', '--no-install-recommends', ...names],
      environment,
    );
    if (status !== 0) console.log(`apt-get did not install them: ${stderr.trim().split('\n').at(-1)}`);
  }
  for (const [name, , what] of missing()) console.log(`SKIPPED for want of ${name}: ${what}`);
}

function check(name, command, args) {
  const started = Date.now();
  const { status, stdout, stderr, error } = run('npx', ['--no-install', command, ...args], {
    shell: process.platform === 'win32',
  });
  const good = status === 0;
  count[good ? 'passed' : 'failed'] += 1;
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
  if (!good) console.log([error?.message, stdout, stderr].filter(Boolean).join('\n'));
}

/** Streams Vitest's own report and counts from its JSON: a suite that could not be loaded counts as a failure. */
function vitest(project) {
  const folder = mkdtempSync(join(tmpdir(), 'voxprompt-test-'));
  const outcome = join(folder, 'outcome.json');
  const args = [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${outcome}`,
  ];
  const { status } = run('npx', ['--no-install', ...args], { stdio: 'inherit', shell: process.platform === 'win32' });
  const before = count.failed;
  if (existsSync(outcome)) {
    const result = JSON.parse(readFileSync(outcome, 'utf8'));
    count.passed += result.numPassedTests;
    count.failed += result.numFailedTests;
    count.skipped += result.numPendingTests + (result.numTodoTests ?? 0);
    count.failed += result.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
    ).length;
    for (const file of result.testResults) {
      const skipped = file.assertionResults.filter(({ status }) => status === 'skipped' || status === 'pending').length;
      if (skipped > 0) console.log(`SKIPPED ${skipped} in ${file.name.replace(`${root}/`, '')}`);
    }
  }
  if (status !== 0 && count.failed === before) count.failed += 1;
  rmSync(folder, { recursive: true, force: true });
}

const finish = () => {
  console.log(`${count.passed} passed, ${count.failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}`);
  process.exit(count.failed === 0 && count.passed > 0 ? 0 : 1);
};

const problem = nodeProblem();
if (problem !== undefined || !installDependencies()) {
  console.log(problem ?? 'The dependencies could not be installed: see what npm says above.');
  count.failed += 1;
  finish();
}
installPrograms();
check('lint and format', 'biome', ['ci', '--colors=off', '--max-diagnostics=50']);
check('types', 'tsc', ['-p', 'tsconfig.json']);
check('types of the pure rooms, without DOM and Node', 'tsc', ['-p', 'src/core/tsconfig.json', '--noEmit']);
check('nothing unused', 'knip', []);
vitest('unit');
try {
  await buildIfStale();
  count.passed += 1;
  console.log('ok   build');
} catch (thrown) {
  count.failed += 1;
  console.log(`FAIL build: ${thrown.message}`);
}
vitest('dicom');
vitest('browser');
finish();
