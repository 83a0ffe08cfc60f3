import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { PeerPorts } from '../services/peers/peerCalls.ts';
import type { JsonRpcOptions } from '../ledger/connectJsonRpc.ts';
import { connectVerifiedLedger } from '../ledger/proven/connectVerifiedLedger.ts';
import { domainOf } from '../protocol/struct/domainOf.ts';
import type { Bytes32, Organisation } from '../protocol/ids.ts';
import { founderOf, presentNodes, tlsKeysOf } from '../protocol/network/networkLookups.ts';
import { numberOf } from '../protocol/wire/numberOf.ts';
import type { BlockConflict } from '../protocol/evidence/blockConflict.ts';
import type { BlockFacts } from '../protocol/network/BlockFacts.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { connectNodeLedger } from './connectNodeLedger.ts';
import { lateLedger } from './lateLedger.ts';
import type { KeptTrust } from './keptTrust.ts';
import type { OrganisationHome } from './NodeFolder.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { newestByPeers } from './newestByPeers.ts';
import { askSuccessors } from '../peers/askSuccessors.ts';
import { httpPeer } from '../peers/httpPeer.ts';
import { LEDGER_PATH } from '../peers/peerApp.ts';
import type { PeerCaller } from '../peers/peerCall.ts';
import { signedFetch } from '../peers/signedFetch.ts';
import { pinnedFetch } from '../peers/tls/pinnedFetch.ts';
import { pause } from './pause.ts';
import { tlsIdentityOf } from './tlsIdentityOf.ts';

/** Milliseconds until a ledger that could not be reached is tried again. */
const TRY_AGAIN = 1000;

/** Codes of errors after which the ledger may be reachable later. */
export const REACHABLE_LATER: ReadonlySet<ErrorCode> = new Set([
  'LEDGER_UNREACHABLE',
  'PEER_UNREACHABLE',
  'PEER_CALL_SKEWED',
  'PEER_MALFORMED',
  'CLOSED',
  'QUOTA_SPENT',
  'OVERLOADED',
]);

/**
 * So too if validators hold it, for until over two thirds of them run it has no block and answers nothing; and if it is
 * another network's, which has yet to admit the accounts.
 */
const PASSING_IN_CONSORTIUM: ReadonlySet<ErrorCode> = new Set([
  ...REACHABLE_LATER,
  'LEDGER_REJECTED',
  'LEDGER_STALE',
  'LEDGER_SLOW',
  'NOT_YET',
  'VERDICTS_MISSING',
]);

/** Organisations in other processes, and the ledger of one of them. */
export interface RemoteOrganisations {
  /** The services of an organisation, as one of this folder reaches them. */
  peer(network: NetworkFile, caller: OrganisationHome, receiver: Organisation): PeerPorts;
  /**
   * The ledger, if the folder holds none; it may wait until the ledger can be reached, and until `prepare` has done its
   * work there.
   */
  ledger(
    network: NetworkFile,
    caller: OrganisationHome,
    prepare: (ledger: LedgerProvider) => Promise<void>,
  ): Promise<LedgerProvider>;
  /**
   * The ledger as each other organisation's validator proves it, each connected to when it is first asked; empty if one
   * organisation's node has the ledger.
   */
  validators(network: NetworkFile, caller: OrganisationHome): readonly LedgerProvider[];
  /** The same ledger for those who read it at an organisation's agent, over a connection of their own. */
  readers(network: NetworkFile, caller: OrganisationHome): LedgerProvider;
}

/** Options of `remoteOrganisations`. */
export interface RemoteOptions {
  readonly ports: NodePorts;
  /** URLs of the other organisations. */
  readonly urls: ReadonlyMap<Organisation, string>;
  /** The ledger: a JSON-RPC URL, or the organisation whose node holds it; the founder of the network if absent. */
  readonly ledger?: { readonly url: string } | { readonly organisation: Organisation };
  /** Keeps the newest verified block of a ledger that validators hold; needed once the founding is 21 days past. */
  readonly trust?: KeptTrust;
  /** Milliseconds that a call may take. */
  readonly patience?: number;
  /** Called with the newest network file that an organisation says it knows, by its fingerprint; it may lie. */
  readonly onNetwork?: (organisation: Organisation, fingerprint: Bytes32) => void;
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
  const { ports, urls, patience, signal, onWaiting, onNetwork } = options;
  const fetches = new WeakMap<NetworkFile, Map<string, typeof globalThis.fetch>>();

  return {
    peer,
    async ledger(network, home, prepare) {
      const timeout = patience && { timeout: patience };
      const at = ledgerOf(network, home);
      const { chain, of } = network.ledger;
      const passing =
        chain === undefined && of === undefined ? REACHABLE_LATER : PASSING_IN_CONSORTIUM;
      return await untilReached(passing, async () => {
        const ledger = await connectNodeLedger(
          {
            ...ports,
            ...timeout,
            ...at,
            network,
            askNewest: async () => await newest(network, home),
          },
          options.trust,
        );
        await prepare(ledger);
        return ledger;
      });
    },
    validators(network, home) {
      if (network.contracts.validators === undefined) return [];
      const timeout = patience && { timeout: patience };
      const askNewest = async (): Promise<BlockFacts> => await newest(network, home);
      return reachedOthers(network, home, urls).map((organisation) =>
        lateLedger(async () => {
          const at = ledgerAt(network, home, organisation);
          return await connectVerifiedLedger({ ...ports, ...timeout, ...at, network, askNewest });
        }),
      );
    },
    readers(network, home) {
      const timeout = patience && { timeout: patience };
      // The node's own connection keeps the newest block that it verified.
      const trust = options.trust && {
        ...options.trust,
        keep: async () => await Promise.resolve(),
      };
      return lateLedger(async () => {
        const at = ledgerOf(network, home);
        return await connectNodeLedger({ ...ports, ...timeout, ...at, network }, trust);
      });
    },
  };

