import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { leaveForeignEpochs } from '../epochs/leaveForeignEpochs.ts';
import { turnFormerKeys } from '../epochs/turnFormerKeys.ts';
import { endUnknownMandates } from '../mandates/endUnknownMandates.ts';
import type { Party } from '../party/Party.ts';
import { adoptState } from '../state/adoptState.ts';
import { recallState } from '../state/PatientState.ts';
import { openForHeir } from '../state/heirBox.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { withoutFormerWishes, type FormerWishes } from '../state/withoutFormerWishes.ts';

/** The chart of a patient whose key the authority recovered. */
export interface ChartTakenOver {
  readonly handle: Handle;
  /** Number of rights that the patient gave and that the state knows: they go on. */
  readonly grants: number;
  /** Digests of rights on the ledger whose terms no device knows: whoever had the lost key can have given them. */
  readonly unknown: readonly Bytes32[];
  /** Digests of the mandates that ended: all that stood. */
  readonly endedMandates: readonly Bytes32[];
  /** Parts that were not taken over from the state that the lost key kept: the patient makes them again. None once the state was adopted. */
  readonly left: FormerWishes;
}

const NOTHING: FormerWishes = { rules: [], devices: [], erasures: [], wills: 0 };

/**
 * Gives a patient whose key the authority recovered the chart back: coordinators release what opens the newest state, which becomes evidence on
 * the chart; all mandates end; what the chart needs of the state is kept for the new key alone, under a new span; and the keys turn, so that the
 * lost key opens nothing that is written from now on. Rights that stood go on. Rules, wills, names of devices and erasures under way are left out, as whoever
 * had the lost key can have put them there. Safe to repeat, and after the keys turned it changes nothing but turns
 * them once more.
 *
 * @param party - The patient, as `finishRecovery` returns it.
 * @throws MedsealError `NOT_FOUND` if the party controls no chart; `SEAL_UNREADABLE` if the newest state was not sealed ahead: whoever had the lost key can have kept such a one;
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
  const { party: facts } = await confirmFacts(party, { party: party.address });
  const handle = facts?.handle;
  if (facts === undefined || handle === undefined)
    throw new MedsealError('NOT_FOUND', { what: 'patient' });
  if (facts.suspended) throw new MedsealError('PARTY_SUSPENDED', {});
  // Before the state is asked for: a finder may act by one, and keep another state. Those that this device gave since stay.
  const here = await recallState(party);
  const known = here?.under === 'present' ? (here.state.mandates ?? []) : [];
  const kept = known.map(({ digest }) => digest);
  const endedMandates = await endUnknownMandates(party, handle, kept);
  const { state, unknown, left, isForeign } = await restorePatient(party, facts, {
    openForHeir,
    withoutFormerWishes,
  });
  await adoptState(party);
  if (isForeign === true) await leaveForeignEpochs(party);
  await turnFormerKeys(party);
  return { handle, grants: state.grants.length, unknown, endedMandates, left: left ?? NOTHING };
}
