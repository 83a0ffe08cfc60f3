import { setTimeout as pause } from 'node:timers/promises';
import type { Run } from '../../src/cli/test/runMedseal.ts';
import type { StandbyMachines } from '../../src/cli/test/StandbyMachines.ts';
import type { LogLine } from '../../src/cli/test/WatchedNode.ts';

/** Two machines of an organisation. */
export const MACHINES = ['a', 'b'] as const;
export type Machine = (typeof MACHINES)[number];

/** State of a machine's node, as its log says. */
type State = 'starts' | 'waits' | 'took over' | 'serves';

/** Codes with which a node ends by itself while its server is lost, or its lease. */
const EXPECTED = /"code":"(STORAGE_FAILED|LEASE_LOST|DATABASE_UNREACHABLE)"/;
/** Milliseconds after which a node that ended is started again, as a supervisor does. */
const RESTART = 100;

/** Machines whose nodes are started again each time that they end; the address in front of them goes to the one that serves. */
export class SupervisedMachines {
  /** Faults, each in a sentence. */
  readonly violations: string[] = [];
  /** Number of times that a node ended by itself, by the code that it said. */
  readonly endings = new Map<string, number>();
  readonly #machines: StandbyMachines<Machine>;
  readonly #states = new Map<Machine, State>();
  readonly #heard = new Set<() => void>();
  #isEnding = false;

  /** @param machines - None of them runs. */
  constructor(machines: StandbyMachines<Machine>) {
    this.#machines = machines;
    for (const machine of MACHINES) void this.#supervise(machine);
  }

  /** The machine that serves, or served last. */
  get writer(): Machine {
    return this.#machines.writer;
  }

  /** The other one. */
  get other(): Machine {
    return this.writer === 'a' ? 'b' : 'a';
  }

  /** Resolves once a machine serves and the other one waits for its lease. */
  async settled(): Promise<void> {
    await this.#until(() => {
      const states = MACHINES.map((machine) => this.#states.get(machine));
      return states.includes('serves') && states.includes('waits');
    });
  }

  /**
   * Resolves with the moments at which a machine has the lease, and serves.
   * @param but - A machine that does not count.
   */
  async takenOver(but?: Machine): Promise<{ readonly led: number; readonly served: number }> {
    const one = (state: State): boolean =>
      MACHINES.some((machine) => machine !== but && this.#states.get(machine) === state);
    await this.#until(() => one('took over') || one('serves'));
    const led = performance.now();
    await this.#until(() => one('serves'));
    return { led, served: performance.now() };
  }

  /** Kills a node; resolves when it is gone. */
  async kill(machine: Machine): Promise<void> {
    this.#states.set(machine, 'starts');
    await this.#machines.nodeOf(machine).stop('SIGKILL');
  }

  /** Notes that a node is about to lose its server. */
  forget(machine: Machine): void {
    this.#states.set(machine, 'starts');
  }

  /** Has a node stand still, or go on. */
  signal(machine: Machine, signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#machines.nodeOf(machine).signal(signal);
  }

  /** Resolves with the output of a machine's node once it ends. */
  async ended(machine: Machine): Promise<Run> {
    return await this.#machines.nodeOf(machine).ended;
  }

  /** Address of a machine's own. */
  urlOf(machine: Machine): string {
    return `http://127.0.0.1:${this.#machines.doorOf(machine).port}/laboratory`;
  }

  /** Stops both in order, and starts none again. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    for (const machine of [this.other, this.writer]) {
      const { code, stderr } = await this.#machines.nodeOf(machine).stop();
      if (code !== 0) this.violations.push(`${machine} ended with ${code}: ${stderr.slice(-2000)}`);
    }
  }

  async #supervise(machine: Machine): Promise<void> {
    while (!this.#isEnding) {
      this.#states.set(machine, 'starts');
      const node = this.#machines.up(machine, (line) => this.#hear(machine, line));
      const { code, stderr, stdout } = await node.ended;
      this.#states.set(machine, 'starts');
      if (this.#isEnding) return;
      if (code !== null) {
        const known = EXPECTED.exec(stderr + stdout)?.[1];
        const said = `${stderr}${stdout}`.slice(-2000);
        if (known === undefined) this.violations.push(`${machine} ended with ${code}: ${said}`);
        const name = known ?? 'another reason';
        this.endings.set(name, (this.endings.get(name) ?? 0) + 1);
      }
      await pause(RESTART);
    }
  }

  #hear(machine: Machine, { event, code }: LogLine): void {
    if (event === 'waiting as standby') {
      this.#states.set(machine, code === 'DATABASE_LOCKED' ? 'waits' : 'starts');
    } else if (event === 'takes over') {
      this.#states.set(machine, 'took over');
    } else if (event === 'ready') {
      this.#states.set(machine, 'serves');
      this.#machines.lead(machine);
    }
    for (const hear of this.#heard) hear();
  }

  async #until(holds: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const hear = (): void => {
      if (holds()) resolve();
    };
    this.#heard.add(hear);
    hear();
    await promise;
    this.#heard.delete(hear);
  }
}
