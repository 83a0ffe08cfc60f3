import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { leaveForeignEpochs } from '../epochs/leaveForeignEpochs.ts';
import { turnFormerKeys } from '../epochs/turnFormerKeys.ts';
import { endUnknownMandates } from '../mandates/endUnknownMandates.ts';
import type { Party } from '../party/Party.ts';
import { adoptState } from '../state/adoptState.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';

/** The chart of a patient whose key the authority recovered. */
export interface ChartTakenOver {
  readonly handle: Handle;
  /** Number of rights that the patient gave and that the state knows: they go on. */
  readonly grants: number;
  /** Digests of rights on the ledger whose terms no device knows: whoever had the lost key can have given them. */
  readonly unknown: readonly Bytes32[];
  /** Digests of the mandates that ended, as the state does not know them. */
  readonly endedMandates: readonly Bytes32[];
}

/**
 * Gives a patient whose key the authority recovered the chart back: coordinators release what opens the newest state, which becomes evidence on
 * the chart; the state is kept for the new key alone, under a new span; mandates that it does not know end; and the keys turn, so that the
 * lost key opens nothing that is written from now on. Rights that stood go on. Safe to repeat, and after the keys turned it changes nothing but turns
 * them once more.
 *
 * @param party - The patient, as `finishRecovery` returns it.
 * @throws MedsealError `SEAL_UNREADABLE` if the newest state was not sealed ahead: whoever had the lost key can have kept such a one;
 * `RIGHT_MISSING` for a key that no recovery gave; `PARTY_SUSPENDED`; `RELEASE_PENDING`; as `restorePatient` and `turnFormerKeys`.
 * @example
 * ```ts
 * const seed = webPorts.random(32);
 * const guest = await openParty({ ...webPorts, network, agent, log: 'care/hospital', device, seed });
 * const file = await askRecovery(guest, { party: patient.address });
 * const progress = await finishRecovery(guest, file);
 * if (progress.state === 'finished' && progress.facts.handle !== undefined) {
 *   const { grants } = await takeOverChart(progress.party);
 *   console.log(`${grants} rights go on`);
 * }
 * ```
 */
export async function takeOverChart(party: Party): Promise<ChartTakenOver> {
  let isForeign = false;
  let unknown: readonly Bytes32[] = [];
  try {
    ({ unknown } = await restorePatient(party));
  } catch (error) {
    if (!isMedsealError(error, 'EPOCHS_FOREIGN')) throw error;
    // The device has the state all the same.
    isForeign = true;
  }
  const { handle, grants, mandates = [] } = await readPatientState(party);
  // Before the state is kept again: it is sealed to those who act.
  const known = mandates.map(({ digest }) => digest);
  const endedMandates = await endUnknownMandates(party, handle, known);
  await adoptState(party);
  if (isForeign) await leaveForeignEpochs(party);
  await turnFormerKeys(party);
  return { handle, grants: grants.length, unknown, endedMandates };
}
