/**
 * Builds the servers that tests of stores run against, an S3 server and an IPFS node, or finds what was built before. Run
 * it as `npm run build stores`.
 */
import { spawnSync } from 'node:child_process';
import { findStore, STORE_PROGRAMS, type StoreProgram } from './findStore.ts';

for (const name of Object.keys(STORE_PROGRAMS) as StoreProgram[]) {
  const { path, built, goVersion, folder } = findStore(name);
  if (goVersion === undefined) {
    process.stderr.write(
      'There is no Go here (https://go.dev/dl): only tests of stores want it.\n',
    );
    process.exit(1);
  }
  if (!built) {
    process.stderr.write(`Building ${name} with ${goVersion}: some minutes the first time …\n`);
    const flags = ['-trimpath', '-buildvcs=false', '-mod=readonly', '-ldflags=-s -w'];
    const { status } = spawnSync('go', ['build', ...flags, '-o', path, STORE_PROGRAMS[name]], {
      cwd: folder,
      stdio: 'inherit',
    });
    if (status !== 0) process.exit(status ?? 1);
  }
  console.log(path);
}
