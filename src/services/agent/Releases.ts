import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** How long a ticket releases its file, seconds. */
const TICKET_LIFE = 300;
/** How many tickets are held; the oldest go first. */
const MAX_TICKETS = 100_000;

/** Which sealed files, and audits by their digest, acknowledged views have released, for some minutes. */
export interface Releases {
  /** Releases a file or an audit; the answer is the ticket that it is fetched with. */
  release(hash: Bytes32): string;
  /**
   * Checks that a ticket releases a file or an audit.
   * @throws MedsealError `RELEASE_UNKNOWN`.
   */
  require(ticket: string, hash: Bytes32): void;
}

/** Makes an empty table of releases; it is held in memory, for a view can be asked for again. */
export function createReleases({
  clock,
  random,
}: Pick<ServiceContext, 'clock' | 'random'>): Releases {
  const tickets = new Map<string, { readonly hash: Bytes32; readonly until: number }>();

  return {
    release(hash) {
      const now = seconds(clock);
      for (const [old, { until }] of tickets) {
        if (until >= now && tickets.size < MAX_TICKETS) break;
        tickets.delete(old);
      }
      const ticket = bytesToHex(random(16)).slice(2);
      tickets.set(ticket, { hash, until: now + TICKET_LIFE });
      return ticket;
    },
    require(ticket, hash) {
      const known = tickets.get(ticket);
      if (known === undefined || known.hash !== hash || known.until < seconds(clock)) {
        throw new MedsealError('RELEASE_UNKNOWN', {});
      }
    },
  };
}
