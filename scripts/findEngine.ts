import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Place of the engine that the present sources make. */
export interface EngineBuild {
  /** The program; its folder is named after a hash of all that it is built from. */
  readonly path: string;
  /** True if it is there. */
  readonly built: boolean;
  /** Path of the same program with a clock that tests can shift; `writeShiftedClock` says how. */
  readonly shiftable: string;
  /** Path of the remote signer for tests, which is built together with `path`. */
  readonly signer: string;
  /** Version of Go, the machine, and if C is compiled too; undefined if there is no Go. */
  readonly goVersion: string | undefined;
  /** Folder of the sources. */
  readonly folder: string;
}

/** Settings of Go that decide what is built. Without a C compiler the last is 0, unless it is set otherwise. */
const DECIDE = ['GOVERSION', 'GOOS', 'GOARCH', 'CGO_ENABLED'];

/** Says where the engine of the present sources is, by their hash and the version of Go. */
export function findEngine(): EngineBuild {
  const folder = fileURLToPath(new URL('../engine/', import.meta.url));
  const { stdout, status } = spawnSync('go', ['env', ...DECIDE], { encoding: 'utf8' });
  const [version, system, machine, c] = stdout?.trim().split('\n') ?? [];
  const goVersion =
    status === 0
      ? `${version} for ${system}/${machine}, ${c === '1' ? 'with' : 'without'} a C compiler`
      : undefined;
  const hash = createHash('sha256').update(goVersion ?? '');
  for (const file of globSync(['go.mod', 'go.sum', '**/*.go'], { cwd: folder }).sort()) {
    if (file.endsWith('_test.go')) continue;
    hash.update(`\n${file}\n`).update(readFileSync(`${folder}/${file}`));
  }
  const cache = fileURLToPath(new URL('../.cache/engine/', import.meta.url));
  const beside = `${cache}${hash.digest('hex').slice(0, 16)}`;
  const path = `${beside}/medseal-engine`;
  const [shiftable, signer] = [`${path}-shiftable`, `${beside}/testsigner`];
  return { path, built: existsSync(path), shiftable, signer, goVersion, folder };
}
