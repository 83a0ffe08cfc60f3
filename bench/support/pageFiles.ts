import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { commitsSince, type Git } from './commitsSince.ts';
import { performancePage, type Measurements, type PerformancePage } from './performancePage.ts';
import { allRows } from './rows.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The page on performance. */
export const PAGE = join(ROOT, 'docs/reference/performance.md');
/** Folder of the page's charts, with what was measured. */
export const FOLDER = join(ROOT, 'docs/reference/performance');
/** File of all that was measured. */
export const RESULTS = join(FOLDER, 'results.json');
const run = promisify(execFile);

/** Runs `git` in this checkout. */
export const git: Git = async (...args) => {
  const { stdout } = await run('git', args, { cwd: ROOT });
  return stdout.trim();
};

/** Returns what was measured so far. */
export async function readResults(): Promise<Measurements> {
  return JSON.parse(await readFile(RESULTS, 'utf8').catch(() => '{}')) as Measurements;
}

/**
 * Returns the page and its charts as they are kept.
 *
 * @param measured - The measurements, of some pieces or all.
 * @param until - The commit up to which the page counts commits.
 */
export async function writePage(measured: Measurements, until: string): Promise<PerformancePage> {
  const words = await readFile(join(ROOT, 'bench/performance.md'), 'utf8').catch(() => '');
  const commits = allRows(measured).map(({ commit }) => commit);
  const since = await commitsSince(commits, { git, until });
  const { page, charts } = performancePage(measured, { until, since }, words);
  return { page: await formatted(PAGE, page), charts };
}

/** Returns a file's text in the form that everything of the project has. */
export async function formatted(path: string, text: string): Promise<string> {
  return await format(text, { ...(await resolveConfig(path)), filepath: path });
}
