import { parseJsonBytes } from '../crypto/parseJsonBytes.ts';
import { readBody } from '../crypto/readBody.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Clock } from '../protocol/Clock.ts';
import { BYTES32, findShapeError, ListOf, OneOf } from '../protocol/wire/findShapeError.ts';
import { jsonLimitsOf } from '../protocol/wire/jsonLimitsOf.ts';
import { fingerprintOf } from '../protocol/network/fingerprintOf.ts';
import type { Bytes32, Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { SUCCESSOR } from '../protocol/shapes/answerShapes.ts';
import type { SigningContext } from '../protocol/struct/signing.ts';
import type { Successor, SuccessorsFile } from '../protocol/network/Successor.ts';

/** Path at which a node gives the successors that it knows to other nodes. */
export const SUCCESSORS_PATH = '/peer/v1/successors';
/** Header of every answer to another node: the fingerprint of the newest network file that the node knows. */
export const NETWORK_HEADER = 'medseal-network';
/** The most successors of one answer. */
export const SUCCESSORS_PAGE = 16;
/** The most bytes of one answer; the first successor is given whatever its size. */
const PAGE_BYTES = 2 ** 21;
/** Milliseconds for an answer. */
const PATIENCE = 10_000;

const PAGE = {
  format: new OneOf('medseal-successors/1'),
  successors: new ListOf(SUCCESSOR, SUCCESSORS_PAGE),
} as const;
/** Limits of an answer that is read. */
const LIMITS = jsonLimitsOf(PAGE, 2 * PAGE_BYTES);

/**
 * Returns the part of a node's successors that one answer has.
 *
 * @param successors - All that the node knows, oldest first.
 * @param from - Number of the first one.
 */
export function successorsPage(successors: readonly Successor[], from: number): SuccessorsFile {
  const page: Successor[] = [];
  let size = 0;
  for (const successor of successors) {
    if (successor.number < from) continue;
    size += JSON.stringify(successor).length;
    if (page.length === SUCCESSORS_PAGE || (page.length > 0 && size > PAGE_BYTES)) break;
    page.push(successor);
  }
  return { format: 'medseal-successors/1', successors: page };
}

/** The node that is asked. */
export interface SuccessorsAsked {
  readonly organisation: Organisation;
  /** URL of its services for other organisations. */
  readonly url: string;
  readonly clock: Clock;
  /** Milliseconds for an answer; 10,000 unless given. */
  readonly patience?: number;
  /** `fetch`; the platform's unless given. */
  readonly fetch?: typeof globalThis.fetch;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

/**
 * Asks another node for the successors that it knows, from a number on: at most 16, and 4 MiB, in ten seconds. The question
 * is not signed, for keys may have changed since.
 *
 * @param asked - The node.
 * @param from - Number of the first one.
 * @returns Successors of the right shape; nothing in them is verified.
 * @throws MedsealError `PEER_UNREACHABLE`, `PEER_MALFORMED`.
 */
export async function askSuccessors(
  {
    organisation,
    url,
    clock,
    patience = PATIENCE,
    fetch = globalThis.fetch,
    signal,
  }: SuccessorsAsked,
  from: number,
): Promise<readonly Successor[]> {
  const late = new AbortController();
  const end = (): void => late.abort();
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end);
  const cancel = clock.after(patience, end);
  const unreachable = (cause: unknown): never => {
    throw new MedsealError('PEER_UNREACHABLE', { peer: organisation }, { cause });
  };
  try {
    const path = `${url.replace(/\/$/, '')}${SUCCESSORS_PATH}?from=${from}`;
    const response = await fetch(path, { redirect: 'error', signal: late.signal }).catch(
      unreachable,
    );
    if (!response.ok) unreachable(new Error(`status ${response.status}`));
    const content = await Promise.race([
      readBody(response, LIMITS.bytes),
      aborted(late.signal),
    ]).catch((cause: unknown) => (late.signal.aborted ? unreachable(cause) : malformed(cause)));
    const value = parsed(content);
    const misfit = findShapeError(PAGE, value, 'the answer');
    if (misfit !== undefined) malformed(new Error(misfit));
    return (value as SuccessorsFile).successors;
  } finally {
    cancel();
    signal?.removeEventListener('abort', end);
    late.abort();
  }
}

/**
 * Returns the value of the header that names the newest network file which a node knows.
 *
 * @param primitives - SHA-256.
 * @param files - The files that the node knows, oldest first.
 */
export function networkHeader(
  primitives: Pick<SigningContext['primitives'], 'sha256'>,
  files: readonly NetworkFile[],
): string {
  const newest = files.at(-1);
  if (newest === undefined) return '';
  const found = prints.get(newest) ?? fingerprintOf(primitives, newest);
  prints.set(newest, found);
  return found;
}
const prints = new WeakMap<NetworkFile, Bytes32>();

/**
 * Reads that header of an answer.
 *
 * @param headers - Headers of the answer, not trusted.
 */
export function readNetworkHeader(headers: Headers): Bytes32 | undefined {
  const value = headers.get(NETWORK_HEADER) ?? '';
  return BYTES32.test(value) ? (value as Bytes32) : undefined;
}

async function aborted(signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no answer in time')));
  });
}

function parsed(content: Uint8Array): unknown {
  try {
    return parseJsonBytes(content, LIMITS);
  } catch (cause) {
    return malformed(cause);
  }
}

function malformed(cause: unknown): never {
  throw new MedsealError('PEER_MALFORMED', { what: 'answer about successors' }, { cause });
}
