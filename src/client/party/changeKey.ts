import { addressOf } from '../../crypto/addressOf.ts';
import { recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { PartyKeys } from '../../crypto/keys/PartyKeys.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { PartyFacts } from '../../protocol/evidence/facts.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { MAX_KEY_CHANGES } from '../../protocol/rights/keyAfter.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { LONGEST_STATE } from '../../protocol/rights/requireKeepable.ts';
import type { KeyChange, SignedKeyChange } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { turnFormerKeys } from '../epochs/turnFormerKeys.ts';
import { forgetServedUrl } from '../letters/servedBy.ts';
import { confirmRule } from '../rights/confirmRule.ts';
import { endUnknownMandates } from '../mandates/endUnknownMandates.ts';
import { adoptState } from '../state/adoptState.ts';
import { recallState } from '../state/PatientState.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { withPatientState } from '../state/withPatientState.ts';
import type { Party } from './Party.ts';
import { signersOf } from './signersOf.ts';

/** Options of `changeKey`. */
export interface KeyChangeOptions {
  /**
   * Called once the change stands, before a patient's keys turn: the device stores the new seed in place of the old one,
   * and `keyChanges` of the party.
   */
  readonly changed?: (party: Party) => Promise<void>;
  /**
   * True to keep mandates that this device does not know, such as one that another device of the patient has just given. They end if
   * absent: whoever had the old key can have given them.
   */
  readonly keepMandates?: boolean;
}

/** A party with its new key, and the place of the change on the ledger. */
export interface KeyChanged {
  /** The party to go on with. */
  readonly party: Party;
  /** Address of the new key. */
  readonly signer: Address;
  readonly transaction: Bytes32;
  readonly block: number;
  /** Digests of the mandates that ended with it, as this device did not know them. */
  readonly endedMandates: readonly Bytes32[];
}

/**
 * Changes the key of a party: another seed gives its signing key and its recipient from now on. The party keeps its
 * address, its role and its rights. The old key signs nothing more; its signatures of before stay valid. Safe to repeat, with
 * the old key and the same seed, until it succeeds.
 *
 * Everybody who seals to the party must accept the new recipient first, and packets and letters that were sealed to the
 * old one open with the old seed alone: the party that is returned has it as a former key. The keys of a patient's
 * prepared epochs stay, and a thief of the old seed may have them; so the chart enters the first epoch of a new span, whose
 * keys are random and sealed to the new recipient alone. Mandates that the device does not know end: the thief may have given them.
 *
 * @param party - The party, opened with its present key.
 * @param seed - 32 new random bytes.
 * @param options - `changed`, `keepMandates`.
 * @throws MedsealError `RIGHT_MISSING` for who acts by a mandate; `ARGUMENT_INVALID` for a seed that the party has had, or after 16 changes; `SEED_MALFORMED`;
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
export async function changeKey(
  party: Party,
  seed: Uint8Array,
  options: KeyChangeOptions = {},
): Promise<KeyChanged> {
  const { address, primitives, keyChanges = [] } = party;
  // Before the state is sealed to the other key: nodes would refuse the change only after that.
  if (party.acting !== undefined) throw new MedsealError('RIGHT_MISSING', {});
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
  const { handle } = facts;
  const isPatient = handle !== undefined;
  // Before the newest state is taken from nodes: the thief may have put mandates there.
  const known = (await recallState(party))?.state.mandates?.map(({ digest }) => digest) ?? [];
  if (isPatient && !isDone) await prepareState(party, recipient);

  const before = facts.key?.change ?? 0;
  const change = signChange(party, keys, {
    party: address,
    ...next,
    change: isDone ? before : before + 1,
    deadline: seconds(party.clock) + 300,
  });
  const changed: Party = {
    ...party,
    keys,
    recipient,
    keyChanges: [...keyChanges, change],
    formerKeys: [party.keys, ...(party.formerKeys ?? [])],
  };
  const card = { party: address, recipient, keyChanges: [...keyChanges, change] };
  const { transaction, block } = await party.agent.changeKey({ change, card });
  await confirmRule(changed, { party: address }, ({ party: after }) => {
    return after?.key?.signer === signer && after.recipient === next.recipient;
  });
  await forgetServedUrl(changed);
  // Before the state is kept again: it is sealed to those who act.
  const ends = handle !== undefined && options.keepMandates !== true;
  const endedMandates = ends ? await endUnknownMandates(changed, handle, known) : [];
  if (isPatient) await adoptNewest(party, changed);
  await options.changed?.(changed);
  if (isPatient) await turnFormerKeys(changed);
  return { party: changed, signer, transaction, block, endedMandates };
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

/** Keeps the state for both keys: both open it until the change is on the ledger. */
async function prepareState(party: Party, recipient: string): Promise<void> {
  await withPatientState(party, async (state) => {
    await keepPatientState(party, state, [], LONGEST_STATE, [recipient]);
  });
}

/**
 * Keeps the newest state for the new key alone, under a new span: from now on the old key opens no state. The span ends in any
 * case, since whoever had the old key could choose all keys in a state that it kept until the ledger took the change.
 */
async function adoptNewest(party: Party, changed: Party): Promise<void> {
  try {
    return await adoptState(changed);
  } catch (error) {
    const isOfOld =
      isMedsealError(error, 'SEAL_UNREADABLE') || isMedsealError(error, 'STATE_STALE');
    if (!isOfOld) throw error;
  }
  // Before the ledger took the change, another device kept a state with the old key.
  const seed = party.keys.seed();
  const old = {
    seed: () => seed,
    identity: () => party.keys.identity(),
    signingKey: () => changed.keys.signingKey(),
  };
  await restorePatient({ ...changed, keys: old });
  await adoptState(changed);
}

function signChange(party: Party, keys: PartyKeys, message: KeyChange): SignedKeyChange {
  const { signature } = sign(party, party, 'KeyChange', message);
  const next = { address: message.signer, keys };
  return { message, signature, newSignature: sign(party, next, 'KeyChange', message).signature };
}
