import { commitEpochs } from '../../../src/client/epochs/commitEpochs.ts';
import { changeKey } from '../../../src/client/party/changeKey.ts';
import { enrol } from '../../../src/client/party/enrol.ts';
import { openParty, type Party } from '../../../src/client/party/Party.ts';
import { readPatientState } from '../../../src/client/state/PatientState.ts';
import { restorePatient } from '../../../src/client/state/restorePatient.ts';
import type { Random } from '../../../src/crypto/Random.ts';
import type { Handle, Organisation } from '../../../src/protocol/ids.ts';
import type { Role } from '../../../src/protocol/vocabulary.ts';
import type { TestNetwork } from '../../../src/node/test/testNetwork.ts';
import { SimulatedDevice } from '../SimulatedDevice.ts';

/** Epochs that a patient commits to at first. */
const EPOCHS = 8;

/** Somebody whose device outlives the programs on it, and whose program starts again under each network file. */
export class YearPerson {
  /** The party as the program of today has it. */
  party: Party;
  organisation: Organisation;
  readonly #network: TestNetwork;
  #seeds: readonly Uint8Array[];

  private constructor(
    network: TestNetwork,
    organisation: Organisation,
    party: Party,
    seed: Uint8Array,
  ) {
    this.#network = network;
    this.organisation = organisation;
    this.party = party;
    this.#seeds = [seed];
  }

  /**
   * Enrols somebody.
   * @param network - The network.
   * @param role - The role.
   * @param organisation - Organisation whose agent answers.
   * @param random - For the seed.
   */
  static async enrol(
    network: TestNetwork,
    role: Role,
    organisation: Organisation,
    random: Random,
  ): Promise<YearPerson> {
    const seed = random(32);
    const party = await opened(network, organisation, [seed], new SimulatedDevice());
    await enrol(party, { role, organisation });
    if (role === 'patient') await commitEpochs(party, EPOCHS);
    return new YearPerson(network, organisation, party, seed);
  }

  /** Starts the program again, under the network file of now. */
  async startAgain(): Promise<void> {
    const { address, device } = this.party;
    this.party = await opened(this.#network, this.organisation, this.#seeds, device, address);
  }

  /** Goes to another organisation. */
  async moveTo(organisation: Organisation): Promise<void> {
    this.organisation = organisation;
    await this.startAgain();
  }

  /** Loses the device; a new one knows the words of the present key alone. */
  async restore(): Promise<void> {
    const { address } = this.party;
    this.#seeds = this.#seeds.slice(0, 1);
    const device = new SimulatedDevice();
    this.party = await opened(this.#network, this.organisation, this.#seeds, device, address);
    await restorePatient(this.party);
  }

  /** Changes the key. */
  async changeKey(seed: Uint8Array): Promise<void> {
    const { party } = await changeKey(this.party, seed);
    this.#seeds = [seed, ...this.#seeds];
    this.party = party;
  }

  /** The handle of a patient. */
  async handle(): Promise<Handle> {
    return (await readPatientState(this.party)).handle;
  }
}

/** Opens a party by its present seed, the first, and former ones. */
async function opened(
  network: TestNetwork,
  organisation: Organisation,
  [seed = new Uint8Array(), ...formerSeeds]: readonly Uint8Array[],
  device: Party['device'],
  address?: Party['address'],
): Promise<Party> {
  return await openParty({
    ...network.ports,
    network: network.file,
    agent: network.agent(organisation),
    log: `care/${organisation}`,
    seed,
    formerSeeds,
    device,
    ...(address && { address }),
  });
}
