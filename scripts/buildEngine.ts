/**
 * Builds the consortium's engine, or finds what was built from the same sources before. Run it as
 * `npm run build engine`; the last line of its output is the path of the program. With `--shiftable` it builds the same
 * engine for tests, with a clock that a file shifts. A remote signer for tests lies beside the first.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findEngine } from './findEngine.ts';
import { writeShiftedClock } from './writeShiftedClock.ts';

const { values } = parseArgs({ options: { shiftable: { type: 'boolean', default: false } } });
const { goVersion, folder, ...engine } = findEngine();
const path = values.shiftable ? engine.shiftable : engine.path;
if (goVersion === undefined) {
  process.stderr.write(
    'There is no Go here. The engine of a consortium is built with Go 1.25 or newer (https://go.dev/dl). A network whose ledger is one node does not need it.\n',
  );
  process.exit(1);
}
if (!existsSync(path)) {
  process.stderr.write(
    `Building the engine with ${goVersion}: 3 to 10 minutes the first time, with 400 MB of modules …\n`,
  );
  const clock = values.shiftable ? [`-modfile=${writeShiftedClock(folder, path)}`] : [];
  // Of what C does faster only the recovery of signers is wanted, which is most of a validator's work.
  const pure = '-tags=netgo,osusergo';
  const flags = ['-trimpath', '-buildvcs=false', '-mod=readonly', '-ldflags=-s -w', pure, ...clock];
  const signer = values.shiftable ? [] : ([[engine.signer, './testsigner']] as const);
  for (const [target, sources] of [...signer, [path, '.'] as const]) {
    const { status } = spawnSync('go', ['build', ...flags, '-o', target, sources], {
      cwd: folder,
      stdio: 'inherit',
    });
    if (status !== 0) process.exit(status ?? 1);
  }
}
console.log(path);
