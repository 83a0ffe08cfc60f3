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
  /** As `go version` says; undefined if there is no Go. */
  readonly goVersion: string | undefined;
  /** Folder of the sources. */
  readonly folder: string;
}

/** Says where the engine of the present sources is, by their hash and the version of Go. */
export function findEngine(): EngineBuild {
  const folder = fileURLToPath(new URL('../engine/', import.meta.url));
  const { stdout, status } = spawnSync('go', ['version'], { encoding: 'utf8' });
  const goVersion = status === 0 ? stdout.trim() : undefined;
  const hash = createHash('sha256').update(goVersion ?? '');
  for (const file of globSync(['go.mod', 'go.sum', '**/*.go'], { cwd: folder }).sort()) {
    if (file.endsWith('_test.go')) continue;
    hash.update(`\n${file}\n`).update(readFileSync(`${folder}/${file}`));
  }
  const cache = fileURLToPath(new URL('../.cache/engine/', import.meta.url));
  const path = `${cache}${hash.digest('hex').slice(0, 16)}/medseal-engine`;
  return { path, built: existsSync(path), shiftable: `${path}-shiftable`, goVersion, folder };
}
