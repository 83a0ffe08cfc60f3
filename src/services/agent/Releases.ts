import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { AgentContext } from './AgentContext.ts';

/** Seconds for which a ticket releases its file. */
const TICKET_LIFE = 300;
/** Number of tickets that are held; the oldest go first. */
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
  const remove = (ticket: string): void => {
    const party = tickets.get(ticket)?.party;
    const own = party && byParty.get(party);
    tickets.delete(ticket);
    own?.delete(ticket);
    if (party !== undefined && own?.size === 0) byParty.delete(party);
  };

  return {
    release(what, hash, index, party) {
      const now = seconds(clock);
      for (const [old, { until }] of tickets) {
        if (until >= now && tickets.size < MAX_TICKETS) break;
        remove(old);
      }
      const own = byParty.get(party) ?? new Set();
      const [oldest] = own;
      if (oldest !== undefined && own.size >= MAX_OF_ONE) remove(oldest);
      const ticket = bytesToHex(random(16)).slice(2);
      tickets.set(ticket, { what, hash, index, party, until: now + TICKET_LIFE });
      byParty.set(party, own.add(ticket));
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
