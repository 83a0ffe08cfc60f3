import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { handleOf } from '../../crypto/handleOf.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EpochsCommitted, PartyFacts, PatientFacts } from '../../protocol/evidence/facts.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { epochSheets } from '../epochs/epochSheets.ts';
import { givesServed } from '../epochs/givesServed.ts';
import { openNewest } from './openNewest.ts';
import type { Party } from '../party/Party.ts';
import { joinGrants } from './joinGrants.ts';
import {
  readPatientState,
  redactedState,
  writePatientState,
  type PatientState,
} from './PatientState.ts';
import { viewChart } from '../records/viewChart.ts';

/** A patient's device with the state of the former device. */
export interface RestoredPatient {
  readonly state: PatientState;
  /** Digests of grants that are on the ledger but not in the state: nobody knows their terms. */
  readonly unknown: readonly Bytes32[];
}

/** No part of the chart: to verify the list of a long one would take longer than all the rest. */
const NOTHING = { from: 0, until: 0 } as const;

/**
 * Brings the state of the patient's devices to a device: a new one, or one that another was faster than. The seed is
 * enough. It gives the address; k coordinators confirm which chart the address controls; a view of the chart, which
 * becomes evidence, releases the state that nodes store, signed by the device that deposited it; k coordinators confirm
 * that they do not know a newer one; and the seed opens it. Then the ledger shows if it is complete: its keys must
 * give the recipients that the patient has committed to. Grants on the ledger that only this device knows are added to it.
 *
 * @param party - Patient, opened from the phrase on a device that may be empty.
 * @param confirmed - Facts of the patient as a party that k coordinators have just confirmed; they are asked if absent.
 * @throws MedsealError `NOT_FOUND` if the party controls no chart, or nodes have no state of it; `STATE_STALE` if the
 * agent's state is not the newest; `STATE_UNSIGNED` if no device of the patient signed it; `KEY_UNAUTHENTIC`;
 * `SEAL_UNREADABLE`.
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
): Promise<RestoredPatient> {
  const { handle } = confirmed ?? (await confirmFacts(party, { party: party.address })).party ?? {};
  if (handle === undefined) throw notFound();
  const viewed = await viewChart(party, { handle, purpose: 'PATRQT', part: NOTHING });
  const state = await openNewest(party, handle, viewed);
  if (state === undefined) throw notFound();
  requireOpens(party, handle, state);
  const { patient, grants = [] } = await confirmFacts(party, { handle, grants: true });
  if (patient !== undefined) await requireWhole(party, state, patient);
  const here = await readPatientState(party).catch(unlessNew);
  if (here !== undefined && here.revision > state.revision) throw stale();
  const joined = redactedState(joinGrants(state, here, grants));
  await writePatientState(party, joined);
  const known = new Set(joined.grants.map(({ digest }) => digest));
  return { state: joined, unknown: grants.filter((digest) => !known.has(digest)) };
}

function requireOpens(party: Party, handle: Handle, { patientId, salt }: PatientState): void {
  const channel = logOf(party.network, party.log).channel.name;
  const opened = handleOf(party.primitives, { channel, patientId, salt: hexToBytes(salt) });
  if (bytesToHex(opened) !== handle) throw new MedsealError('KEY_UNAUTHENTIC', { what: 'handle' });
}

/** Requires that the keys give the recipients that the patient has committed to on the ledger. */
async function requireWhole(
  party: Party,
  state: PatientState,
  patient: PatientFacts,
): Promise<void> {
  if (await givesServed(party, state.keyring, patient)) return;
  const commitments: EpochsCommitted[] = [
    patient.next,
    patient.epoch > 0 ? patient : undefined,
  ].filter((each) => each !== undefined);
  for (const { first, count, root } of commitments) {
    const isGiven = async (guarded: boolean): Promise<boolean> => {
      const range = { first, count, guarded };
      const given = await epochSheets(party, state.keyring, range).catch(unlessMissing);
      return given.root === root;
    };
    // Epochs were prepared while the channel had a release key or had none, whatever it has now.
    if (!(await isGiven(true)) && !(await isGiven(false))) throw stale();
  }
}

function unlessMissing(error: unknown): { readonly root?: undefined } {
  if (isMedsealError(error, 'KEY_PENDING') || isMedsealError(error, 'RECORD_ERASED')) return {};
  throw error;
}

function unlessNew(error: unknown): undefined {
  if (!isMedsealError(error, 'NOT_FOUND')) throw error;
}

function stale(): MedsealError {
  return new MedsealError('STATE_STALE', {});
}

function notFound(): MedsealError {
  return new MedsealError('NOT_FOUND', { what: 'patient' });
}
