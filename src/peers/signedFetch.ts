import { utf8ToBytes } from '../crypto/bytes.ts';
import { parseJsonBytes } from '../crypto/parseJsonBytes.ts';
import { readBody } from '../crypto/readBody.ts';
import { fromProblem } from '../errors/fromProblem.ts';
import type { Organisation } from '../protocol/ids.ts';
import { signPeerCall, type PeerCaller } from './peerCall.ts';
import { PROBLEM_LIMITS } from '../protocol/wire/problemLimits.ts';

/**
 * Makes a `fetch` that signs each POST as a call of another organisation, for a protocol of its own over that path.
 *
 * @param caller - Key, caller and receiver.
 * @param path - The path below the receiver's address.
 * @param fetch - `fetch`; the platform's unless given.
 * @returns A function that takes bodies of text, and throws an answered problem as a MedsealError.
 */
export function signedFetch(
  caller: PeerCaller & { readonly caller: Organisation; readonly receiver: Organisation },
  path: string,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): typeof globalThis.fetch {
  return async (url, init) => {
    const content = utf8ToBytes(typeof init?.body === 'string' ? init.body : '');
    const head = { caller: caller.caller, receiver: caller.receiver, method: 'POST', path };
    const headers = new Headers(init?.headers);
    headers.set('authorization', signPeerCall(caller, { ...head, content }));
    const response = await fetch(url, { ...init, headers, redirect: 'error' });
    if (response.headers.get('content-type') !== 'application/problem+json') return response;
    throw fromProblem(await problemIn(response));
  };
}

/** Parses a problem; undefined if it is malformed. */
async function problemIn(response: Response): Promise<unknown> {
  try {
    return parseJsonBytes(await readBody(response, PROBLEM_LIMITS.bytes), PROBLEM_LIMITS);
  } catch {
    return undefined;
  }
}
