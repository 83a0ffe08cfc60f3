import { MedsealError } from '../../errors/MedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { noteParty } from '../callers/callerNow.ts';
import { ProcessorShares } from './ProcessorShares.ts';

/** Milliseconds of processor time that a party may take in a second beside others: half a processor, from whatever addresses. */
const SHARE = 500;
/** Milliseconds that it may take at once after a pause. */
const BURST = 20_000;

/**
 * Makes a node's accounts of the processor time that answers take, by the party that asks: one party with many addresses has
 * one account, and another for what others can send in its place. They are kept as those of addresses are.
 *
 * @param clock - The node's.
 */
export function createPartyAccounts(clock: Pick<Clock, 'now'>): {
  note(party: string, isAgain?: boolean): void;
} {
  const shares = new ProcessorShares(clock, { share: SHARE, burst: BURST });
  return {
    note(party, isAgain = false) {
      const account = isAgain ? `${party} again` : party;
      noteParty(account, (milliseconds) => shares.charge(account, milliseconds), isAgain);
      if (shares.visit(account) === 0) return;
      throw new MedsealError('QUOTA_SPENT', { what: 'processor time of this party' });
    },
  };
}
