import { MedsealError } from '../errors/MedsealError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { connectJsonRpc, type JsonRpcOptions } from '../ledger/connectJsonRpc.ts';
import { domainOf } from '../protocol/domainOf.ts';
import type { Organisation } from '../protocol/ids.ts';
import { founderOf } from '../protocol/networkLookups.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import type { OrganisationHome } from './NodeFolder.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import type { RemoteOrganisations } from './openNode.ts';
import { httpPeer } from '../peers/httpPeer.ts';
import { LEDGER_PATH } from '../peers/peerApp.ts';
import type { PeerCaller } from '../peers/peerCall.ts';
import { signedFetch } from '../peers/signedFetch.ts';

/** Milliseconds until a ledger that could not be reached is tried again. */
const TRY_AGAIN = 1000;

/** Codes of errors after which the ledger may be reachable later. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'LEDGER_UNREACHABLE',
  'PEER_UNREACHABLE',
  'PEER_CALL_SKEWED',
  'PEER_MALFORMED',
  'CLOSED',
  'QUOTA_SPENT',
]);

/** Options of `remoteOrganisations`. */
export interface RemoteOptions {
  readonly ports: NodePorts;
  /** URLs of the other organisations. */
  readonly urls: ReadonlyMap<Organisation, string>;
  /** The ledger: a JSON-RPC URL, or the organisation whose node holds it; the founder of the network if absent. */
  readonly ledger?: { readonly url: string } | { readonly organisation: Organisation };
  /** Milliseconds that a call may take. */
  readonly patience?: number;
  /** Called each time that the ledger could not be reached; it is tried again until it answers. */
  readonly onWaiting?: (error: unknown) => void;
  /** Ends the wait for the ledger. */
  readonly signal?: AbortSignal;
}

/**
 * Reaches the organisations of other processes over HTTP, each call signed with the key of the caller's coordinator.
 *
 * @param options - URLs, keys and ports.
 */
export function remoteOrganisations(options: RemoteOptions): RemoteOrganisations {
  const { ports, urls, patience, signal, onWaiting } = options;

  return {
    peer(network, home, receiver) {
      const caller = callerOf(network, home, receiver);
      const url = urlOf(receiver);
      return httpPeer({ ...caller, url, clock: ports.clock, ...(patience && { patience }) });
    },
    async ledger(network, home) {
      const { chainId, genesis } = network.ledger;
      const timeout = patience && { timeout: patience };
      const at = ledgerOf(network, home);
      return await untilReached(
        async () => await connectJsonRpc({ ...ports, chainId, genesis, ...timeout, ...at }),
      );
    },
  };

  /** Returns the ledger, and the function that asks it. */
  function ledgerOf(
    network: NetworkFile,
    home: OrganisationHome,
  ): Pick<JsonRpcOptions, 'url' | 'fetch'> {
    const { ledger = { organisation: founderOf(network) } } = options;
    if ('url' in ledger) return ledger;
    const url = urlOf(ledger.organisation) + LEDGER_PATH;
    const caller = callerOf(network, home, ledger.organisation);
    return { url, fetch: signedFetch(caller, LEDGER_PATH) };
  }

  function callerOf(
    network: NetworkFile,
    { organisation: caller, keys }: OrganisationHome,
    receiver: Organisation,
  ): PeerCaller & { readonly caller: Organisation; readonly receiver: Organisation } {
    return { ...ports, domain: domainOf(network), key: keys.coordinator, caller, receiver };
  }

  function urlOf(organisation: Organisation): string {
    const url = urls.get(organisation);
    if (url !== undefined) return url.replace(/\/$/, '');
    const reason = `no address is known of ${organisation}`;
    throw new MedsealError('CONFIGURATION_INVALID', {
      key: 'peers.urls',
      source: 'the configuration',
      reason,
    });
  }

  /** Waits for the ledger, because organisations start in any order and its own may be the last. */
  async function untilReached<Result>(attempt: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!PASSING.has(toMedsealError(error).code) || signal?.aborted) throw error;
        onWaiting?.(error);
        await pause();
      }
    }
  }

  async function pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = ports.clock.after(TRY_AGAIN, resolve);
      signal?.addEventListener('abort', () => {
        cancel();
        resolve();
      });
    });
    if (signal?.aborted) throw new MedsealError('CLOSED', { what: 'node' });
  }
}
