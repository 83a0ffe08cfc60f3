import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../sdkPrograms.ts';

const FOLDER = join(ROOT, 'docs/build/a-feature');

/** Paths of the patches that add the invented feature: its test, then one for each place that is written by hand. */
export async function featurePatches(): Promise<readonly string[]> {
  return (await readdir(FOLDER)).toSorted().map((name) => join(FOLDER, name));
}

/**
 * Applies the patches to sources, exactly as they stand.
 *
 * @param folder - The sources.
 * @param options - `--check` to change nothing.
 * @throws Error with what does not fit.
 */
export async function applyFeature(folder: string, ...options: readonly string[]): Promise<void> {
  const patches = await featurePatches();
  await promisify(execFile)('git', ['apply', ...options, ...patches], { cwd: folder });
}
