import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Address } from '../../protocol/ids.ts';
import { isRecoverable } from '../../protocol/rights/isRecoverable.ts';
import { keyAfter, MAX_KEY_CHANGES } from '../../protocol/rights/keyAfter.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { addressArgument } from '../party/addressArgument.ts';
import type { Party } from '../party/Party.ts';
import { recoveryFileOf, type RecoveryFile } from './recoveryFile.ts';

/** Seconds that members have for their signatures by default. */
const ROUND = 7 * 24 * 3600;

/**
 * Asks for the recovery of a party's key: the holder lost the key and its 24 words, and has a new one. The result goes to the
 * members of the authority, who know the person and compare the words of it.
 *
 * @param guest - The new key, opened as a party of its own that nobody enrolled.
 * @param asked - The party, and seconds that the members have, 30 days at most and 7 unless given.
 * @throws MedsealError `PARTY_UNKNOWN`; `RECOVERY_UNFIT` for an account of an organisation, or a patient of a network without a release key; `ARGUMENT_INVALID` for a key
 * that is in use, or after 16 changes of key; `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * const seed = webPorts.random(32);
 * const guest = await openParty({ ...webPorts, network, agent, log: 'care/hospital', device, seed });
 * const file = await askRecovery(guest, { party: doctor.address });
 * console.log(`Read these words to the authority: ${recoveryWords(guest, file.message).join(' ')}`);
 * ```
 */
export async function askRecovery(
  guest: Party,
  asked: { readonly party: Address; readonly within?: number },
): Promise<RecoveryFile> {
  const { primitives } = guest;
  const party = addressArgument(guest, asked.party, 'party');
  const { party: facts } = await confirmFacts(guest, { party });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  const { role, key } = facts;
  if (!isRecoverable(guest.network, role)) throw new MedsealError('RECOVERY_UNFIT', { role });
  const present = key?.signer ?? party;
  if (party === guest.address || present === guest.address) {
    throw invalid('party', 'it has this key already');
  }
  const { keyChanges = [] } = await guest.agent.card(party);
  if (keyChanges.length >= MAX_KEY_CHANGES) {
    throw invalid('party', `a party changes its key ${MAX_KEY_CHANGES} times at most`);
  }
  if (!succeeds(() => keyAfter(guest, party, keyChanges) === present)) {
    throw new MedsealError('KEY_UNAUTHENTIC', { what: 'key' });
  }
  const message = {
    party,
    signer: guest.address,
    recipient: recipientHash(primitives, guest.recipient),
    change: (key?.change ?? 0) + 1,
    deadline: seconds(guest.clock) + (asked.within ?? ROUND),
  };
  const { signature: newSignature } = sign(guest, guest, 'Recovery', message);
  return recoveryFileOf({ message, signatures: [], newSignature }, keyChanges);
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
