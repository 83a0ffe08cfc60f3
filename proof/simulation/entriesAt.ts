import type { Acknowledgement } from '../../src/protocol/evidence/evidence.ts';
import type { LogName } from '../../src/protocol/ids.ts';
import type { ContributorPort } from '../../src/services/ports.ts';

/**
 * Returns the entries of a log as an organisation holds it, from an index on.
 *
 * @param contributor - The organisation's, past the network; undefined if it is down.
 * @param log - The log.
 * @param from - Index of the first entry.
 * @throws Error if a body was erased: in a simulation nobody erases any.
 */
export async function entriesAt(
  contributor: Pick<ContributorPort, 'read'> | undefined,
  log: LogName,
  from = 0,
): Promise<readonly Acknowledgement[]> {
  const entries: Acknowledgement[] = [];
  for (let next = from; ; next++) {
    // Entries beyond the end cannot be read.
    const page = await contributor?.read({ log, from: next, to: next + 1 }).catch(() => []);
    const [entry] = page ?? [];
    if (entry === undefined) return entries;
    if (entry.body === undefined) throw new Error(`the body of ${log} #${next} is gone`);
    entries.push(entry);
  }
}
