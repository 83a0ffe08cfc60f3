import { parseJsonBytes } from '../crypto/parseJsonBytes.ts';
import { readBody } from '../crypto/readBody.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { Organisation } from '../protocol/ids.ts';
import { isOfShape } from '../protocol/wire/isOfShape.ts';
import { jsonLimitsOf } from '../protocol/wire/jsonLimitsOf.ts';
import { BLOCKS_PATH, type BlocksKept } from './BlockService.ts';

/** Milliseconds for an answer. */
const PATIENCE = 10_000;
/** The most bytes of an answer. */
const MOST = 4096;
const KEPT = { all: 'boolean', snapshots: 'boolean' } as const;
const LIMITS = jsonLimitsOf(KEPT, MOST);

/** Another organisation's node. */
export interface BlocksAsked {
  readonly organisation: Organisation;
  /** URL of its services for other organisations. */
  readonly url: string;
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Asks another node which blocks its validator keeps. The answer is its word.
 *
 * @param asked - The node.
 * @throws MedsealError `PEER_UNREACHABLE`, also if the node is of a version that does not say; `PEER_MALFORMED`.
 */
export async function askBlocks(asked: BlocksAsked): Promise<BlocksKept> {
  const { organisation, url, clock, fetch } = asked;
  const late = new AbortController();
  const cancel = clock.after(PATIENCE, () => late.abort());
  const unreachable = (cause: unknown): never => {
    throw new MedsealError('PEER_UNREACHABLE', { peer: organisation }, { cause });
  };
  try {
    const options = { redirect: 'error', signal: late.signal } as const;
    const response = await fetch(blocksUrl(url), options).catch(unreachable);
    if (!response.ok) unreachable(new Error(`status ${response.status}`));
    const content = await readBody(response, LIMITS.bytes).catch(unreachable);
    const value = parsed(content);
    if (isOfShape(KEPT, value)) return value;
    throw new MedsealError('PEER_MALFORMED', { what: 'answer about blocks' });
  } finally {
    cancel();
    late.abort();
  }
}

/**
 * Returns the address at which a node answers about blocks.
 *
 * @param url - URL of its services for other organisations.
 */
export function blocksUrl(url: string): string {
  return `${url.replace(/\/$/, '')}${BLOCKS_PATH}`;
}

function parsed(content: Uint8Array): unknown {
  try {
    return parseJsonBytes(content, LIMITS);
  } catch {
    return undefined;
  }
}
