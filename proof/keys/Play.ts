import { restorePatient } from '../../src/client/state/restorePatient.ts';
import { suspendParty } from '../../src/client/rights/suspendParty.ts';
import type { Signed } from '../../src/protocol/struct/requests.ts';
import { MAX_KEY_CHANGES } from '../../src/protocol/rights/keyAfter.ts';
import { changeRecipient } from '../../src/node/test/changeRecipient.ts';
import { doByDevice } from './doByDevice.ts';
import { dyingParty } from './dyingParty.ts';
import { learn } from './learn.ts';
import { pick, type Stage } from './Stage.ts';
import type { DeviceStep, Step } from './Step.ts';
import { writeByRight } from './writeByRight.ts';

/** Seconds between steps. */
const PAUSE = 2;

/** Does one step after another, and tells the model. */
export class Play {
  readonly #stage: Stage;

  /** @param stage - People, network and model. */
  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /**
   * Does a step.
   * @throws Error of a step that must not fail.
   */
  async step(step: Step): Promise<void> {
    const { at, model } = this.#stage;
    await at.wait(step.do === 'wait' ? step.seconds : PAUSE);
    model.tell(at.now);
    await at.until(this.#do(step));
    await learn(this.#stage);
    model.tell(at.now);
  }

  async #do(step: Step): Promise<void> {
    switch (step.do) {
      case 'wait':
        return;
      case 'trouble':
        return this.#stage.at.trouble(step.trouble);
      case 'suspend':
      case 'lift':
        return await this.#suspend(step.grantee, step.do === 'suspend');
      case 'change':
        return await this.#change(step.grantee);
      case 'restore':
        return await this.#restore(step.patient, step.alone);
      case 'renew':
        return await this.#renew(step.patient, step.which);
      case 'place':
        return await this.#place();
      case 'write':
        return await writeByRight(this.#stage, step);
      case 'add':
      case 'amend':
      case 'grant':
      case 'revoke':
      case 'refresh':
      case 'accept':
      case 'erase':
        return await this.#byDevice(step);
    }
  }

  async #byDevice(step: Extract<Step, DeviceStep>): Promise<void> {
    const { model, people } = this.#stage;
    const device = pick(people.patients[step.patient]?.devices ?? [], step.device);
    if (device === undefined) return;
    const { party, dead } = dyingParty(device, step.dies);
    const seen = await doByDevice(this.#stage, step, party).catch((error: unknown) => {
      if (!dead()) throw error;
      return 'nobody';
    });
    await learn(this.#stage);
    if (!dead() && seen !== 'nobody') model.connected(step.patient, seen === 'all');
  }

  /** The ledger takes those whose time is not over. */
  async #place(): Promise<void> {
    const { at, held } = this.#stage;
    const requests = held.withheld.splice(0).map(({ request }) => request as Signed<'Grant'>);
    if (requests.length === 0) return;
    await at.network.services().administrator.carry('Grant', requests);
  }

  async #suspend(number: number, suspended: boolean): Promise<void> {
    const { at, people, model } = this.#stage;
    const grantee = people.grantees[number];
    const anyone = people.patients[0]?.devices[0];
    if (grantee === undefined || anyone === undefined) return;
    if (model.suspended.has(number) === suspended) return;
    const party = grantee.party.address;
    await suspendParty(anyone, at.network.authorityKeys, { party, suspended });
    if (suspended) model.suspended.add(number);
    else model.suspended.delete(number);
  }

  async #change(number: number): Promise<void> {
    const { at, people, model } = this.#stage;
    const grantee = people.grantees[number];
    if (grantee === undefined || model.suspended.has(number)) return;
    grantee.party = await changeRecipient(at.network, grantee.party, model.changesOf(number) + 1);
    const { address, recipient, agent, keys } = grantee.party;
    grantee.adversary.has(keys.identity());
    await agent.keepCard({ party: address, recipient });
    model.changed(number);
  }

  async #renew(number: number, which: number): Promise<void> {
    const { people, model } = this.#stage;
    const patient = people.patients[number];
    const device = pick(patient?.devices ?? [], which);
    if (patient === undefined || device === undefined) return;
    if ((device.keyChanges ?? []).length >= MAX_KEY_CHANGES) return;
    await people.renew(patient, device);
    await learn(this.#stage);
    model.connected(number, false);
  }

  async #restore(number: number, alone: boolean): Promise<void> {
    const { people } = this.#stage;
    const patient = people.patients[number];
    if (patient === undefined) return;
    const device = people.newDevice(patient);
    await restorePatient(device);
    patient.devices = alone ? [device] : [...patient.devices, device];
  }
}
