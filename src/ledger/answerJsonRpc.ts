import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { LedgerRejection } from './LedgerRejection.ts';

/** Calls in one batch at most. */
const MAX_BATCH = 200;

/** A JSON-RPC 2.0 response. */
export interface JsonRpcResponse {
  readonly jsonrpc: '2.0';
  readonly id: string | number | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/**
 * Answers a JSON-RPC 2.0 request, or a batch of them, as it came in the body of an HTTP POST. Whoever mounts it
 * sends the answer with status 200 (204 where there is none), and answers a body that is not JSON by calling it
 * with `undefined`. No answer tells what happened inside: an error that is not the caller's says so, and no more.
 *
 * @param provider - The ledger.
 * @param body - The parsed body, not trusted to be of any form.
 * @returns The answer; undefined where the body held notifications alone.
 */
export async function answerJsonRpc(
  provider: LedgerProvider,
  body: unknown,
): Promise<JsonRpcResponse | readonly JsonRpcResponse[] | undefined> {
  if (body === undefined) return failure(null, -32700, 'parse error');
  if (!Array.isArray(body)) return await answer(provider, body);
  if (body.length === 0) return failure(null, -32600, 'empty batch');
  if (body.length > MAX_BATCH) return failure(null, -32600, `batch of more than ${MAX_BATCH}`);
  const answers = await Promise.all(body.map(async (call) => await answer(provider, call)));
  const asked = answers.filter((response) => response !== undefined);
  return asked.length === 0 ? undefined : asked;
}

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
    return failure(id, error.values.code, error.values.reason, error.data);
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
