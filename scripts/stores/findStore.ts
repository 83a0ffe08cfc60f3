import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Programs of stores, and the packages that they are built from. */
export const STORE_PROGRAMS = {
  kubo: 'github.com/ipfs/kubo/cmd/ipfs',
  versitygw: 'github.com/versity/versitygw/cmd/versitygw',
} as const;
/** Name of a store's program. */
export type StoreProgram = keyof typeof STORE_PROGRAMS;

/** Place of a store's program that tests run against. */
export interface StoreBuild {
  /** The program; its folder is named after a hash of what it is built from. */
  readonly path: string;
  readonly built: boolean;
  /** Version of Go; undefined if there is no Go. */
  readonly goVersion: string | undefined;
  /** Folder of its modules' versions. */
  readonly folder: string;
}

/** Says where the program of a store is, by the versions of its modules and of Go. */
export function findStore(name: StoreProgram): StoreBuild {
  const folder = fileURLToPath(new URL(`${name}/`, import.meta.url));
  const { stdout, status } = spawnSync('go', ['env', 'GOVERSION'], { cwd: folder });
  const goVersion = status === 0 ? stdout.toString().trim() : undefined;
  const hash = createHash('sha256').update(goVersion ?? '');
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(`${folder}${file}`));
  const cache = fileURLToPath(new URL('../../.cache/stores/', import.meta.url));
  const path = `${cache}${hash.digest('hex').slice(0, 16)}/${name}`;
  return { path, built: existsSync(path), goVersion, folder };
}
