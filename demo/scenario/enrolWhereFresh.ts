import { confirmFacts } from '../../src/client/audit/confirmFacts.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import type { CastMember } from './Cast.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

/** Number of epochs that a new patient commits to. */
const EPOCHS = 4;

/**
 * Enrols an actor who is new; a step of its own.
 *
 * @param runner - Does and notes the step.
 * @param actor - The party at its device.
 */
export async function enrolWhereFresh(runner: StepRunner, actor: CastMember): Promise<void> {
  if (!actor.fresh) return;
  await runner.accepted(stepOf(`Enrolment of a ${actor.role}`, 'P1 AAA', actor), async () => {
    const { role, organisation, party } = actor;
    const { transaction } = await enrol(party, { role, organisation });
    return { value: undefined, txHash: transaction };
  });
}

/**
 * Commits to the keys of a patient's first epochs, unless the chart has an epoch.
 *
 * @param runner - Does and notes the step.
 * @param patient - The patient at its device, enrolled.
 */
export async function commitWhereFresh(runner: StepRunner, patient: CastMember): Promise<void> {
  const { handle } = await readPatientState(patient.party);
  const { patient: facts } = await confirmFacts(patient.party, { handle });
  if ((facts?.epoch ?? 0) > 0) return;
  await runner.accepted(
    stepOf('The patient commits to the keys of the coming epochs', 'beyond P2', patient),
    async () => {
      const { transaction } = await commitEpochs(patient.party, EPOCHS);
      return { value: undefined, txHash: transaction, detail: `${EPOCHS} epochs` };
    },
  );
}
