import assert from 'node:assert/strict';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { freePorts } from '../../../scripts/freePorts.ts';
import { startFakeS3 } from '../../vault/test/startFakeS3.ts';
import { askMedseal } from './askMedseal.ts';
import { temporaryFolder, type Ending } from './runMedseal.ts';
import { startNode, type RunningUp } from './startNode.ts';
import { WatchedNode, type LogLine } from './WatchedNode.ts';

/** Ports of a machine's node. */
interface MachineDoors {
  readonly port: number;
  readonly peers: number;
  readonly operate: number;
}

/** Options of `StandbyMachines.found`. */
export interface MachinesOptions<Machine extends string> {
  readonly machines: readonly [Machine, ...Machine[]];
  /** URL of the database, and the file with its password. */
  readonly database: { readonly url: string; readonly password: string };
  /** Seconds. */
  readonly lease: number;
  /** Further settings of all nodes. */
  readonly settings?: Readonly<Record<string, object>>;
}

/**
 * An organisation, the laboratory, whose node runs on one of several machines, with stores in PostgreSQL, secrets in a folder that
 * they share and sealed files in S3. Addresses in front of them, for people and for other organisations, go to the one that took over last. The other
 * organisation, the hospital, keeps the ledger.
 */
export class StandbyMachines<Machine extends string> {
  /** Folder of everything: those of the machines have their names, and `secrets` is shared. */
  readonly root: string;
  /** The machine to which the addresses in front go. */
  writer: Machine;
  readonly #end: Ending;
  readonly #options: MachinesOptions<Machine>;
  readonly #nodes = new Map<Machine, WatchedNode>();
  readonly #doors: ReadonlyMap<Machine, MachineDoors>;
  readonly #passing = new Set<Socket>();
  #hospital: RunningUp | undefined;
  /** Port in front for people. */
  #people = 0;

