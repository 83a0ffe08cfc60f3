import { MedsealError } from '../../errors/MedsealError.ts';
import type { PartyFacts } from '../../protocol/evidence/facts.ts';
import { keyAfter } from '../../protocol/rights/keyAfter.ts';
import type { KeyProof } from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import type { RecoveryFile } from './recoveryFile.ts';

/** State of a recovery that the holder of the new key asked for, as k coordinators say it. */
export type RecoveryProgress =
  /** The ledger has not got it: too few members signed, or nobody sent it. */
  | { readonly state: 'asked' }
  /** The delay runs. */
  | { readonly state: 'begun'; readonly readyAt: number }
  /** The party stopped it, or another change of its key came before: ask again. */
  | { readonly state: 'stopped' }
  /** The new key signs for the party. */
  | { readonly state: 'finished'; readonly party: Party; readonly facts: PartyFacts };

/**
 * Finds out how far the recovery of a key is, and goes on as the party once it is finished: the card is deposited with the nodes, so
 * that everybody finds the new recipient and what proves the new key. Safe to repeat.
 *
 * @param guest - The new key, as it was opened for `askRecovery`.
 * @param file - What `askRecovery` made.
 * @throws MedsealError `PARTY_UNKNOWN`; `KEY_UNAUTHENTIC` if the members' signatures do not prove the key; `NOT_FOUND`.
 * @example
 * ```ts
 * const seed = webPorts.random(32);
 * const guest = await openParty({ ...webPorts, network, agent, log: 'care/hospital', device, seed });
 * const file = await askRecovery(guest, { party: doctor.address });
 * const now = await finishRecovery(guest, file);
 * if (now.state === 'finished') console.log(`${now.party.address} has the new key.`);
 * ```
 */
export async function finishRecovery(guest: Party, file: RecoveryFile): Promise<RecoveryProgress> {
  const { message, keyChanges = [] } = file;
  const { party: address, signer, recipient, change } = message;
  const { party: facts } = await confirmFacts(guest, { party: address });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  const isPresent = facts.key?.signer === signer && facts.recipient === recipient;
  if (isPresent) {
    const proof = await proofOf(guest, file);
    const party: Party = { ...guest, address, keyChanges: [...keyChanges, proof] };
    const card = { party: address, recipient: guest.recipient, keyChanges: [...keyChanges, proof] };
    await guest.agent.keepCard(card);
    return { state: 'finished', party, facts };
  }
  if (facts.recovery?.signer === signer) return { state: 'begun', readyAt: facts.recovery.readyAt };
  return { state: (facts.key?.change ?? 0) < change ? 'asked' : 'stopped' };
}

/** The recovery with the signatures that prove it: the file's own, if it came back from the members, or the ledger's. */
async function proofOf(guest: Party, file: RecoveryFile): Promise<KeyProof> {
  const { message, newSignature, keyChanges = [] } = file;
  const own = { message, newSignature, signatures: file.signatures };
  if (proves(own)) return own;
  const begun = await guest.agent.recovery(message.party);
  const isThis =
    digestOf(guest, 'Recovery', begun.message) === digestOf(guest, 'Recovery', message);
  const proof = { message, newSignature, signatures: begun.signatures };
  if (!isThis || !proves(proof)) throw new MedsealError('KEY_UNAUTHENTIC', { what: 'key' });
  return proof;

  function proves(proof: KeyProof): boolean {
    const changes = [...keyChanges, proof];
    return succeeds(() => keyAfter(guest, message.party, changes) === message.signer);
  }
}
