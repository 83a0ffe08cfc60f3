import type { AsyncPairing } from '../../crypto/threshold/PairingPort.ts';
import { fromProblem } from '../../errors/fromProblem.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { PAIRING_CALLS, type MessageEnd, type PairingAnswer } from './PairingCalls.ts';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Returns pairing arithmetic that another thread computes, such as a worker (`servePairing`): the page stays free.
 *
 * @param end - The worker, or a port to it.
 * @returns The arithmetic, once the other end has loaded it; if that end fails later, so do its functions.
 * @throws MedsealError `INTERNAL` if the worker does not start, or can load no arithmetic, such as without WebAssembly.
 * @example
 * ```ts
 * const worker = new Worker(new URL('pairingWorker.js', import.meta.url), { type: 'module' });
 * const loadPairing = async () => await pairingIn(worker);
 * const at = { network, agent, log: 'care/hospital', device };
 * const party = await openParty({ ...webPorts, ...at, seed, loadPairing });
 * ```
 */
export async function pairingIn(end: MessageEnd): Promise<AsyncPairing> {
  const waiting = new Map<number, Waiting>();
  let failed: MedsealError | undefined;
  let calls = 0;
  end.addEventListener('message', ({ data }) => {
    const answer = Object(data) as Partial<PairingAnswer>;
    const asker = waiting.get(answer.answered ?? -1);
    if (asker === undefined) return;
    waiting.delete(answer.answered ?? -1);
    if ('problem' in answer) asker.reject(fromProblem(answer.problem));
    else asker.resolve((answer as { readonly value?: unknown }).value);
  });
  end.addEventListener('error', (cause) => {
    failed = new MedsealError('INTERNAL', {}, { cause });
    for (const { reject } of waiting.values()) reject(failed);
    waiting.clear();
  });
  const ask = async (call: string, given: readonly unknown[]): Promise<unknown> => {
    if (failed !== undefined) throw failed;
    return await new Promise((resolve, reject) => {
      const pairing = (calls += 1);
      waiting.set(pairing, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- neither a worker nor a port has one
      end.postMessage({ pairing, call, given });
    });
  };
  await ask('load', []);
  return Object.fromEntries(
    PAIRING_CALLS.map((call) => [
      call,
      async (...given: readonly unknown[]) => await ask(call, given),
    ]),
  ) as unknown as AsyncPairing;
}
