import { MedsealError } from '../../errors/MedsealError.ts';
import type { DepositedPacket } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import type { PatientFacts } from '../../protocol/evidence/facts.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { confirmChart } from '../records/confirmChart.ts';
import { endSpan } from '../rights/endSpan.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState, type KnownGrant, type PatientState } from '../state/PatientState.ts';
import { refreshPackets } from './refreshPackets.ts';
import { hasKeysOf } from './hasKeysOf.ts';
import { requireRetainsNone } from './requireRetainsNone.ts';
import { sealPackets } from './sealPackets.ts';
import { turnPast } from './turnPast.ts';
import { withPatientState } from '../state/withPatientState.ts';

/**
 * Destroys the keys of a category in all epochs so far: from then on not even the phrase opens what was sealed under it
 * until now, and no honest node releases a packet that does. The keys turn first, past every epoch that was prepared
 * with them, so what is added afterwards is read as before, by everyone who may. Then the log gets the patient's signed
 * erasure: agents and coordinators refuse views of the erased versions and shares of their release keys, and every
 * organisation deletes their files.
 *
 * It does not reach copies that others have: a party that got keys or read records may have kept them, and the phrase
 * opens an earlier copy of the patient's state or device. Safe to repeat, also after an interruption.
 *
 * @param party - The patient.
 * @param category - Category whose keys are destroyed.
 * @returns The last epoch whose key of the category is gone.
 * @throws MedsealError `RIGHT_MISSING` for who acts by a mandate; `RETENTION_ACTIVE` while the network's terms keep a record of the category,
 * before any key is gone; `NOT_FOUND` on a device of someone who is not a patient, or has no epoch yet; `STATE_STALE` if
 * another device of the patient was faster each time; `ANSWER_DISPUTED` if fewer than k organisations store the state;
 * `KEY_UNAUTHENTIC`, `RULE_REFUSED`, `RULE_UNCONFIRMED`; the code of the refusal if the log does not take the erasure: the keys
 * are gone, and a repeat enters it.
 * @example
 * ```ts
 * const epoch = await eraseKeys(patient, 'sensitive');
 * console.log(`Nobody can open sensitive records of the epochs up to ${epoch} any more.`);
 * ```
 */
export async function eraseKeys(party: Party, category: Category): Promise<number> {
  // Before any key is gone: nodes would refuse the erasure only after that.
  if (party.acting !== undefined) throw new MedsealError('RIGHT_MISSING', {});
  const before = await readPatientState(party);
  const pending = before.erasing?.[category];
  // One that is under way was asked about before. Once its keys are gone, this one is a further erasure.
  const isUnderWay = pending !== undefined && hasKeysOf(before.keyring, category, pending);
  if (!isUnderWay) await requireRetainsNone(party, category);
  const at = await withPatientState(party, async (state) => await closePresent(party, state));
  for (;;) {
    const { patient, isTold } = await withPatientState(party, async (state) => {
      const told = state.erasing?.[category] ?? 0;
      return { patient: await presentOf(party, state), isTold: told >= at };
    });
    if (patient.first > at && isTold) break;
    await turnPast(party, patient, at, { category, erases: true });
  }
  await withPatientState(party, async (state) => await keepErased(party, state, at, category));
  await refreshPackets(party);
  const left = await readPatientState(party);
  // Somebody wrote in it in the moment before the keys turned: the log takes the erasure later.
  if (left.erasing?.[category] !== undefined) await requireRetainsNone(party, category);
  return at;
}

/** Ends the present span after the last epoch that was prepared, and returns that epoch. */
async function closePresent(party: Party, state: PatientState): Promise<number> {
  const { epoch } = await presentOf(party, state);
  const { keyring, at } = endSpan(state.keyring, epoch);
  if (keyring !== state.keyring) await keepPatientState(party, { ...state, keyring });
  return at;
}

/** Stores the remaining state, with packets that replace those that nodes would still release. */
async function keepErased(
  party: Party,
  state: PatientState,
  at: number,
  category: Category,
): Promise<void> {
  const { patient, grants = [] } = await confirmChart(party, state, { grants: true });
  const { epoch } = patient;
  const now = seconds(party.clock);
  const given = state.grants.filter(({ grant: { terms } }) => {
    return terms.until > now && terms.read && terms.categories.includes(category);
  });
  const concerned = given.filter(({ digest }) => grants.includes(digest));
  // Nodes may have the packet of a grant that is on its way to the ledger, and take another only once the grant is
  // there.
  const underWay = given.filter(
    ({ digest, grant }) => !grants.includes(digest) && grant.deadline >= now,
  );
  const planned = concerned.filter(isOfEpochs).map((known) => ({
    known,
    epochs: range(epoch, Math.max(epoch, known.sealedTo)),
  }));
  // Kept until the log has the erasure, though the keys are gone.
  const erasing = { ...state.erasing, [category]: Math.max(at, state.erasing?.[category] ?? 0) };
  const left = { ...state, erasing, keyring: withoutCategory(state.keyring, category, at) };
  const sealed = await sealPackets(party, left, planned);
  const withdrawn = concerned.filter(
    (known) => !isOfEpochs(known) || sealed.pending.includes(known.digest),
  );
  // An agent that withheld another device's state may still have placed its grant.
  const unknown = grants.filter((each) => !state.grants.some(({ digest }) => digest === each));
  const packets = [
    ...sealed.packets,
    ...withdrawn.flatMap((known) => emptyOnes(known, epoch)),
    ...unknown.map((grant) => ({ grant, epoch, packet: '' })),
  ];
  const unsealed = new Set([...withdrawn, ...underWay].map(({ digest }) => digest));
  const known = sealed.state.grants.map((each) =>
    unsealed.has(each.digest)
      ? { ...each, sealedTo: 0, ...(!isOfEpochs(each) && { versions: 0 }) }
      : each,
  );
  await keepPatientState(party, { ...sealed.state, grants: known }, packets);
}

/** Tells whether a grant gives keys of epochs rather than of the files of one record. */
function isOfEpochs({ grant }: KnownGrant): boolean {
  return grant.terms.record === ZERO32;
}

/**
 * Makes empty packets in place of those that cannot be sealed again now: those for one record, whose files must be
 * fetched first, and those of a grantee who is suspended or has another recipient. They are for a past epoch if that
 * suffices: nodes would count a packet of the present epoch as keys that a suspended grantee has, and the keys would
 * turn once more.
 */
function emptyOnes(known: KnownGrant, epoch: number): readonly DepositedPacket[] {
  const past = epoch - 1;
  const epochs = isOfEpochs(known) ? range(past, Math.max(past, known.sealedTo)) : [epoch];
  return epochs.map((each) => ({ grant: known.digest, epoch: each, packet: '' }));
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, place) => from + place);
}

async function presentOf(party: Party, state: PatientState): Promise<PatientFacts> {
  const { patient } = await confirmChart(party, state);
  if (patient.epoch === 0) throw new MedsealError('NOT_FOUND', { what: 'epoch of the patient' });
  return patient;
}

/** Returns a keyring without the keys of a category in spans up to an epoch. */
function withoutCategory(keyring: Keyring, category: Category, upTo: number): Keyring {
  const spans = Object.entries(keyring.keys).map(([end, keys]) => {
    const { [category]: _erased, ...kept } = keys;
    return [end, Number(end) <= upTo ? kept : keys] as const;
  });
  return { ...keyring, keys: Object.fromEntries(spans) };
}
