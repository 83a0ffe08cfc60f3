import { utf8ToBytes } from '../../../src/crypto/bytes.ts';
import { answerJsonRpc } from '../../../src/ledger/answerJsonRpc.ts';
import type { Scheduler } from '../Scheduler.ts';
import type { SimulatedValidator } from './SimulatedValidator.ts';

/** The one method whose answer waits for events of the simulation. */
const WAITING = 'eth_sendRawTransactionSync';

/**
 * A `fetch` that reaches a validator's JSON-RPC.
 *
 * @param validator - The organisation's own.
 * @param scheduler - Time.
 * @param travel - Takes a question or an answer to its end; throws if it is lost.
 */
export function validatorFetch(
  validator: SimulatedValidator,
  scheduler: Scheduler,
  travel: (what: string) => Promise<void>,
): typeof globalThis.fetch {
  return async (_, init) => {
    const { body: text, signal } = init ?? {};
    if (typeof text !== 'string') throw new TypeError('a call has a body');
    const body = JSON.parse(text) as unknown;
    const named = [body].flat().map((call) => (call as { readonly method: string }).method);
    await travel(`> ${named[0]}`);
    const answering = answer(body);
    const waits = !validator.up || named.includes(WAITING);
    const response = await (waits ? abortable(answering, signal) : scheduler.hold(answering));
    await travel(`< ${named[0]}`);
    return response;
  };

  async function answer(body: unknown): Promise<Response> {
    const found = await validator.reach(
      async () => await answerJsonRpc(validator, body, scheduler.clock()),
    );
    const bytes = utf8ToBytes(JSON.stringify(found));
    return { ok: true, body: [bytes] } as unknown as Response;
  }
}

/** Resolves as the work does, or rejects once the caller has waited too long. */
async function abortable<Result>(
  work: Promise<Result>,
  signal: AbortSignal | null | undefined,
): Promise<Result> {
  const late = Promise.withResolvers<never>();
  signal?.addEventListener('abort', () => late.reject(new Error('the call took too long')));
  return await Promise.race([work, late.promise]);
}
