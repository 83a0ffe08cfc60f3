import { utf8ToBytes } from '../../crypto/bytes.ts';
import { parseJsonBytes } from '../../crypto/parseJsonBytes.ts';
import { readBody } from '../../crypto/readBody.ts';
import { fromProblem } from '../../errors/fromProblem.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { signPeerCall, type PeerCaller } from './peerCall.ts';

/**
 * A `fetch` that signs what it posts as a call of another organisation, for a protocol of its own over that path.
 *
 * @param caller - The key, who calls, and whom.
 * @param path - The path below the receiver's address.
 * @param fetch - The platform's unless given.
 * @returns It takes bodies that are text, and throws as a MedsealError what is answered as a problem.
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

/** The most bytes of a problem. */
const LIMIT = 64 * 1024;

/** What is said to be a problem; nothing if it cannot be read as one. */
async function problemIn(response: Response): Promise<unknown> {
  try {
    return parseJsonBytes(await readBody(response, LIMIT));
  } catch {
    return undefined;
  }
}
