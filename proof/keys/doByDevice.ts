import { acceptRecipient } from '../../src/client/rights/acceptRecipient.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { eraseKeys } from '../../src/client/epochs/eraseKeys.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { listChangedRecipients } from '../../src/client/rights/listChangedRecipients.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { refreshPackets } from '../../src/client/epochs/refreshPackets.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import { fromProblem } from '../../src/errors/fromProblem.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { learn } from './learn.ts';
import { newNote, pick, type Stage } from './Stage.ts';
import type { DeviceStep, GrantStep, Step } from './Step.ts';

/**
 * Does a step at a device of the patient that it names.
 *
 * @param stage - People, network and model.
 * @param step - The step.
 * @param party - The patient at the device; it may die.
 * @returns Whose keys it renewed: those of all who may read, those too of readers of a single record, or nobody's.
 * @throws Error with which the device died, or of a step that must not fail.
 */
export async function doByDevice(
  stage: Stage,
  step: Extract<Step, DeviceStep>,
  party: Party,
): Promise<'readers' | 'all' | 'nobody'> {
  const { model, people } = stage;
  const patient = people.patients[step.patient];
  if (patient === undefined) return 'nobody';
  const own = { handle: patient.handle, purpose: 'PATRQT' } as const;
  switch (step.do) {
    case 'add':
      await addRecord(party, { ...own, category: step.category, content: newNote(stage) });
      return 'nobody';
    case 'amend': {
      const lines = model.newest(step.patient).filter(({ begunBy }) => begunBy === party.address);
      const amends = pick(lines, step.which);
      if (amends === undefined) return 'nobody';
      const { category } = amends;
      await addRecord(party, { ...own, category, content: newNote(stage), amends });
      return 'nobody';
    }
    case 'grant': {
      if (step.withheld !== true) return (await grant(stage, step, party)) ? 'readers' : 'nobody';
      await withhold(stage, async () => void (await grant(stage, step, party)));
      return 'nobody';
    }
    case 'revoke': {
      const active = model.rights.filter(
        (right) => right.patient === step.patient && right.state === 'active',
      );
      const right = pick(active, step.which);
      if (right === undefined) return 'nobody';
      await revokeRight(party, right.digest);
      return 'readers';
    }
    case 'refresh':
      await refreshPackets(party);
      return 'all';
    case 'accept':
      await accept(stage, step.patient, party);
      return 'nobody';
    case 'erase': {
      const category = pick(model.newest(step.patient), step.which)?.category;
      if (category === undefined) return 'nobody';
      try {
        model.erased(step.patient, category, await eraseKeys(party, category), 'yes');
      } catch (error) {
        await learn(stage);
        model.erased(step.patient, category, Infinity, 'perhaps');
        throw error;
      }
      return 'all';
    }
  }
}

/** Gives a right, unless there is a reason why not. */
async function grant({ people, model }: Stage, step: GrantStep, party: Party): Promise<boolean> {
  const grantee = people.grantees[step.grantee];
  if (grantee === undefined) return false;
  const shared = step.one === undefined ? undefined : pick(model.newest(step.patient), step.one);
  if (step.one !== undefined && shared === undefined) return false;
  const from = model.now + step.from;
  const given = grantRight(party, {
    grantee: grantee.party.address,
    categories: shared === undefined ? step.categories : [shared.category],
    actions: step.actions,
    purpose: 'TREAT',
    ...(step.from > 0 && { from }),
    until: from + step.lasting,
    ...(shared && { record: shared.record }),
  });
  const refusals: string[] = [];
  if (step.actions.includes('read')) {
    if (model.suspended.has(step.grantee)) refusals.push('PARTY_SUSPENDED');
    if (model.changesOf(step.grantee) > 0) refusals.push('RECIPIENT_CHANGED');
    const versions = model.files.filter(({ record }) => record === shared?.record);
    if (versions.some(({ erased }) => erased !== 'no')) refusals.push('RECORD_ERASED');
  }
  try {
    await given;
    return true;
  } catch (error) {
    if (!isMedsealError(error) || !refusals.includes(error.code)) throw error;
    return false;
  }
}

/** Does what gives a right, by an agent that withholds it from the ledger. */
async function withhold({ at, held }: Stage, run: () => Promise<void>): Promise<void> {
  held.withhold = async (submission) => {
    for (const organisation of at.network.keys.keys()) {
      // The packet may be refused that came too late; then it is sealed again.
      const { contributor } = at.network.services(organisation);
      const [refused] = await contributor.keepRules([submission]);
      if (refused !== undefined) throw fromProblem(refused.problem);
    }
    held.withheld.push(submission);
    throw new MedsealError('PEER_UNREACHABLE', { peer: 'a lying agent' });
  };
  try {
    await run();
  } catch (error) {
    if (!isMedsealError(error, 'PEER_UNREACHABLE')) throw error;
  } finally {
    held.withhold = undefined;
  }
}

async function accept({ people, model }: Stage, patient: number, party: Party): Promise<void> {
  for (const changed of await listChangedRecipients(party)) {
    const grantee = people.granteeAt(changed.grantee);
    if (!changed.offered || grantee === undefined) continue;
    model.accepting(patient, grantee);
    await acceptRecipient(party, changed);
    model.accepted(patient, grantee);
  }
}
