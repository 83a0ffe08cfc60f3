import { askSuccessors } from '../../peers/askSuccessors.ts';
import { pinnedFetch } from '../../peers/tls/pinnedFetch.ts';
import type { TlsIdentity } from '../../peers/tls/TlsIdentity.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { SuccessorSource } from './hearSuccessors.ts';

/** Longest wait for an answer, seconds. */
const MOST = 10;

/** The nodes to ask for successors, and the way to reach them. */
export interface SourceOptions {
  /** The others. */
  readonly others: readonly Organisation[];
  /** Addresses of the nodes, as far as they are known. */
  readonly urls: ReadonlyMap<Organisation, string>;
  /** The key that this node speaks TLS with; any key may be at the other end, for it may have changed. */
  readonly identity: TlsIdentity | undefined;
  readonly clock: Clock;
  /** Seconds that a call to another organisation may take. */
  readonly timeout: number;
  /** Ends every question. */
  readonly signal: AbortSignal;
}

/**
 * Returns the other nodes whose address is known, as sources of successors.
 *
 * @param options - The others, and how they are reached now.
 */
export function successorSources(options: SourceOptions): readonly SuccessorSource[] {
  const { others, urls, identity, clock, timeout, signal } = options;
  const patience = Math.min(timeout, MOST) * 1000;
  return others.flatMap((organisation) => {
    const url = urls.get(organisation);
    if (url === undefined) return [];
    const fetch = identity && { fetch: pinnedFetch(identity, organisation, true) };
    const asked = { organisation, url, clock, patience, signal, ...fetch };
    return [{ organisation, ask: async (from: number) => await askSuccessors(asked, from) }];
  });
}
