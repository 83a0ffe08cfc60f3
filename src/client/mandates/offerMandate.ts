import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { HIDDEN_DAYS, type Mandate } from '../../protocol/care/mandates.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Handle } from '../../protocol/ids.ts';
import { powersOffered } from '../../protocol/rights/judgeMandate.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { Party } from '../party/Party.ts';
import { requireArgument } from '../party/requireArgument.ts';
import { actingKeys } from './actingKeys.ts';
import type { MandateOffer } from './MandateOffer.ts';

/** Seconds in which the patient can sign an offer. */
const TERM = 7 * 86_400;

/** A mandate to offer. */
export interface MandateWanted {
  readonly handle: Handle;
  /** Reason, in words that the patient reads: `my son`, `while I am in hospital`. */
  readonly reason: string;
  /** First second at which it no longer holds. */
  readonly until: number;
  /** True to audit the chart too. */
  readonly audit?: boolean;
  /** True to let further keys act, no wider and no longer. */
  readonly appoint?: boolean;
}

/**
 * Offers to act for a patient, by a key that follows from the representative's seed and serves this mandate alone. Nothing
 * changes until the patient signs the offer (`giveMandate`).
 *
 * @param party - The representative.
 * @param wanted - Chart, reason and end.
 * @throws MedsealError `ARGUMENT_INVALID`; `CONTRACT_ABSENT` in a network without mandates.
 * @example
 * ```ts
 * const until = Math.floor(Date.now() / 1000) + 365 * 86_400;
 * const offer = await offerMandate(marta, { handle, reason: 'my son', until, audit: true });
 * console.log(JSON.stringify(offer));
 * ```
 */
export async function offerMandate(party: Party, wanted: MandateWanted): Promise<MandateOffer> {
  const { handle, reason, until, audit = false } = wanted;
  requireArgument('handle', handle);
  const now = seconds(party.clock);
  if (party.network.contracts.mandates === undefined) {
    throw new MedsealError('CONTRACT_ABSENT', { contract: 'mandates' });
  }
  if (!Number.isSafeInteger(until) || until <= now) {
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'until', reason: 'it is over' });
  }
  const salt = bytesToHex(party.random(16));
  const { keys, address, recipient } = await actingKeys(party, { handle, terms: { salt } });
  const terms = {
    representative: party.address,
    recipient: recipientHash(party.primitives, recipient),
    reason,
    audit,
    until,
    salt,
  };
  const mandate: Mandate = {
    terms,
    handle,
    key: address,
    powers: powersOffered(wanted),
    // To the second it would tell a birth date of everybody who comes of age.
    until: until + daysOff(party) * 86_400,
    deadline: now + TERM,
  };
  const { signature } = sign(party, party, 'Mandate', mandate);
  const { signature: keySignature } = sign(party, { address, keys }, 'Mandate', mandate);
  return { format: 'medseal-mandate/1', mandate, recipient, signature, keySignature };
}

/** A random number of days, from 0 to 90. */
function daysOff(party: Pick<Party, 'random'>): number {
  const [high = 0, low = 0] = party.random(2);
  return (high * 256 + low) % (HIDDEN_DAYS + 1);
}
