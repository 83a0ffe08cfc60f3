import { seconds } from '../../protocol/Clock.ts';
import type { PatientFacts } from '../../protocol/evidence/facts.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { lastEpoch } from '../../protocol/rights/lastEpoch.ts';
import { commitMore } from './commitEpochs.ts';
import { confirmChart } from '../records/confirmChart.ts';
import { enterErasures } from './enterErasures.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import type { Party } from '../party/Party.ts';
import type { PatientState } from '../state/PatientState.ts';
import { planPackets, readersAmong, type PacketPlan } from './planPackets.ts';
import { sealNewVersions } from '../records/sealNewVersions.ts';
import { sealPackets } from './sealPackets.ts';
import { withoutEnded } from '../state/withoutEnded.ts';
import { withPatientState } from '../state/withPatientState.ts';

/** Number of epochs to commit to beyond those that the known ends of rights need. */
const RESERVE = 8;

/** Result of `refreshPackets`. */
export interface PacketsRefreshed {
  /** Number of packets that were sealed. */
  readonly sealed: number;
  /** Digests of the grants that hold, but to whose grantees nothing can be sealed now. */
  readonly pending: readonly Bytes32[];
}

/**
 * Brings the packets of a patient up to date, whenever the patient's device connects: it seals the keys that grantees
 * are waiting for since the patient's keys turned without the patient, or since a record was amended that was shared
 * alone; seals ahead for ends whose date is known; commits to further epochs before they run out; takes the openings of ended
 * rights out of the state; and enters erasures that were broken off after their keys were destroyed.
 *
 * @param party - The patient.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `STATE_STALE` if another device of the
 * patient was faster each time; `ANSWER_DISPUTED` if fewer than k organisations store the state; `KEY_UNAUTHENTIC`,
 * `RULE_REFUSED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const { sealed, pending } = await refreshPackets(patient);
 * console.log(`${sealed} packets sealed, ${pending.length} grants wait for their grantee`);
 * ```
 */
export async function refreshPackets(party: Party): Promise<PacketsRefreshed> {
  const refreshed = await withPatientState(party, async (known) => {
    const { patient, grants = [] } = await confirmChart(party, known, { grants: true });
    const readers = readersAmong(known.grants, grants, seconds(party.clock));
    const former = known.grants.filter((each) => !readers.includes(each));
    const due = Math.max(patient.epoch, ...former.map(({ sealedTo }) => sealedTo + 1));
    const state = await commitAsPlanned(party, known, patient, planPackets(readers, due));
    // If the epochs had run out, the keys turn only now.
    const { epoch } = (await confirmChart(party, state)).patient;
    const ahead = await sealPackets(party, state, planPackets(readers, epoch).packets);
    const records = await sealNewVersions(party, ahead.state, grants, epoch);
    const packets = [...ahead.packets, ...records.packets];
    const left = withoutEnded(records.state, { active: grants, epoch, now: seconds(party.clock) });
    if (packets.length > 0 || left !== records.state) await keepPatientState(party, left, packets);
    return { sealed: packets.length, pending: [...ahead.pending, ...records.pending] };
  });
  await enterErasures(party);
  return refreshed;
}

/**
 * Commits to more epochs if the present commitment does not suffice for a plan.
 *
 * @param party - The patient.
 * @param state - The patient's state on the device.
 * @param patient - The present epoch and commitment.
 * @param plan - Packets and commitment to prepare.
 * @returns The new state.
 */
export async function commitAsPlanned(
  party: Party,
  state: PatientState,
  patient: PatientFacts,
  plan: Pick<PacketPlan, 'lastEpoch'>,
): Promise<PatientState> {
  if (plan.lastEpoch <= lastEpoch(patient)) return state;
  const count = plan.lastEpoch - patient.epoch + RESERVE;
  return (await commitMore(party, state, patient.epoch, count)).state;
}
