import { moveParty } from '../../src/client/care/inbox/moveParty.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import type { Party } from '../../src/client/party/Party.ts';
import type { Organisation } from '../../src/protocol/ids.ts';
import type { NetworkFile } from '../../src/protocol/network/NetworkFile.ts';
import type { CareCast } from './Cast.ts';
import { stepOf as step } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

/**
 * Plays a patient's move to the node of the laboratory's organisation and back, and what it must refuse.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The patient and the laboratory, who are enrolled; nothing is played if both are of one organisation.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function moveScenario(
  runner: StepRunner,
  { patient, laboratory }: Pick<CareCast, 'patient' | 'laboratory'>,
): Promise<void> {
  const to = laboratory.organisation;
  if (to === patient.organisation) return;
  const { agent, log } = laboratory.party;
  const there: Party = { ...patient.party, agent, log };
  await runner.refused(
    step('The patient moves to an organisation that left the network', 'beyond P2', patient),
    ['MOVE_REFUSED'],
    async () => await moveParty({ ...there, network: without(there.network, to) }),
  );
  await runner.accepted(
    step(`The patient moves to the node of ${to}`, 'beyond P2', patient),
    async () => {
      await moveParty(there);
      return { value: undefined, detail: 'the patient’s other devices hear of it by letter' };
    },
  );
  await runner.accepted(
    step('The patient reads the chart there, as before', 'beyond P2', patient),
    async () => {
      const { handle } = await readPatientState(there);
      const { acknowledgement, records } = await readChart(there, { handle, purpose: 'PATRQT' });
      const detail = `${records.length} record versions`;
      return { value: undefined, detail, evidence: acknowledgement };
    },
  );
  await runner.accepted(
    step('The patient moves back to their own organisation', 'beyond P2', patient),
    async () => {
      await moveParty(patient.party);
      return { value: undefined };
    },
  );
}

/** The network file as it is once an organisation has left. */
function without(network: NetworkFile, name: Organisation): NetworkFile {
  const channels = network.channels.map((channel) => ({
    ...channel,
    coordinators: channel.coordinators.filter(({ organisation }) => organisation !== name),
  }));
  return { ...network, channels };
}
