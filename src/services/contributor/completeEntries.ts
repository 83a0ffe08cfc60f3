import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { CopiedEntry } from '../../log/EvidenceLog.ts';
import type { Tombstone } from '../../log/tombstone.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { Bytes32, LogName, Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { ContributorPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { NamedPeer } from './NamedPeer.ts';
import { entriesWithBodies } from './readEntries.ts';

/** Sources of what is missing of entries. */
export interface CompletionSources {
  /** The body of an entry that its own coordinator judged, if it keeps it. */
  readonly judged: (entry: Bytes32) => Promise<string | undefined>;
  /** Every peer, not trusted. */
  readonly peers: readonly NamedPeer<Pick<ContributorPort, 'read'>>[];
}

/**
 * Completes entries that came without their bodies. A body that its own coordinator or any peer still has is taken: one
 * peer's word that it was erased takes no record off a chart. If nobody has it, the tombstone that k organisations give
 * alike is taken, so that all count the same entries for a patient. Without one, nobody here can say whom the entry
 * concerns.
 *
 * @param context - The organisation's context.
 * @param sources - Sources that may know.
 * @param log - The log.
 * @param entries - Consecutive entries, known to be those of the log.
 * @param from - Organisation that gave them; absent if they are this one's own.
 * @returns The same entries, with what was found.
 */
export async function completeEntries(
  { primitives, network }: ServiceContext,
  { judged, peers }: CompletionSources,
  log: LogName,
  entries: readonly CopiedEntry[],
  from?: Organisation,
): Promise<readonly CopiedEntry[]> {
  const bodies = new Map<number, string>();
  const votes = new Map<number, [Organisation, Tombstone | undefined][]>();
  for (const each of entries) {
    if (each.body !== undefined) continue;
    const body = await judged(each.entry);
    if (body !== undefined) bodies.set(each.index, body);
    else votes.set(each.index, from === undefined ? [] : [[from, each.tombstone]]);
  }
  for (const { name, port } of peers.filter((peer) => peer.name !== from)) {
    const missing = [...votes.keys()];
    const [first, last] = [missing[0], missing.at(-1)];
    if (first === undefined || last === undefined) break;
    const range = { from: first, to: last + 1 };
    for (const given of await entriesWithBodies(port, log, range).catch(() => [])) {
      note(name, given);
    }
  }
  const { writes: threshold } = logOf(network, log).channel.thresholds;
  return entries.map((each) => {
    if (each.body !== undefined) return each;
    const { index, entry, verdicts } = each;
    const body = bodies.get(index);
    if (body !== undefined) return { log, index, entry, body, verdicts };
    const { tombstone: _, ...bare } = each;
    const tombstone = agreed(votes.get(index) ?? [], threshold);
    return { ...bare, ...(tombstone && { tombstone }) };
  });

  /** Notes what a peer has of what is missing: a body proves itself by its hash. */
  function note(name: Organisation, given: CopiedEntry): void {
    const wanted = entries[given.index - (entries[0]?.index ?? 0)];
    const known = votes.get(given.index);
    if (wanted === undefined || known === undefined || wanted.entry !== given.entry) return;
    if (given.body === undefined) {
      known.push([name, given.tombstone]);
    } else if (
      typeof given.body === 'string' &&
      bytesToHex(primitives.sha256(utf8ToBytes(given.body))) === wanted.entry
    ) {
      bodies.set(given.index, given.body);
      votes.delete(given.index);
    }
  }
}

/** The tombstone that a quorum of organisations gives alike. */
function agreed(
  votes: readonly (readonly [Organisation, Tombstone | undefined])[],
  threshold: number,
): Tombstone | undefined {
  const counts = new Map<
    string,
    { readonly tombstone: Tombstone; readonly by: Set<Organisation> }
  >();
  for (const [name, tombstone] of votes) {
    if (tombstone === undefined) continue;
    const text = canonicalJson(tombstone);
    const known = counts.get(text) ?? { tombstone, by: new Set() };
    counts.set(text, known);
    known.by.add(name);
  }
  return [...counts.values()].find(({ by }) => by.size >= threshold)?.tombstone;
}
