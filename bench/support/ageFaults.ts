import type { CommitsSince } from './commitsSince.ts';

/** Most commits that may have come since a row of the page was measured. */
export const MOST_COMMITS = 200;

/** A row of the page with the commit that was measured. */
export interface Row {
  readonly name: string;
  readonly commit: string;
}

/**
 * Finds the rows that must be measured again, and what the list of rows known as old says wrongly.
 *
 * @param rows - All rows.
 * @param since - The number of commits since each.
 * @param knownOld - Rows that may be older, each with the reason.
 */
export function ageFaults(
  rows: readonly Row[],
  since: CommitsSince,
  knownOld: Readonly<Record<string, string>>,
): string[] {
  const faults: string[] = [];
  for (const { name, commit } of rows) {
    const count = since.get(commit);
    const isKnown = Object.hasOwn(knownOld, name);
    if (count === undefined) faults.push(`${name}: this history has no commit ${commit}`);
    else if (count > MOST_COMMITS && !isKnown)
      faults.push(`${name}: ${count} commits since it was measured, more than ${MOST_COMMITS}`);
    else if (count <= MOST_COMMITS && isKnown)
      faults.push(`${name}: is listed as old, and is not: ${count} commits`);
  }
  const names = new Set(rows.map(({ name }) => name));
  const unknown = Object.keys(knownOld).filter((name) => !names.has(name));
  return [...faults, ...unknown.map((name) => `${name}: is listed as old, and no row`)];
}
