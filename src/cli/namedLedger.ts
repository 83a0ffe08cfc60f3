import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { provesFault } from '../client/audit/provesFault.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { connectPinnedLedger } from './connectPinnedLedger.ts';
import type { VisitorOptions } from './program/sharedOptions.ts';

/** The ledger that the user named with `--rpc`, if it can be asked. */
export interface NamedLedger {
  /** Absent if none was named, or it cannot be asked. */
  readonly ledger?: LedgerProvider;
  /** Why it was not checked although it was named; empty otherwise. */
  readonly unanswered: readonly string[];
}

/** Other errors by which a ledger, or the nodes that are asked for its newest block, cannot be asked now. */
const AWAY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CLOCK_SKEWED',
  'PEER_UNREACHABLE',
  'VERDICTS_MISSING',
]);

/**
 * Connects to the ledger that the user named, if any. One that cannot be asked now keeps nothing else from being verified: it
 * is told as not checked.
 *
 * @param network - The pinned network file.
 * @param options - The device, its nodes, and `rpc`: the ledger's JSON-RPC address, if it was named.
 * @throws MedsealError as `connectPinnedLedger` if the ledger is proven to be wrong, or the device's folder is damaged.
 */
export async function namedLedger(
  network: NetworkFile,
  options: Pick<VisitorOptions, 'home' | 'url'> & { readonly rpc?: string },
): Promise<NamedLedger> {
  const { rpc } = options;
  if (rpc === undefined) return { unanswered: [] };
  try {
    return { ledger: await connectPinnedLedger(network, rpc, options), unanswered: [] };
  } catch (error) {
    if (!(error instanceof MedsealError) || provesFault(error)) throw error;
    if (!error.code.startsWith('LEDGER_') && !AWAY.has(error.code)) throw error;
    return { unanswered: [`the ledger: ${error.message}`] };
  }
}
