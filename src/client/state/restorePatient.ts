import { MedsealError } from '../../errors/MedsealError.ts';
import type { PartyFacts, PatientFacts } from '../../protocol/evidence/facts.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { joinKeys } from '../epochs/joinKeys.ts';
import { givesCommitted } from '../epochs/givesCommitted.ts';
import { hadOtherKeys, isTurning } from '../epochs/isTurning.ts';
import { openNewest, type OpensForHeir } from './openNewest.ts';
import type { Party } from '../party/Party.ts';
import { requireOpens } from './requireOpens.ts';
import { joinGrants, joinMandates } from './joinGrants.ts';
import {
  recallState,
  redactedState,
  writePatientState,
  type PatientState,
} from './PatientState.ts';
import type { FormerWishes } from './withoutFormerWishes.ts';
import { viewChart } from '../records/viewChart.ts';

/** A patient's device with the state of the former device. */
export interface RestoredPatient {
  readonly state: PatientState;
  /** Digests of grants that are on the ledger but not in the state: nobody knows their terms. */
  readonly unknown: readonly Bytes32[];
  /** Of a takeover: what was left out of a state that a lost key kept. */
  readonly left?: FormerWishes;
  /** Of a takeover: true if the ledger has epochs that the state does not give (`leaveForeignEpochs`). */
  readonly isForeign?: boolean;
}

/** The steps of a takeover, which only `takeOverChart` brings along: no page loads them that does none. */
export interface Takeover {
  readonly openForHeir: OpensForHeir;
  /** Takes of a state that a former key kept only what the chart needs; foreign epochs are told, in place of an error. */
  readonly withoutFormerWishes: (
    state: PatientState,
    grants: readonly Bytes32[],
  ) => { readonly state: PatientState; readonly left: FormerWishes };
}

/** No part of the chart: to verify the list of a long one would take longer than all the rest. */
const NOTHING = { from: 0, until: 0 } as const;

/**
 * Brings the state of the patient's devices to a device: a new one, or one that another was faster than. The seed is
 * enough. It gives the address; k coordinators confirm which chart the address controls; a view of the chart, which
 * becomes evidence, releases the state that nodes store, signed by the device that deposited it; k coordinators confirm
 * that they do not know a newer one; and the seed opens it. Then the ledger shows if it is complete: its keys must
 * give the recipients that the patient has committed to. Grants on the ledger and keys of past epochs that only this device knows
 * are added to it. A state that lies in clear on the device, as the version before stored it, counts for nothing beside it.
 *
 * @param party - Patient, opened from the phrase on a device that may be empty.
 * @param confirmed - Facts of the patient as a party that k coordinators have just confirmed; they are asked if absent.
 * @param takeover - The steps of a takeover; absent for any other restoring.
 * @throws MedsealError `NOT_FOUND` if the party controls no chart, or nodes have no state of it; `STATE_STALE` if the
 * agent's state is not the newest; `EPOCHS_FOREIGN`, with the state on the device, if somebody who acts for the patient committed to keys
 * that no state has (`leaveForeignEpochs`); `STATE_UNSIGNED` if no device of the patient signed it; `KEY_UNAUTHENTIC`;
 * `SEAL_UNREADABLE`; `TAKEOVER_DUE` if the authority recovered the key and `takeOverChart` has not run to its end.
 * @example
 * ```ts
 * const at = { network, agent, log: 'care/hospital', device };
 * const patient = await openParty({ ...webPorts, ...at, seed: phraseToSeed(phrase) });
 * const { state } = await restorePatient(patient);
 * console.log(`${state.grants.length} grants are back`);
 * ```
 */
export async function restorePatient(
  party: Party,
  confirmed?: Pick<PartyFacts, 'handle'>,
  takeover?: Takeover,
): Promise<RestoredPatient> {
  const { handle } = confirmed ?? (await confirmFacts(party, { party: party.address })).party ?? {};
  if (handle === undefined) throw notFound();
  const viewed = await viewChart(party, { handle, purpose: 'PATRQT', part: NOTHING });
  const recalled = await recallState(party);
  // Whoever writes the device's files may have chosen one that lies there in clear.
  const here = recalled?.under === 'none' ? undefined : recalled?.state;
  const erasing = here?.handle === handle ? here.erasing : undefined;
  const opened = await openNewest(party, handle, viewed, {
    erasing,
    openForHeir: takeover?.openForHeir,
  });
  if (opened === undefined) throw notFound();
  const sound = withSoundGrants(party, opened.state);
  requireOpens(party, handle, sound);
  const { patient, grants = [] } = await confirmFacts(party, { handle, grants: true });
  const stripped = opened.isOfFormer ? takeover?.withoutFormerWishes(sound, grants) : undefined;
  const { state = sound, left } = stripped ?? {};
  const isForeign =
    patient !== undefined &&
    // The turn past its span begins now, and excuses nothing that a lost key kept.
    (left === undefined
      ? await hasForeignEpochs(party, state, patient)
      : !(await givesCommitted(party, state.keyring, patient)));
  if (here !== undefined && here.revision > state.revision) throw stale();
  const whole = await withPastKeys(party, state, here, patient?.first ?? 0);
  const withGrants = joinGrants(whole, here, grants);
  const joined = redactedState(joinMandates(withGrants, here, patient?.mandates ?? []));
  await writePatientState(party, joined);
  // The device has the newest state all the same: from it the keys turn past them.
  if (isForeign && takeover === undefined) throw new MedsealError('EPOCHS_FOREIGN', {});
  const known = new Set(joined.grants.map(({ digest }) => digest));
  const unknown = grants.filter((digest) => !known.has(digest));
  return { state: joined, unknown, ...(left && { left }), ...(takeover && { isForeign }) };
}

/** Leaves out openings that are not those of their grants: whoever kept the state may have put another grantee there. */
function withSoundGrants(party: Party, state: PatientState): PatientState {
  const grants = state.grants.filter(({ grant, digest }) => {
    return digestOf(party, 'Grant', grant) === digest;
  });
  return grants.length === state.grants.length ? state : { ...state, grants };
}

/** Adds keys of past epochs that only this device has, unless the log says that they were erased. */
async function withPastKeys(
  party: Party,
  newest: PatientState,
  here: PatientState | undefined,
  first: number,
): Promise<PatientState> {
  const { handle } = newest;
  if (here?.handle !== handle) return newest;
  const known = { keyring: here.keyring, first };
  if (joinKeys(newest, { ...known, erasures: [] }) === newest) return newest;
  // Nodes show an erasure beside the records that it is of, so this takes the whole chart.
  const { erasures, records } = await viewChart(party, { handle, purpose: 'PATRQT' });
  return joinKeys(newest, { ...known, erasures, records });
}

/**
 * Tells whether somebody who acts for the patient, or had the lost key, committed to keys that no state has: the state is the newest by the word of k, and
 * devices keep keys before they commit to them. Without such a person a state that does not give all is stale.
 */
async function hasForeignEpochs(
  party: Party,
  { keyring }: PatientState,
  patient: PatientFacts,
): Promise<boolean> {
  // A device turns past such epochs (`leaveForeignEpochs`), and asks for the newest state meanwhile.
  if (isTurning(party, keyring, patient) || (await givesCommitted(party, keyring, patient)))
    return false;
  if (!hadOtherKeys(party, patient)) throw stale();
  return true;
}

function stale(): MedsealError {
  return new MedsealError('STATE_STALE', {});
}

function notFound(): MedsealError {
  return new MedsealError('NOT_FOUND', { what: 'patient' });
}
