/**
 * Builds the consortium's engine, or finds what was built from the same sources before. Run it as
 * `npm run engine:build`; the last line of its output is the path of the program.
 */
import { spawnSync } from 'node:child_process';
import { findEngine } from './findEngine.ts';

const { path, built, goVersion, folder } = findEngine();
if (goVersion === undefined) {
  process.stderr.write(
    'There is no Go here. The engine of a consortium is built with Go 1.25 or newer (https://go.dev/dl). A network whose ledger is one node does not need it.\n',
  );
  process.exit(1);
}
if (!built) {
  process.stderr.write(
    `Building the engine with ${goVersion}: 3 to 10 minutes the first time, with 400 MB of modules …\n`,
  );
  const { status } = spawnSync(
    'go',
    ['build', '-trimpath', '-buildvcs=false', '-mod=readonly', '-ldflags=-s -w', '-o', path, '.'],
    { cwd: folder, stdio: 'inherit', env: { ...process.env, CGO_ENABLED: '0' } },
  );
  if (status !== 0) process.exit(status ?? 1);
}
console.log(path);
