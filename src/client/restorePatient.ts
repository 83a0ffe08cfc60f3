import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import { handleOf } from '../crypto/handleOf.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { EpochsCommitted, PatientFacts } from '../protocol/facts.ts';
import type { Bytes32, Handle } from '../protocol/ids.ts';
import { logOf } from '../protocol/networkLookups.ts';
import { confirmFacts } from './confirmFacts.ts';
import { epochSheets } from './epochSheets.ts';
import { openNewest } from './openNewest.ts';
import type { Party } from './Party.ts';
import { readPatientState, writePatientState, type PatientState } from './PatientState.ts';
import { viewChart } from './viewChart.ts';

/** A patient's device that knows again what the one before knew. */
export interface RestoredPatient {
  readonly state: PatientState;
  /** Digests of grants that stand on the ledger and are not in the state: nobody knows what they give. */
  readonly unknown: readonly Bytes32[];
}

/**
 * Gives a patient's device what the patient's devices know: a new one, or one that another was faster than. The seed
 * is enough. It gives the address; k coordinators confirm which chart that controls; a view of it, which becomes
 * evidence, releases the state that nodes keep, with the signature of the device that had it kept; k coordinators say
 * that they know no newer one; and the seed opens that. Then the ledger tells whether it is whole:
 * its salts must give the recipients that the patient has committed to.
 *
 * @param party - The patient, opened from the phrase on a device that may know nothing.
 * @throws MedsealError `NOT_FOUND` if the party controls no chart, or nothing was kept for it; `STATE_STALE` if
 * what the agent gives is not the newest; `STATE_UNSIGNED` if none of the patient's devices had it kept.
 */
export async function restorePatient(party: Party): Promise<RestoredPatient> {
  const { handle } = (await confirmFacts(party, { party: party.address })).party ?? {};
  if (handle === undefined) throw notFound();
  const state = await openNewest(
    party,
    handle,
    await viewChart(party, { handle, purpose: 'PATRQT' }),
  );
  if (state === undefined) throw notFound();
  requireOpens(party, handle, state);
  const { patient, grants = [] } = await confirmFacts(party, { handle, grants: true });
  if (patient !== undefined) await requireWhole(party, state, patient);
  const here = await readPatientState(party).catch(unlessNew);
  if (here !== undefined && here.revision > state.revision) throw stale();
  await writePatientState(party, state);
  const known = new Set(state.grants.map(({ digest }) => digest));
  return { state, unknown: grants.filter((digest) => !known.has(digest)) };
}

function requireOpens(party: Party, handle: Handle, { patientId, salt }: PatientState): void {
  const channel = logOf(party.network, party.log).channel.name;
  const opened = handleOf(party.primitives, { channel, patientId, salt: hexToBytes(salt) });
  if (bytesToHex(opened) !== handle) throw new MedsealError('KEY_UNAUTHENTIC', { what: 'handle' });
}

/** Checks that the salts give what the patient has committed to on the ledger. */
async function requireWhole(
  party: Party,
  state: PatientState,
  patient: PatientFacts,
): Promise<void> {
  const commitments: EpochsCommitted[] = [
    patient.next,
    patient.epoch > 0 ? patient : undefined,
  ].filter((each) => each !== undefined);
  for (const commitment of commitments) {
    const { root } = await epochSheets(party, state.keyring, commitment).catch(unlessMissing);
    if (root !== commitment.root) throw stale();
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
