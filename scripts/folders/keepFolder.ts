/**
 * Keeps a small folder of the version that is being released under `proof/folders`, so that every later version is
 * tested to bring it forward. Run it as `npm run maintain keep-folder`, once the version has its number.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSample } from './sampleFolder.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Folder of the archives, one for each released version. */
export const KEPT = join(ROOT, 'proof/folders');

/**
 * Makes a folder and packs it.
 *
 * @param version - The version that makes it; the name of the archive.
 * @param target - Folder of the archive.
 * @throws Error if it is kept already, or cannot be packed.
 */
export async function keepFolder(version: string, target: string): Promise<string> {
  const archive = join(target, `${version}.tgz`);
  if (existsSync(archive)) throw new Error(`${archive} is there already`);
  const folder = mkdtempSync(join(tmpdir(), 'medseal-sample-'));
  try {
    await makeSample(folder, `written by ${version}`);
    mkdirSync(target, { recursive: true });
    const words = ['--create', '--gzip', '--file', archive, '--directory', folder, '.'];
    const { status, stderr } = spawnSync('tar', words, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${archive} cannot be packed: ${stderr}`);
    return archive;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  if (version.includes('-')) throw new Error(`${version} is not a released version`);
  console.log(await keepFolder(version, KEPT));
}
