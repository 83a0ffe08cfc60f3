import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { worstCalls } from '../../../ledger/test/worstCalls.ts';
import type { IdleDoor } from './idleDoor.ts';
import type { HeldUp, OpenDoors } from './openDoors.ts';
import { worstBodies } from './worstBodies.ts';

/** Effect of one of the worst requests on all others. */
export interface Measured {
  readonly name: string;
  /** Time of the worst request itself, milliseconds. */
  readonly took: number;
  /** Longest time that it held up the event loop at once, milliseconds of processor time. */
  readonly pause: number;
  /** Time of the slowest honest request meanwhile, milliseconds. */
  readonly honest: number;
  /** Time of the slowest request meanwhile to a process that has nothing to do: how long the machine itself takes. */
  readonly idle: number;
}

/** Milliseconds between two honest requests. */
const EVERY = 20;

/**
 * Sends the worst single requests, one after the other, to the servers of another process, and honest ones meanwhile.
 *
 * @param only - Skips requests whose name does not contain this.
 * @yields The effect of each; the first is the time of honest ones by themselves.
 */
export async function* measureWorst(only = ''): AsyncGenerator<Measured> {
  const child = fork(join(import.meta.dirname, 'openDoors.ts'));
  const reference = fork(join(import.meta.dirname, 'idleDoor.ts'));
  try {
    const [[{ idle: idleDoor }], [doors]] = (await Promise.all([
      once(reference, 'message'),
      once(child, 'message'),
    ])) as [[IdleDoor], [OpenDoors]];
    const heldUp = async (): Promise<number> => {
      child.send('look');
      const [{ pause }] = (await once(child, 'message')) as [HeldUp];
      return pause;
    };
    const measure = async (name: string, worst: () => Promise<unknown>): Promise<Measured> => {
      await heldUp();
      const ended = new AbortController();
      let [honest, idle] = [0, 0];
      const others = (async () => {
        do {
          const ping = timed(async () => await post(idleDoor, ''));
          honest = Math.max(honest, ...(await Promise.all(honestly(doors))));
          idle = Math.max(idle, await ping);
          await setTimeout(EVERY);
        } while (!ended.signal.aborted);
      })();
      const start = performance.now();
      // The server hangs up on a body that it refuses at its head.
      await worst().catch(() => undefined);
      const took = performance.now() - start;
      ended.abort();
      await others;
      return { name, took, pause: await heldUp(), honest, idle };
    };
    for (let warm = 0; warm < 50; warm++) await Promise.all(honestly(doors));
    yield await measure('nothing', async () => await setTimeout(1000));
    for (const { name, method, params } of worstCalls()) {
      if (!name.includes(only)) continue;
      yield await measure(name, async () => await post(doors.ledger, call(method, ...params)));
    }
    for (const { name, text } of worstBodies()) {
      if (!name.includes(only)) continue;
      for (const [door, url] of [
        ['ledger', doors.ledger],
        ['facts', `${doors.agents}/hospital/v1/facts`],
        ['submissions', `${doors.agents}/hospital/v1/submissions`],
      ] as const) {
        yield await measure(`${name} to ${door}`, async () => await post(url, text));
      }
    }
  } finally {
    child.disconnect();
    reference.disconnect();
  }
}

/** Sends requests as anybody does, and measures the time of each. */
function honestly({ agents, ledger, registry }: OpenDoors): readonly Promise<number>[] {
  return [
    timed(async () => await (await fetch(`${agents}/hospital/v1/network`)).text()),
    timed(async () => await post(ledger, call('eth_blockNumber'))),
    timed(
      async () => await post(ledger, call('eth_call', { to: registry, data: PARTY }, 'latest')),
    ),
  ];
}

function call(method: string, ...params: readonly unknown[]): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
}

/** A question for a party that is not there. */
const PARTY = `0x${'00'.repeat(36)}`;

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

async function post(url: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  return await (await fetch(url, { method: 'POST', headers, body })).text();
}
