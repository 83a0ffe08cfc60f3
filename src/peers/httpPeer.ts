import { utf8ToBytes } from '../crypto/bytes.ts';
import { parseJsonBytes, type JsonLimits } from '../crypto/parseJsonBytes.ts';
import { fromProblem } from '../errors/fromProblem.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import type { Clock } from '../protocol/Clock.ts';
import { OneOf } from '../protocol/wire/findShapeError.ts';
import type { Bytes32, Organisation } from '../protocol/ids.ts';
import { jsonLimitsOf } from '../protocol/wire/jsonLimitsOf.ts';
import { peerCalls, type PeerMethod, type PeerPorts } from '../services/peers/peerCalls.ts';
import { readBody } from '../crypto/readBody.ts';
import { readNetworkHeader } from './askSuccessors.ts';
import { signPeerCall, type PeerCaller } from './peerCall.ts';
import { PROBLEM_LIMITS } from '../protocol/wire/problemLimits.ts';

/** The most bytes of an answer that is not a file, if its shape sets no lower limit. */
const MOST = 64 * 2 ** 20;
/** Longest call and longest standstill of a file, in milliseconds. */
const PATIENCE = 10_000;
/** Factor by which a call may take longer before which the peer copies something. */
const COPYING = 3;
/** Greatest sum of bytes of calls that wait for their answers, so that a slow peer takes up no more memory. */
const MOST_WAITING = 64 * 2 ** 20;
/** A file stands still if fewer bytes than these, and not its end, have come in that time. */
const LEAST = 64 * 1024;

/** Options of `httpPeer`. */
export interface HttpPeerOptions extends PeerCaller {
  /** The organisation that calls. */
  readonly caller: Organisation;
  /** The organisation that is called. */
  readonly receiver: Organisation;
  /** URL of its services, such as `https://medseal.laboratory.example:8481`. */
  readonly url: string;
  readonly clock: Clock;
  /**
   * Milliseconds that a call may take, and that a file may stand still; 10,000 unless given. A call may take three times
   * as long if the peer copies something before it answers.
   */
  readonly patience?: number;
  /** `fetch`; the platform's unless given. */
  readonly fetch?: typeof globalThis.fetch;
  /** Called with the newest network file that the receiver says it knows, by its fingerprint; it may lie. */
  readonly onNetwork?: (fingerprint: Bytes32) => void;
}

/**
 * Reaches another organisation's services across the network. Each call is signed with the key of the caller's coordinator.
 *
 * @param options - Caller, receiver and URL.
 * @throws MedsealError from every method: the problem that the other end answered; `PEER_UNREACHABLE`,
 * `PEER_MALFORMED`.
 */
export function httpPeer(options: HttpPeerOptions): PeerPorts {
  const { caller, receiver, clock, patience = PATIENCE, fetch = globalThis.fetch } = options;
  const { onNetwork } = options;
  const base = options.url.replace(/\/$/, '');
  let waiting = 0;
  const services = Object.entries(peerCalls).map(([service, calls]) => {
    const methods = Object.entries<PeerMethod>(calls).map(([method, { gives, copies }]) => {
      const path = `/peer/v1/${service}/${method}`;
      const limit = copies ? COPYING * patience : patience;
      return [method, gives === 'bytes' ? stream(path) : ask(path, limit, answerLimits(gives))];
    });
    return [service, Object.fromEntries(methods)];
  });
  return Object.fromEntries(services) as PeerPorts;

  function ask(
    path: string,
    limit: number,
    fits: JsonLimits,
  ): (argument: unknown) => Promise<unknown> {
    return async (argument) => {
      const content = utf8ToBytes(encode(argument));
      if (waiting > 0 && waiting + content.length > MOST_WAITING) {
        unreachable(new Error(`${waiting} bytes of calls wait for answers`));
      }
      waiting += content.length;
      try {
        return await inTime(limit, async (signal) => {
          const response = await post(path, content, signal);
          return response.status === 204 ? undefined : await decoded(response, fits);
        });
      } finally {
        waiting -= content.length;
      }
    };
  }

  function stream(path: string): (argument: unknown) => AsyncIterable<Uint8Array> {
    return async function* (argument) {
      const ended = new AbortController();
      try {
        const content = utf8ToBytes(encode(argument));
        const response = await inTime(
          patience,
          async () => await post(path, content, ended.signal),
          ended,
        );
        const parts = (response.body ?? new Blob([]).stream())[Symbol.asyncIterator]();
        let [waited, came] = [0, 0];
        for (;;) {
          const begun = clock.now();
          const part = await inTime(patience, async () => await parts.next(), ended).catch(
            unreachable,
          );
          if (part.done === true) return;
          waited += clock.now() - begun;
          came += part.value.length;
          if (waited >= patience) {
            if (came < LEAST) unreachable(new Error(`${came} bytes in ${waited} ms`));
            [waited, came] = [0, 0];
          }
          yield part.value;
        }
      } finally {
        ended.abort();
      }
    };
  }

  async function post(path: string, content: Uint8Array, signal: AbortSignal): Promise<Response> {
    const head = { caller, receiver, method: 'POST', path, content };
    const response = await fetch(base + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: signPeerCall(options, head),
      },
      body: content as Uint8Array<ArrayBuffer>,
      // A call goes only to the receiver that it was signed for.
      redirect: 'error',
      signal,
    }).catch(unreachable);
    const newest = onNetwork && readNetworkHeader(response.headers);
    if (newest !== undefined) onNetwork?.(newest);
    if (!response.ok) throw fromProblem(await decoded(response, PROBLEM_LIMITS));
    return response;
  }

  async function inTime<Result>(
    limit: number,
    work: (signal: AbortSignal) => Promise<Result>,
    late: AbortController = new AbortController(),
  ): Promise<Result> {
    const cancel = clock.after(limit, () => late.abort());
    try {
      return await work(late.signal);
    } finally {
      cancel();
    }
  }

  async function decoded(response: Response, fits: JsonLimits): Promise<unknown> {
    const content = await readBody(response, fits.bytes).catch((cause: unknown) => {
      if (!isMedsealError(cause, 'REQUEST_TOO_LARGE')) return unreachable(cause);
      const what = `answer: it has more than ${fits.bytes} bytes`;
      throw new MedsealError('PEER_MALFORMED', { what }, { cause });
    });
    try {
      return parseJsonBytes(content, fits);
    } catch (cause) {
      throw new MedsealError('PEER_MALFORMED', { what: 'answer' }, { cause });
    }
  }

  function unreachable(cause: unknown): never {
    throw new MedsealError('PEER_UNREACHABLE', { peer: receiver }, { cause });
  }
}

/** Encodes an argument; it refuses values that JSON cannot carry, as the transport within a process does. */
function encode(argument: unknown): string {
  try {
    return JSON.stringify(argument) ?? 'null';
  } catch (error) {
    throw toMedsealError(error);
  }
}

/** Limits of an answer; an absent one may arrive as null. */
function answerLimits(gives: Exclude<PeerMethod['gives'], 'bytes'>): JsonLimits {
  return jsonLimitsOf(gives === 'nothing' ? new OneOf(null) : gives, MOST);
}