  private constructor(
    end: Ending,
    root: string,
    options: MachinesOptions<Machine>,
    doors: ReadonlyMap<Machine, MachineDoors>,
  ) {
    [this.#end, this.root, this.#options, this.#doors] = [end, root, options, doors];
    this.writer = options.machines[0];
  }

  /**
   * Founds the network, and starts the hospital. Each machine's node was never up, or is stopped.
   *
   * @param end - Ends everything.
   * @param options - The machines and their database.
   */
  static async found<Machine extends string>(
    end: Ending,
    options: MachinesOptions<Machine>,
  ): Promise<StandbyMachines<Machine>> {
    const root = await temporaryFolder(end);
    const doors = new Map<Machine, MachineDoors>();
    for (const machine of options.machines) {
      const [port = 0, peers = 0, operate = 0] = await freePorts(3);
      doors.set(machine, { port, peers, operate });
    }
    const made = new StandbyMachines(end, root, options, doors);
    await made.#begin();
    return made;
  }

  /** The hospital's node. */
  get hospital(): RunningUp {
    return this.#hospital ?? assert.fail('the hospital does not run');
  }

  /** Ports of a machine. */
  doorOf(machine: Machine): MachineDoors {
    return this.#doors.get(machine) ?? assert.fail(machine);
  }

  /** The node that a machine ran last. */
  nodeOf(machine: Machine): WatchedNode {
    return this.#nodes.get(machine) ?? assert.fail(`${machine} does not run`);
  }

  /** File with the password of the database at a machine. */
  passwordOf(machine: Machine): string {
    return `${this.root}/password-${machine}`;
  }

  /** Address at which people reach the organisation. */
  get agents(): string {
    return `http://127.0.0.1:${this.#people}/laboratory`;
  }

  /**
   * Starts the node of a machine.
   * @param onLine - Called with each line of its log.
   */
  up(machine: Machine, onLine?: (line: LogLine) => void): WatchedNode {
    const args = ['--data', `${this.root}/${machine}`, '--standby'];
    const node = new WatchedNode(this.#end, args, onLine);
    this.#nodes.set(machine, node);
    return node;
  }

  /** Resolves once a machine waits for the lease. */
  async waits(machine: Machine): Promise<void> {
    await this.nodeOf(machine).said('waiting as standby', { code: 'DATABASE_LOCKED' });
  }

  /** Resolves once a machine has taken over; the front then goes to it, and leaves the former one at once. */
  async takenOver(machine: Machine): Promise<Machine> {
    await this.nodeOf(machine).said('takes over');
    this.lead(machine);
    return machine;
  }

  /** Has the front go to a machine, and leave the former one at once. */
  lead(machine: Machine): void {
    this.writer = machine;
    for (const each of this.#passing) each.destroy();
  }

  async #begin(): Promise<void> {
    const { root } = this;
    const { machines } = this.#options;
    const s3 = await startFakeS3();
    this.#end.after(async () => await s3.stop());
    await mkdir(`${root}/exchange`);
    await mkdir(`${root}/secrets`, { mode: 0o700 });
    const [front = 0, people = 0, hospital = 0] = await freePorts(3);
    await this.#listenInFront(front, 'peers');
    await this.#listenInFront(people, 'port');
    this.#people = people;
    const [first] = machines;
    await this.#found({ laboratory: front, hospital }, first);
    const credentials = `${root}/s3`;
    await writeFile(credentials, 'aws_access_key_id=a\naws_secret_access_key=b\n', { mode: 0o600 });
    const vault = { store: `s3:${s3.url}/sealed`, credentials };
    await this.#configure(first, vault);
    const { settings = {} } = this.#options;
    const further = Object.entries(settings).flatMap(([part, each]) =>
      Object.entries(each).flatMap(([name, value]) => ['--set', `${part}.${name}=${value}`]),
    );
    const set = ['--set', `peers.port=${hospital}`, '--set', 'authority.accepts=everyone'];
    const starting = startNode(this.#end, `${root}/hospital`, ...set, ...further);
    const node = this.up(first);
    const [running] = await Promise.all([starting, node.said('ready')]);
    this.#hospital = running;
    // A folder is copied once its node knows its stores.
    await node.stop();
    for (const machine of machines.slice(1)) {
      await cp(`${root}/${first}`, `${root}/${machine}`, { recursive: true });
      await this.#configure(machine, vault);
    }
  }

  /** Stands at an address of the organisation, before the machine that is the writer. */
  async #listenInFront(port: number, door: 'port' | 'peers'): Promise<void> {
    const front = createServer((incoming) => {
      const onward = connect(this.doorOf(this.writer)[door], '127.0.0.1');
      this.#passing.add(incoming);
      incoming.once('close', () => this.#passing.delete(incoming));
      for (const [from, to] of [
        [incoming, onward],
        [onward, incoming],
      ] as const) {
        from.on('error', () => to.destroy());
        from.once('close', () => to.destroy());
        from.pipe(to);
      }
    });
    front.listen(port, '127.0.0.1');
    this.#end.after(() => front.close());
    await new Promise((resolve) => front.once('listening', resolve));
  }

  async #found(urls: { laboratory: number; hospital: number }, first: Machine): Promise<void> {
    const { root } = this;
    const exchange = ['--exchange', `${root}/exchange`];
    const folders = { hospital: `${root}/hospital`, laboratory: `${root}/${first}` };
    for (const name of ['hospital', 'laboratory'] as const) {
      const own = ['--organisation', name, '--url', `https://127.0.0.1:${urls[name]}`];
      await askMedseal('init', ...own, '--plain-keys', '--data', folders[name], ...exchange);
    }
    const founder = ['--found', '--data', folders.hospital];
    await askMedseal('init', ...founder, ...exchange, '--yes');
    await askMedseal('init', '--data', folders.laboratory, ...exchange, '--yes');
  }

  async #configure(machine: Machine, vault: object): Promise<void> {
    const { port, peers, operate } = this.doorOf(machine);
    const { database, lease, settings = {} } = this.#options;
    const password = this.passwordOf(machine);
    await cp(database.password, password);
    const configured = {
      listen: { port },
      peers: { port: peers },
      operate: { port: operate },
      ledger: { port: 0 },
      authority: { accepts: 'everyone' },
      database: { url: database.url, password, secrets: `${this.root}/secrets`, lease },
      vault,
      ...settings,
    };
    const path = `${this.root}/${machine}/medseal.json`;
    await writeFile(path, JSON.stringify(configured), { mode: 0o600 });
  }
}
