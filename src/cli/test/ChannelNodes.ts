import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../../scripts/freePorts.ts';
import { fetchReceipt } from '../../client/audit/fetchReceipt.ts';
import { httpAgent } from '../../client/agent/httpAgent.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { enrol } from '../../client/party/enrol.ts';
import type { DeviceStore } from '../../client/party/DeviceStore.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import type { Receipt } from '../../protocol/evidence/evidence.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { askMedseal } from './askMedseal.ts';
import { runMedseal, type Ending, type Run } from './runMedseal.ts';
import { startNode, type RunningUp } from './startNode.ts';
import { successionAt } from './successionAt.ts';

const ports = await machinePorts();

/** By commands: a network of three in one process, and a channel on its ledger, in which each has a process of its own. */
export class ChannelNodes {
  readonly root: string;
  /** JSON-RPC of the first network's ledger. */
  readonly rpc: string;
  readonly #suite: Ending;
  readonly #doors = new Map<Organisation, { readonly port: number; readonly peerPort: number }>();
  readonly #nodes = new Map<Organisation, RunningUp>();

  private constructor(suite: Ending, root: string, rpc: string) {
    this.#suite = suite;
    this.root = root;
    this.rpc = rpc;
  }

  /**
   * Founds the network and the channel, admits the channel's accounts, and starts all.
   *
   * @param suite - Runs their ends.
   * @param root - An empty folder.
   * @param inside - The organisations of the channel; the first one founds it.
   */
  static async start(
    suite: Ending,
    root: string,
    inside: readonly Organisation[],
  ): Promise<ChannelNodes> {
    const [port = 0] = await freePorts(1);
    const all = new ChannelNodes(suite, root, `http://127.0.0.1:${port}`);
    const { care, exchange } = all;
    const organisations = ['--organisations', 'hospital,laboratory,insurer'];
    await all.medseal('init', '--data', care, ...organisations, '--plain-keys', '--yes');
    await all.#set(care, { ledger: { port } });
    await mkdir(exchange, { recursive: true });
    for (const name of inside) await all.identify(name, care);
    const [founder = '', ...others] = inside;
    const terms = ['--channel', 'research', '--categories', 'laboratory,vitals', '--delay', '5s'];
    const found = ['--found', '--unguarded', ...all.#at(founder), '--on', care];
    await all.medseal('init', ...found, ...terms, '--yes');
    for (const name of others) {
      await all.medseal('init', ...all.#at(name), '--on', care, '--yes');
    }
    await all.admit(join(exchange, 'accounts.json'));
    await startNode(suite, care, '--set', `ledger.port=${port}`);
    await Promise.all(inside.map(async (name) => await all.up(name)));
    return all;
  }

  /** The folder of the first network. */
  get care(): string {
    return join(this.root, 'care');
  }

  /** The folder in which the channel's organisations exchange files. */
  get exchange(): string {
    return join(this.root, 'research', 'exchange');
  }

  /** The folder of an organisation's node in the channel. */
  data(name: Organisation): string {
    return join(this.root, 'research', name);
  }

  /** The channel's first network file. */
  get network(): string {
    return join(this.data('hospital'), 'network.json');
  }

  /** Address of an organisation's node for parties. */
  url(name: Organisation): string {
    return `http://127.0.0.1:${this.#door(name).port}`;
  }

  /**
   * Makes a node's folder and identity file.
   *
   * @param name - The organisation.
   * @param on - The first network's folder, or its file, with which the ledger's address has to be set.
   * @param exchange - The folder for the identity file.
   */
  async identify(name: Organisation, on: string, exchange = this.exchange): Promise<void> {
    const [port = 0, peerPort = 0] = await freePorts(2);
    this.#doors.set(name, { port, peerPort });
    const own = ['--organisation', name, '--url', `https://127.0.0.1:${peerPort}`, '--plain-keys'];
    const where = ['--data', this.data(name), '--exchange', exchange];
    await this.medseal('init', ...own, ...where, '--on', on);
    await this.#set(this.data(name), {
      ...(on === this.care ? {} : { ledger: { url: this.rpc } }),
      authority: { accepts: 'everyone' },
    });
  }

  /** Admits accounts as the first network's organisations do. */
  async admit(accounts: string): Promise<void> {
    await this.medseal('channel', 'admit', accounts, '--data', this.care, '--yes');
  }

  /** Runs an organisation's node in the channel until it is ready. */
  async up(name: Organisation, data = this.data(name)): Promise<RunningUp> {
    const { port, peerPort } = this.#door(name);
    const set = ['--set', `listen.port=${port}`, '--set', `peers.port=${peerPort}`];
    const node = await startNode(this.#suite, data, ...set);
    this.#nodes.set(name, node);
    return node;
  }

  /** The running node of an organisation. */
  node(name: Organisation): RunningUp {
    return this.#nodes.get(name) ?? assert.fail(`${name} does not run`);
  }

  /** Reads the number of the network file that a node runs by. */
  async numberOf(name: Organisation): Promise<number | undefined> {
    return (await successionAt(this.node(name)))?.number;
  }

  /** Runs a command. */
  async run(...args: readonly string[]): Promise<Run> {
    return await runMedseal(...args);
  }

  /** Runs a command that must succeed, for its JSON. */
  async medseal<Value = Record<string, unknown>>(...args: readonly string[]): Promise<Value> {
    return await askMedseal<Value>(...args);
  }

  /** Opens a party at an organisation's node; with the seed and device of before, it is the same one. */
  async party(
    name: Organisation,
    seed = ports.random(32),
    device = memoryDevice(),
  ): Promise<Party> {
    const agent = httpAgent(`${this.url(name)}/${name}`);
    const network = await agent.network();
    return await openParty({ ...ports, seed, network, agent, log: `research/${name}`, device });
  }

  /** Enrols a patient at an organisation's node. */
  async patient(
    name: Organisation,
    ...own: [seed?: Uint8Array, device?: DeviceStore]
  ): Promise<Party> {
    const patient = await this.party(name, ...own);
    await enrol(patient, { role: 'patient', organisation: name });
    await commitEpochs(patient, 2);
    return patient;
  }

  #door(name: Organisation): { readonly port: number; readonly peerPort: number } {
    return this.#doors.get(name) ?? assert.fail(`${name} has no address`);
  }

  #at(name: Organisation): readonly string[] {
    return ['--data', this.data(name), '--exchange', this.exchange];
  }

  async #set(data: string, more: Readonly<Record<string, unknown>>): Promise<void> {
    const file = join(data, 'medseal.json');
    const settings = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...settings, ...more }));
  }
}

/** Adds a result to the patient's own chart, and waits for its receipt. */
export async function addResult(patient: Party, text: string): Promise<Receipt> {
  const { handle } = await readPatientState(patient);
  const record = { handle, content: utf8ToBytes(text), purpose: 'PATRQT' } as const;
  const { acknowledgement } = await addRecord(patient, { ...record, category: 'laboratory' });
  return await fetchReceipt(patient, acknowledgement);
}

/** Waits until something is so. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const late = Date.now() + 120_000;
  while (!(await isSo())) {
    assert.ok(Date.now() < late, `${what} takes too long`);
    await sleep(100);
  }
}
