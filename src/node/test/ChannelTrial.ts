import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchReceipt } from '../../client/audit/fetchReceipt.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { enrol } from '../../client/party/enrol.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { machinePorts, type NodePorts } from '../../folder/NodePorts.ts';
import { openFolder } from '../../folder/openFolder.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { Receipt } from '../../protocol/evidence/evidence.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Category, Role } from '../../protocol/vocabulary.ts';
import { admitAccount } from '../founding/admissions.ts';
import { foundFromFiles, joinFromFiles } from '../founding/ceremony.ts';
import { scratchFolder } from './scratchFolder.ts';
import { TrialNodes } from './TrialNodes.ts';

/** The organisations of the first network; the first one keeps the ledger. */
export const ALL = ['hospital', 'laboratory', 'insurer'] as const;
/** Those of them that are in the channel. */
export const INSIDE = ['hospital', 'laboratory'] as const;
/** One day, in seconds. */
export const DAY = 24 * 3600;

/** A network of three, and a channel of two of them on its ledger; everybody's clock can be put ahead. */
export class ChannelTrial {
  /** Nodes of the first network. */
  readonly care: TrialNodes;
  /** Nodes of the channel. */
  readonly research: TrialNodes;
  readonly ports: NodePorts;
  /** JSON-RPC of the ledger on the machine of each organisation. */
  readonly ledgers = new Map<Organisation, string>();
  readonly #root: string;
  #ahead = 0;
  #network: NetworkFile | undefined;
  #channel: NetworkFile | undefined;

  private constructor(root: string, machine: NodePorts) {
    const clock: Clock = {
      now: () => machine.clock.now() + 1000 * this.#ahead,
      after: (milliseconds, run) => machine.clock.after(milliseconds, run),
    };
    this.ports = { ...machine, clock };
    this.#root = root;
    this.care = new TrialNodes(join(root, 'care'), this.ports);
    this.research = new TrialNodes(join(root, 'research'), this.ports);
  }

  /** Runs the first network, whose nodes pass the ledger on, and has the channel's organisations write their identity files. */
  static async open(): Promise<ChannelTrial> {
    const trial = new ChannelTrial(await scratchFolder(), await machinePorts());
    const { care, research } = trial;
    await care.listen(ALL);
    await research.listen(ALL);
    trial.#network = await care.found(ALL);
    await mkdir(research.exchange, { recursive: true });
    for (const name of INSIDE) {
      await research.inFolder(name, async (folder) => await research.identify(folder));
    }
    await care.startAll(ALL);
    for (const name of ALL) trial.ledgers.set(name, await care.serveLedger(name));
    return trial;
  }

  /** The same with the channel founded, admitted, and running. */
  static async openRunning(): Promise<ChannelTrial> {
    const trial = await ChannelTrial.open();
    await trial.found(trial.network);
    await trial.join(trial.network);
    for (const name of ALL) await trial.admit(name);
    await trial.care.at('hospital').settle();
    await trial.start();
    return trial;
  }

  /** The first network's file. */
  get network(): NetworkFile {
    return this.#network ?? assert.fail('no network was founded');
  }

  /** The channel's first network file. */
  get channel(): NetworkFile {
    return this.#channel ?? assert.fail('no channel was founded');
  }

  /** Puts everybody's clock ahead, by seconds. */
  pass(time: number): void {
    this.#ahead += time;
  }

  /** Has the hospital found the channel on the ledger of a network. */
  async found(on: NetworkFile | undefined, name = 'research'): Promise<NetworkFile> {
    this.#channel = await this.research.inFolder('hospital', async (folder) => {
      return await foundFromFiles(folder, this.research.exchange, this.ports, {
        on,
        unguarded: true,
        channel: name,
        categories: ['laboratory', 'vitals'],
        thresholds: { writes: 2, views: 2 },
        longestRight: 90 * DAY,
      });
    });
    return this.#channel;
  }

  /** Has the laboratory take the channel's network file. */
  async join(on: NetworkFile | undefined): Promise<NetworkFile> {
    return await this.research.inFolder('laboratory', async (folder) => {
      return await joinFromFiles(folder, this.research.exchange, this.ports, { on });
    });
  }

  /** Admits accounts as the operator of an organisation's member of the first network's authority does. */
  async admit(at: Organisation, accounts = this.channel.founders ?? []): Promise<void> {
    const files = await openFolder(`${this.care.path(at)}/authority/${at}`);
    for (const { organisation, sender: account } of accounts) {
      await admitAccount(files, { organisation, account });
    }
  }

  /** Starts the channel's nodes, and lets them settle. */
  async start(): Promise<void> {
    await this.research.startAll(INSIDE, this.ledgers);
  }

  /** Opens a party of an organisation's node. */
  async party(nodes: TrialNodes, name: Organisation, seed = this.ports.random(32)): Promise<Party> {
    const { file } = nodes.at(name);
    const log = `${file.channels[0]?.name}/${name}`;
    const place = { agent: nodes.agentOf(name), log, device: memoryDevice() };
    return await openParty({ ...this.ports, ...place, seed, network: file });
  }

  /** Opens a party and has it enrolled. */
  async enrolled(nodes: TrialNodes, name: Organisation, role: Role): Promise<Party> {
    const party = await this.party(nodes, name);
    await enrol(party, { role, organisation: name });
    if (role === 'patient') await commitEpochs(party, 3);
    return party;
  }

  /** Stops all nodes and removes their folders. */
  async close(): Promise<void> {
    await this.research.close();
    await this.care.close();
    await rm(this.#root, { recursive: true });
  }
}

/** Adds a record to the patient's own chart. */
export async function addText(
  patient: Party,
  text: string,
  category: Category = 'laboratory',
): Promise<Receipt> {
  const { handle } = await readPatientState(patient);
  const content = utf8ToBytes(text);
  const record = { handle, category, content, purpose: 'PATRQT' } as const;
  const { acknowledgement } = await addRecord(patient, record);
  return await fetchReceipt(patient, acknowledgement);
}
