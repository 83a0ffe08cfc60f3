/**
 * Holds the page on performance to what was measured, and its rows to commits that are not too far back. In a shallow
 * checkout, or without git, it says that it cannot tell how far, and holds nothing.
 *
 * `npm run check figures`
 */
import { readFile } from 'node:fs/promises';
import { ageFaults } from './support/ageFaults.ts';
import { commitsSince } from './support/commitsSince.ts';
import { git, PAGE, readResults, writePage } from './support/pageFiles.ts';
import { allRows, KNOWN_OLD } from './support/rows.ts';

const measured = await readResults();
const rows = allRows(measured);
const page = await readFile(PAGE, 'utf8');
/** The commit up to which the page counts. */
const [, until = ''] = /counted at `(\w+)`/.exec(page) ?? [];
const since = await commitsSince([until, ...rows.map(({ commit }) => commit)], { git });
if (since === undefined) {
  console.log(
    'No telling how old the figures of the page on performance are: no git, or not all of its history.',
  );
} else {
  const faults = ageFaults(rows, since, KNOWN_OLD);
  const isCurrent =
    since.get(until) !== undefined && (await writePage(measured, until)).page === page;
  if (!isCurrent)
    faults.push('docs/reference/performance.md is not what `npm run bench -- --write-only` writes');
  for (const { name, commit } of rows) {
    const reason = KNOWN_OLD[name];
    if (reason !== undefined)
      console.log(`known as old: ${name}, ${since.get(commit)} commits: ${reason}`);
  }
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}
