import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { setImmediate } from 'node:timers/promises';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Clock } from '../protocol/Clock.ts';
import { LedgerRejection } from './LedgerRejection.ts';

/** Calls in one batch at most, and of these so many at a time. */
const [MAX_BATCH, LANES] = [200, 4];
/** After how many milliseconds no further call of a batch is begun. */
const MAX_TIME = 15_000;
/** The characters that the answers to a batch may have together; a single call has limits of its own. */
const MAX_LENGTH = 8 * 2 ** 20;
/** Number of characters of its input that an error quotes, at most. */
const MAX_MESSAGE = 2000;

/** A JSON-RPC 2.0 response. */
export interface JsonRpcResponse {
  readonly jsonrpc: '2.0';
  readonly id: string | number | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/**
 * Answers a JSON-RPC 2.0 request, or a batch of them, as it came in the body of an HTTP POST. Whoever mounts it sends
 * the answer with status 200 (204 if there is no answer), and answers a body that is not JSON by calling it with
 * `undefined`. No answer tells what happened inside: an error that is not the caller's says so, and no more.
 *
 * @param provider - The ledger.
 * @param body - The parsed body, not trusted to be of any form.
 * @param clock - Says when a batch has taken too long.
 * @returns The answer; undefined if the body held notifications alone.
 */
export async function answerJsonRpc(
  provider: LedgerProvider,
  body: unknown,
  clock: Pick<Clock, 'now'>,
): Promise<JsonRpcResponse | readonly JsonRpcResponse[] | undefined> {
  if (body === undefined) return failure(null, -32700, 'parse error');
  if (!Array.isArray(body)) return await answer(provider, body);
  if (body.length === 0) return failure(null, -32600, 'empty batch');
  if (body.length > MAX_BATCH)
    return failure(null, -32600, `batch has more than ${MAX_BATCH} calls`);
  const answers = await answerAll(provider, body, clock);
  const asked = answers.filter((response) => response !== undefined);
  return asked.length === 0 ? undefined : asked;
}

/** Answers the calls of a batch, some at a time, for as long and as much as one request may ask for. */
async function answerAll(
  provider: LedgerProvider,
  calls: readonly unknown[],
  clock: Pick<Clock, 'now'>,
): Promise<readonly (JsonRpcResponse | undefined)[]> {
  const answers: (JsonRpcResponse | undefined)[] = [];
  const until = clock.now() + MAX_TIME;
  let [next, length] = [0, 0];
  const lane = async (): Promise<void> => {
    for (let place = next++; place < calls.length; place = next++) {
      const spent = length > MAX_LENGTH || clock.now() > until;
      const call = calls[place];
      const found = await answer(spent ? refusing : provider, call);
      const size = found === undefined ? 0 : JSON.stringify(found).length;
      length += size;
      answers[place] =
        length > MAX_LENGTH && size > MAX_MESSAGE ? await answer(refusing, call) : found;
      // Others are to have their turn between two calls.
      await setImmediate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, calls.length) }, lane));
  return answers;
}

/** Refuses what a batch has no time, or no room, for. */
const refusing: LedgerProvider = {
  async request() {
    return await Promise.reject(new LedgerRejection(-32005, 'the batch asks for too much'));
  },
};

async function answer(
  provider: LedgerProvider,
  call: unknown,
): Promise<JsonRpcResponse | undefined> {
  const { jsonrpc, id, method, params } = (call ?? {}) as Record<string, unknown>;
  const known = typeof id === 'string' || typeof id === 'number' || id === null;
  if (jsonrpc !== '2.0' || typeof method !== 'string' || (id !== undefined && !known)) {
    return failure(known ? id : null, -32600, 'invalid request');
  }
  if (params !== undefined && !Array.isArray(params)) {
    return failure(known ? id : null, -32602, 'parameters must be a list');
  }
  let response: JsonRpcResponse;
  try {
    const result = await provider.request({ method, ...(params ? { params } : {}) });
    response = { jsonrpc: '2.0', id: known ? id : null, result: result ?? null };
  } catch (error) {
    response = present(known ? id : null, error);
  }
  return known ? response : undefined;
}

function present(id: JsonRpcResponse['id'], error: unknown): JsonRpcResponse {
  if (error instanceof LedgerRejection) {
    return failure(id, error.values.code, error.values.reason.slice(0, MAX_MESSAGE), error.data);
  }
  if (isMedsealError(error, 'LEDGER_PRUNED')) {
    return failure(id, -32002, error.message, { code: error.code, ...error.values });
  }
  if (error instanceof MedsealError && error.code !== 'INTERNAL') {
    return failure(id, -32002, error.message, { code: error.code });
  }
  return failure(id, -32603, 'internal error');
}

function failure(
  id: JsonRpcResponse['id'],
  code: number,
  message: string,
  data?: unknown,
): JsonRpcResponse {
  return { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } };
}
