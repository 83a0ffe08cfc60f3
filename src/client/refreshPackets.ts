import { seconds } from '../protocol/Clock.ts';
import type { PatientFacts } from '../protocol/facts.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { lastEpoch } from '../protocol/lastEpoch.ts';
import { commitMore } from './commitEpochs.ts';
import { confirmChart } from './confirmChart.ts';
import { keepPatientState } from './keepPatientState.ts';
import type { Party } from './Party.ts';
import type { PatientState } from './PatientState.ts';
import { planPackets, readersAmong, type PacketPlan } from './planPackets.ts';
import { sealNewVersions } from './sealNewVersions.ts';
import { sealPackets } from './sealPackets.ts';
import { withPatientState } from './withPatientState.ts';

/** How many more epochs are committed to than the known ends of rights need. */
const RESERVE = 8;

/** What a patient's device found to do when it connected. */
export interface PacketsRefreshed {
  /** How many packets were sealed. */
  readonly sealed: number;
  /** Digests of the grants that hold, but whose grantees nothing can be sealed to now. */
  readonly pending: readonly Bytes32[];
}

/**
 * What a patient's device does whenever it connects: it seals the keys that grantees are waiting for since the
 * patient's keys turned without the patient, or since a record was amended that was shared alone; seals ahead for ends
 * whose date is known; and commits to further epochs where those would run out.
 *
 * @param party - The patient.
 * @throws MedsealError with the code of what an agent refuses; `RULE_UNCONFIRMED`.
 */
export async function refreshPackets(party: Party): Promise<PacketsRefreshed> {
  return await withPatientState(party, async (known) => {
    const { patient, grants = [] } = await confirmChart(party, known, { grants: true });
    const readers = readersAmong(known.grants, grants, seconds(party.clock));
    const former = known.grants.filter((each) => !readers.includes(each));
    const due = Math.max(patient.epoch, ...former.map(({ sealedTo }) => sealedTo + 1));
    const state = await commitAsPlanned(party, known, patient, planPackets(readers, due));
    // Where the epochs had run out, the keys turn only now.
    const { epoch } = (await confirmChart(party, state)).patient;
    const ahead = await sealPackets(party, state, planPackets(readers, epoch).packets);
    const records = await sealNewVersions(party, ahead.state, grants, epoch);
    const packets = [...ahead.packets, ...records.packets];
    if (packets.length > 0) await keepPatientState(party, records.state, packets);
    return { sealed: packets.length, pending: [...ahead.pending, ...records.pending] };
  });
}

/**
 * Commits to more epochs where those that are committed to would not do for a plan.
 *
 * @param party - The patient.
 * @param state - What the device knows.
 * @param patient - The present epoch and commitment.
 * @param plan - What is to be prepared.
 * @returns What the device knows then.
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
