import type { Address } from '../../protocol/ids.ts';

/** Accounts of the processor time that answers take, by the party that asks. */
export interface PartyAccounts {
  /**
   * Notes that the answer under way is for a party: it is charged afterwards for the time that this takes.
   *
   * @param party - Authenticated by its signature, or by a ticket that it was given.
   * @param isAgain - True if others can have what it signed, and send it: a repeat, what is late, a letter. It has an account of
   * its own, so that nobody takes what the party needs for what it asks itself.
   * @throws MedsealError `QUOTA_SPENT` if its answers took too much lately.
   */
  note(party: Address, isAgain?: boolean): void;
}

/** Accounts of an agent whose callers come by no server. */
export const NO_ACCOUNTS: PartyAccounts = { note: () => undefined };
