import { collectBytes } from '../../src/crypto/sealing/collectBytes.ts';
import { isStream } from '../../src/crypto/sealing/isStream.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { loopback } from '../../src/peers/loopback.ts';
import type { FaultPlan } from './FaultPlan.ts';
import type { Scheduler } from './Scheduler.ts';

/** Longest wait of a caller for an answer, milliseconds. */
const PATIENCE = 10_000;
/** Methods whose answer is a stream. */
const STREAMS = { file: true, download: true } as const;

/** An end of a connection. */
export interface End {
  readonly name: string;
  readonly alive: boolean;
}

/** One delivery of a call to the service that answers it; a call that is doubled has two. */
export interface SimulatedDelivery {
  readonly from: string;
  readonly to: string;
  /** Such as `coordinator.judge`. */
  readonly method: string;
  readonly values: readonly unknown[];
}

/** Sees every call as it reaches a service, and every answer as it leaves one, whether it arrives or not. */
export interface Observer {
  asked(delivery: SimulatedDelivery): void;
  answered(delivery: SimulatedDelivery, answer: unknown): Promise<void>;
}

/** The messages between services, and between clients and agents: a fault plan decides the fate of each. */
export class SimulatedNetwork {
  readonly #scheduler: Scheduler;
  readonly #plan: FaultPlan;
  readonly #observer: Observer;

  constructor(scheduler: Scheduler, plan: FaultPlan, observer: Observer) {
    this.#scheduler = scheduler;
    this.#plan = plan;
    this.#observer = observer;
  }

  /**
   * Returns a service at another end; all its members are methods. A call that is not answered in time is
   * `PEER_UNREACHABLE`.
   *
   * @param from - The caller.
   * @param to - The organisation.
   * @param service - The name of the service in the trace.
   * @param find - Finds the service that answers at the time of a delivery.
   */
  link<Port extends object>(
    from: End,
    to: string,
    service: string,
    find: () => { readonly end: End; readonly port: Port } | undefined,
  ): Port {
    return new Proxy({} as Port, {
      get: (_, name) => {
        if (typeof name !== 'string' || name === 'then') return undefined;
        const call = async (...values: readonly unknown[]): Promise<unknown> =>
          await this.#call(from, to, `${service}.${name}`, values, find);
        return Object.hasOwn(STREAMS, name)
          ? (...values: readonly unknown[]) => once(call(...values))
          : call;
      },
    });
  }

  async #call(
    from: End,
    to: string,
    method: string,
    values: readonly unknown[],
    find: () => { readonly end: End; readonly port: object } | undefined,
  ): Promise<unknown> {
    const gathered = await Promise.all(values.map(gather));
    const delivery = { from: from.name, to, method, values: gathered };
    const name = `${from.name} > ${to} ${method}`;
    return await new Promise((resolve, reject) => {
      const giveUp = this.#scheduler.after(PATIENCE, '', () => {
        if (from.alive) reject(new MedsealError('PEER_UNREACHABLE', { peer: to }));
      });
      const settle = (run: () => void): void => {
        if (!from.alive) return;
        giveUp();
        run();
      };
      this.#send(from.name, to, name, () => {
        const found = find();
        if (found === undefined || !found.end.alive) return;
        this.#answer({ ...delivery }, found.port).then(
          (answer) => {
            if (!found.end.alive) return;
            const summary = `${name}: ${summaryOf(answer)}`;
            this.#send(to, from.name, summary, () => settle(() => resolve(answer)));
          },
          (error: unknown) => {
            if (!found.end.alive) return;
            const code = isMedsealError(error) ? error.code : String(error);
            this.#send(to, from.name, `${name}: ${code}`, () => settle(() => reject(error)));
          },
        );
      });
    });
  }

  #send(from: string, to: string, what: string, arrive: () => void): void {
    const arrivals = this.#plan.arrivals(from, to, this.#scheduler.now);
    if (arrivals.length === 0) this.#scheduler.note(`lost ${what}`);
    for (const delay of arrivals) this.#scheduler.after(delay, what, arrive);
  }

  async #answer(delivery: SimulatedDelivery, port: object): Promise<unknown> {
    this.#observer.asked(delivery);
    const name = delivery.method.slice(delivery.method.indexOf('.') + 1);
    const method = Reflect.get(loopback(port, STREAMS), name) as (...values: unknown[]) => unknown;
    const values = delivery.values.map((value) =>
      value instanceof Uint8Array ? once(Promise.resolve(value)) : value,
    );
    const result: unknown = method(...values);
    const answer: unknown = await (isStream(result) ? collectBytes(result) : result);
    await this.#observer.answered(delivery, answer);
    return this.#plan.answerOf(delivery.to, answer);
  }
}

async function gather(value: unknown): Promise<unknown> {
  return isStream(value) ? await collectBytes(value) : value;
}

async function* once(bytes: Promise<unknown>): AsyncGenerator<Uint8Array> {
  yield (await bytes) as Uint8Array;
}

/** Describes an answer in the trace, without anything that depends on sealed bytes. */
function summaryOf(answer: unknown): string {
  if (!Array.isArray(answer)) return answer === undefined ? 'nothing' : 'answered';
  const outcomes = answer.map((each: { outcome?: string; problem?: { code: string } } | null) =>
    [each?.outcome ?? 'item', each?.problem?.code].filter((part) => part !== undefined).join(' '),
  );
  return `[${outcomes.join(', ')}]`;
}