  function peer(network: NetworkFile, home: OrganisationHome, receiver: Organisation): PeerPorts {
    const caller = callerOf(network, home, receiver);
    const url = urlIn(urls, network, receiver);
    const { clock } = ports;
    const fetch = fetchOf(network, home, receiver);
    return httpPeer({
      ...caller,
      url,
      clock,
      ...(patience && { patience }),
      fetch,
      ...(onNetwork && { onNetwork: (print) => onNetwork(receiver, print) }),
    });
  }

  /** The newest block that other organisations' coordinators sign, for a node whose trust is too old. */
  async function newest(network: NetworkFile, home: OrganisationHome): Promise<BlockFacts> {
    const asked = reachedOthers(network, home, urls).map((organisation) => {
      const url = urlIn(urls, network, organisation);
      const fetch = fetchOf(network, home, organisation);
      const at = { organisation, url, clock: ports.clock, fetch, ...(signal && { signal }) };
      const { coordinator } = peer(network, home, organisation);
      const successors = async () => await askSuccessors(at, numberOf(network) + 1);
      return { organisation, coordinator, successors };
    });
    const { trust } = options;
    const keep = trust && (async (conflict: BlockConflict) => await trust.keepConflict(conflict));
    return await newestByPeers(ports, network, asked, keep);
  }

  /** Returns the ledger, and the function that asks it. */
  function ledgerOf(
    network: NetworkFile,
    home: OrganisationHome,
  ): Pick<JsonRpcOptions, 'url' | 'fetch'> {
    const { ledger = keeperOf(network) } = options;
    if ('url' in ledger) return ledger;
    return ledgerAt(network, home, ledger.organisation);
  }

  /** The ledger as an organisation's node gives it to the others. */
  function ledgerAt(
    network: NetworkFile,
    home: OrganisationHome,
    organisation: Organisation,
  ): Pick<JsonRpcOptions, 'url' | 'fetch'> {
    const url = urlIn(urls, network, organisation) + LEDGER_PATH;
    const caller = callerOf(network, home, organisation);
    const fetch = fetchOf(network, home, organisation);
    return { url, fetch: signedFetch(caller, LEDGER_PATH, fetch) };
  }

  function callerOf(
    network: NetworkFile,
    { organisation: caller, keys }: OrganisationHome,
    receiver: Organisation,
  ): PeerCaller & { readonly caller: Organisation; readonly receiver: Organisation } {
    return { ...ports, domain: domainOf(network), key: keys.coordinator, caller, receiver };
  }

  /** One for each pair of organisations, so that all calls between them share connections. */
  function fetchOf(
    network: NetworkFile,
    home: OrganisationHome,
    receiver: Organisation,
  ): typeof globalThis.fetch {
    const known = fetches.get(network) ?? new Map<string, typeof globalThis.fetch>();
    fetches.set(network, known);
    const pair = `${home.organisation} ${receiver}`;
    const identity = known.has(pair) ? undefined : tlsIdentityOf(network, home);
    if (identity !== undefined) known.set(pair, pinnedFetch(identity, receiver));
    return known.get(pair) ?? globalThis.fetch;
  }

  /** Waits for the ledger, because organisations start in any order and its own may be the last. */
  async function untilReached<Result>(
    passing: ReadonlySet<ErrorCode>,
    attempt: () => Promise<Result>,
  ): Promise<Result> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!passing.has(toMedsealError(error).code) || signal?.aborted) throw error;
        onWaiting?.(error);
        await pause(ports.clock, TRY_AGAIN, signal);
        if (signal?.aborted) throw new MedsealError('CLOSED', { what: 'node' });
      }
    }
  }
}

/** The address of an organisation's node. */
function urlIn(
  urls: ReadonlyMap<Organisation, string>,
  network: NetworkFile,
  organisation: Organisation,
): string {
  const url = urls.get(organisation);
  const isMisfit = tlsKeysOf(network) !== undefined && url?.startsWith('https://') === false;
  if (url !== undefined && !isMisfit) return url.replace(/\/$/, '');
  const reason = isMisfit
    ? `the address of ${organisation} must begin with https:// (got ${url}): the nodes of this network speak TLS`
    : `no address is known of ${organisation}`;
  throw new MedsealError('CONFIGURATION_INVALID', {
    key: 'peers.urls',
    source: 'the configuration',
    reason,
  });
}

/** The other organisations whose addresses are known. */
function reachedOthers(
  network: NetworkFile,
  { organisation: own }: Pick<OrganisationHome, 'organisation'>,
  urls: ReadonlyMap<Organisation, string>,
): readonly Organisation[] {
  const others = presentNodes(network).map(({ organisation }) => organisation);
  return others.filter((name) => name !== own && urls.has(name));
}

/** The organisation whose node keeps the ledger; that of another network has to be named. */
function keeperOf(network: NetworkFile): { readonly organisation: Organisation } {
  if (network.ledger.of === undefined) return { organisation: founderOf(network) };
  const reason = 'the ledger is that of another network: give the URL of its JSON-RPC';
  throw new MedsealError('CONFIGURATION_INVALID', {
    key: 'ledger.url',
    source: 'the configuration',
    reason,
  });
}
