import { parseJsonBytes } from '../crypto/parseJsonBytes.ts';
import { readBody } from '../crypto/readBody.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Clock } from '../protocol/Clock.ts';
import { MOST_ANSWER_BYTES } from '../protocol/network/ledgerBounds.ts';

/** The fewest bytes for each value of an answer: those of events have some 30, those of blocks and proofs more. */
const BYTES_A_VALUE = 8;
/** The most different names of fields: a ledger's answers have some hundred. */
const NAMES = 1024;

/** Somebody who answers JSON-RPC over HTTP. */
export interface JsonRpcEndpoint {
  /** `http:` or `https:`. */
  readonly url: string;
  readonly clock: Clock;
  /** Milliseconds that a call may take; 15,000 unless given. */
  readonly timeout?: number;
  /** The most bytes of an answer; as many as one block can need unless given. */
  readonly most?: number;
  /** Unless given, the platform's. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * Sends a JSON-RPC call, or a list of them, to a ledger, and reads the answer as JSON.
 *
 * @throws MedsealError `LEDGER_UNREACHABLE` if nothing answers in time; `PEER_MALFORMED` if something answers that is
 * not JSON.
 */
export async function postJsonRpc(endpoint: JsonRpcEndpoint, call: unknown): Promise<unknown> {
  const {
    url,
    clock,
    timeout = 15_000,
    most = MOST_ANSWER_BYTES,
    fetch = globalThis.fetch,
  } = endpoint;
  const late = new AbortController();
  const cancel = clock.after(timeout, () => late.abort());
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(call),
      // A redirect would hand questions and transactions to a host that nobody named.
      redirect: 'error',
      signal: late.signal,
    });
    try {
      const values = Math.ceil(most / BYTES_A_VALUE);
      return parseJsonBytes(await readBody(response, most), { bytes: most, values, names: NAMES });
    } catch (cause) {
      if (late.signal.aborted) throw cause;
      // A proxy in between answers for a ledger that is down.
      if (!response.ok) throw new MedsealError('LEDGER_UNREACHABLE', {}, { cause });
      throw new MedsealError('PEER_MALFORMED', { what: 'ledger answer' }, { cause });
    }
  } catch (cause) {
    if (cause instanceof MedsealError) throw cause;
    throw new MedsealError('LEDGER_UNREACHABLE', {}, { cause });
  } finally {
    cancel();
  }
}
