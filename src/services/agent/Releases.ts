import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { AgentContext } from './AgentContext.ts';

/** Seconds for which a ticket releases its file. */
const TICKET_LIFE = 300;
/** Number of tickets that are held; beyond it, whoever has most loses the oldest of their own. */
const MAX_TICKETS = 100_000;
/** Number of tickets of one party, as one view has a thousand: whoever asks for more loses their own. */
const MAX_OF_ONE = 16_384;

/**
 * Kind of thing that a view releases by a ticket: the sealed file of a record, by its hash, the entries and tallies of an
 * audit or a chain, by its request's digest, or only the tallies of a chart.
 */
export type Released = 'audit' | 'chart' | 'file';

/**
 * Sealed files, audits and charts that acknowledged views have released, for some minutes. A ticket is for one of them: a
 * party that may fetch a file of a chart may not see the audit of the chart.
 */
export interface Releases {
  /**
   * Releases a file, an audit or a chart.
   * @param index - Place of the entry that does.
   * @param party - The party that asked, which pays for what it fetches.
   * @returns The ticket that it is fetched with.
   */
  release(what: Released, hash: Bytes32, index: number, party: Address): string;
  /**
   * Checks that a ticket releases a file, an audit or a chart.
   * @returns The place of the entry that does.
   * @throws MedsealError `RELEASE_UNKNOWN`; `QUOTA_SPENT`.
   */
  require(what: Released, ticket: string, hash: Bytes32): number;
}

interface Release {
  readonly what: Released;
  readonly hash: Bytes32;
  readonly index: number;
  readonly party: Address;
  readonly until: number;
}

/** Makes an empty table of releases; it is held in memory, for a view can be asked for again. */
export function createReleases({
  clock,
  random,
  accounts,
}: Pick<AgentContext, 'clock' | 'random' | 'accounts'>): Releases {
  const tickets = new Map<string, Release>();
  const byParty = new Map<Address, Set<string>>();
  /** Parties by the number of their tickets: those with one more at each place. */
  const bySize: Set<Address>[] = [];
  const count = (party: Address, before: number, after: number): void => {
    bySize[before - 1]?.delete(party);
    if (after > 0) (bySize[after - 1] ??= new Set()).add(party);
    while (bySize.at(-1)?.size === 0) bySize.pop();
  };
  const remove = (ticket: string): void => {
    const party = tickets.get(ticket)?.party;
    const own = party && byParty.get(party);
    tickets.delete(ticket);
    if (party === undefined || own?.delete(ticket) !== true) return;
    count(party, own.size + 1, own.size);
    if (own.size === 0) byParty.delete(party);
  };
  const removeOldestOf = (party: Address | undefined): void => {
    const [oldest] = (party && byParty.get(party)) ?? [];
    if (oldest !== undefined) remove(oldest);
  };

  return {
    release(what, hash, index, party) {
      const now = seconds(clock);
      for (const [old, { until }] of tickets) {
        if (until >= now) break;
        remove(old);
      }
      if ((byParty.get(party)?.size ?? 0) >= MAX_OF_ONE) removeOldestOf(party);
      else if (tickets.size >= MAX_TICKETS) removeOldestOf(bySize.at(-1)?.values().next().value);
      const own = byParty.get(party) ?? new Set();
      const ticket = bytesToHex(random(16)).slice(2);
      tickets.set(ticket, { what, hash, index, party, until: now + TICKET_LIFE });
      byParty.set(party, own.add(ticket));
      count(party, own.size - 1, own.size);
      return ticket;
    },
    require(what, ticket, hash) {
      const known = tickets.get(ticket);
      const fits = known?.what === what && known.hash === hash;
      if (known === undefined || !fits || known.until < seconds(clock)) {
        throw new MedsealError('RELEASE_UNKNOWN', {});
      }
      accounts.note(known.party);
      return known.index;
    },
  };
}
