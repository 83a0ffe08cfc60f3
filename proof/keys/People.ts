import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { changeKey } from '../../src/client/party/changeKey.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { memoryDevice } from '../../src/client/party/memoryDevice.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import type { Random } from '../../src/crypto/Random.ts';
import type { Address, Handle } from '../../src/protocol/ids.ts';
import type { Role } from '../../src/protocol/vocabulary.ts';
import { seededRandom, type TestNetwork } from '../../src/node/test/testNetwork.ts';
import { Adversary } from './Adversary.ts';
import type { NodesHeld } from './NodesHeld.ts';
import { GRANTEES, PATIENTS } from './Step.ts';

/** Organisations at which people have their devices; the others may be in trouble. */
const HOMES = ['hospital', 'laboratory'] as const;

/** A patient, with devices that live. */
export interface PatientAt {
  readonly handle: Handle;
  /** Not empty. */
  devices: readonly Party[];
  /** Thieves of the patient's former seeds. */
  readonly former: { readonly adversary: Adversary; readonly since: number }[];
}

/** A grantee, honest and as an adversary. */
export interface GranteeAt {
  /** At the present key. */
  party: Party;
  readonly adversary: Adversary;
}

/** People of a sequence. */
export class People {
  readonly patients: PatientAt[] = [];
  readonly grantees: GranteeAt[] = [];
  readonly #network: TestNetwork;
  readonly #held: NodesHeld;
  readonly #random: Random;

  /**
   * @param network - Their network.
   * @param held - Notes all that passes between them and nodes.
   * @param name - All of their randomness follows from it.
   */
  constructor(network: TestNetwork, held: NodesHeld, name: string) {
    this.#network = network;
    this.#held = held;
    this.#random = seededRandom(name);
  }

  /** Enrols them; each patient begins the first epoch. */
  async enrol(): Promise<void> {
    for (let number = 0; number < PATIENTS; number++) {
      const party = await this.#newcomer('patient', number);
      await commitEpochs(party, 3);
      const { handle } = await readPatientState(party);
      this.patients.push({ handle, devices: [party], former: [] });
    }
    for (let number = 0; number < GRANTEES; number++) {
      const party = await this.#newcomer('doctor', number);
      const adversary = new Adversary(this.#network.ports.cipher);
      adversary.has(party.keys.identity());
      this.grantees.push({ party, adversary });
    }
  }

  /** Number of the grantee with an address; undefined if it is another's. */
  granteeAt(address: Address): number | undefined {
    const found = this.grantees.findIndex(({ party }) => party.address === address);
    return found === -1 ? undefined : found;
  }

  /** Number of the patient with a handle. */
  patientOf(handle: Handle): number {
    return this.patients.findIndex((patient) => patient.handle === handle);
  }

  /** A device of a patient that knows nothing but the words. */
  newDevice(patient: PatientAt): Party {
    const [{ formerKeys: _forgotten, ...party }] = patient.devices as readonly [Party];
    return { ...party, device: memoryDevice() };
  }

  /**
   * Changes the key of a patient, whose other devices are of no use then, and lets a thief have the former seed.
   * @param patient - The patient.
   * @param party - The patient, at one of the devices.
   */
  async renew(patient: PatientAt, party: Party): Promise<void> {
    const { party: renewed } = await changeKey(party, this.#random(32));
    const adversary = new Adversary(this.#network.ports.cipher);
    adversary.stole(party.keys);
    patient.devices = [renewed];
    patient.former.push({ adversary, since: this.#held.files.size });
  }

  async #newcomer(role: Role, number: number): Promise<Party> {
    const organisation = HOMES[number % HOMES.length] ?? 'hospital';
    const agent = this.#held.watch(this.#network.agent(organisation));
    const [seed, device] = [this.#random(32), memoryDevice()];
    const options = { seed, organisation, device, agent, enrolled: false };
    const opened = await this.#network.party(role, options);
    const party = { ...opened, random: this.#random };
    await enrol(party, { role, organisation });
    return party;
  }
}
