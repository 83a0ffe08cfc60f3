import { addressOf } from '../../crypto/addressOf.ts';
import { recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { PartyKeys } from '../../crypto/keys/PartyKeys.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { PartyFacts } from '../../protocol/facts.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { MAX_KEY_CHANGES } from '../../protocol/keyAfter.ts';
import { recipientHash } from '../../protocol/recipientHash.ts';
import { LONGEST_STATE } from '../../protocol/requireKeepable.ts';
import type { KeyChange, SignedKeyChange } from '../../protocol/requests.ts';
import { sign } from '../../protocol/signing.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { closeSpans } from '../epochs/closeSpans.ts';
import { confirmRule } from '../rights/confirmRule.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { withPatientState } from '../state/withPatientState.ts';
import type { Party } from './Party.ts';
import { signersOf } from './signersOf.ts';

/** A party with its new key, and the place of the change on the ledger. */
export interface KeyChanged {
  /** The party to go on with. */
  readonly party: Party;
  /** Address of the new key. */
  readonly signer: Address;
  readonly transaction: Bytes32;
  readonly block: number;
}

/**
 * Changes the key of a party: another seed gives its signing key and its recipient from now on. The party keeps its
 * address, its role and its rights. The old key signs nothing more; its signatures of before stay valid. Safe to repeat, with
 * the old key and the same seed, until it succeeds.
 *
 * Everybody who seals to the party must accept the new recipient first, and packets and letters that were sealed to the
 * old one open with the old seed alone: collect letters before. The keys of a patient's prepared epochs stay; the epochs
 * that are prepared from now on get keys of the new seed. A thief of the old seed may have the former: end a right, and
 * the keys turn.
 *
 * @param party - The party, opened with its present key.
 * @param seed - 32 new random bytes.
 * @throws MedsealError `ARGUMENT_INVALID` for a seed that the party has had, or after 16 changes; `SEED_MALFORMED`;
 * `PARTY_UNKNOWN`, `PARTY_SUSPENDED`; `SIGNATURE_INVALID` if the party has changed its key elsewhere; `RULE_REFUSED`,
 * `RULE_UNCONFIRMED`, `KEY_UNAUTHENTIC`; for a patient, `NOT_FOUND` if the device does not know its state,
 * `STATE_STALE`, `ANSWER_DISPUTED`.
 * @example
 * ```ts
 * const seed = webPorts.random(32);
 * const { party: renewed, block } = await changeKey(doctor, seed);
 * console.log(`${renewed.address} has another key since block ${block}: ${seedToPhrase(seed)}`);
 * ```
 */
export async function changeKey(party: Party, seed: Uint8Array): Promise<KeyChanged> {
  const { address, primitives, keyChanges = [] } = party;
  const keys = new PartyKeys(seed);
  const signer = addressOf(primitives, primitives.publicKey(keys.signingKey()));
  const recipient = await recipientOf(keys.identity(), party.cipher?.kem);
  const next = { signer, recipient: recipientHash(primitives, recipient) };
  requireNew(party, signer);

  const facts = await factsOf(party);
  const isDone = facts.key?.signer === signer && facts.recipient === next.recipient;
  if (!isDone && (facts.key?.signer ?? address) !== signersOf(party).at(-1)) {
    throw new MedsealError('SIGNATURE_INVALID', {});
  }
  const isPatient = facts.handle !== undefined;
  if (isPatient && !isDone) await prepareState(party, recipient);

  const before = facts.key?.change ?? 0;
  const change = signChange(party, keys, {
    party: address,
    ...next,
    change: isDone ? before : before + 1,
    deadline: seconds(party.clock) + 300,
  });
  const changed: Party = { ...party, keys, recipient, keyChanges: [...keyChanges, change] };
  const card = { party: address, recipient, keyChanges: [...keyChanges, change] };
  const { transaction, block } = await party.agent.changeKey({ change, card });
  await confirmRule(changed, { party: address }, ({ party: after }) => {
    return after?.key?.signer === signer && after.recipient === next.recipient;
  });
  // From now on the old key opens no state.
  if (isPatient) {
    await withPatientState(changed, async (state) => await keepPatientState(changed, state));
  }
  return { party: changed, signer, transaction, block };
}

function requireNew(party: Party, signer: Address): void {
  const { keyChanges = [] } = party;
  if (signersOf(party).includes(signer)) {
    throw refused('seed', 'the party has had the key of this seed');
  }
  if (keyChanges.length >= MAX_KEY_CHANGES) {
    throw refused('party', `a party changes its key ${MAX_KEY_CHANGES} times at most`);
  }
}

function refused(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}

async function factsOf(party: Party): Promise<PartyFacts> {
  const { party: facts } = await confirmFacts(party, { party: party.address });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  if (facts.suspended) throw new MedsealError('PARTY_SUSPENDED', {});
  return facts;
}

/** Keeps a state that the new key alone can go on with: both open it until the change is on the ledger. */
async function prepareState(party: Party, recipient: string): Promise<void> {
  await withPatientState(party, async (state) => {
    const keyring = closeSpans(party.keys.seed(), state.keyring);
    const both = [party.recipient, recipient];
    await keepPatientState(party, { ...state, keyring }, [], LONGEST_STATE, both);
  });
}

function signChange(party: Party, keys: PartyKeys, message: KeyChange): SignedKeyChange {
  const { signature } = sign(party, party, 'KeyChange', message);
  const next = { address: message.signer, keys };
  return { message, signature, newSignature: sign(party, next, 'KeyChange', message).signature };
}
