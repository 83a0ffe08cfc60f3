import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { quantityOf } from '../../bindings/quantityOf.ts';
import { boundTime } from '../../consortium/boundTime.ts';
import { connectConsensus, type ConsensusSource } from '../../consortium/connectConsensus.ts';
import { fetchSigned } from '../../consortium/fetchSigned.ts';
import { foundingOf, type ConsortiumFounding } from '../../consortium/foundingTrust.ts';
import type { ForkProof } from '../../consortium/forkOf.ts';
import { LightLedger } from '../../consortium/LightLedger.ts';
import { TRUST_PERIOD, type TrustedBlock } from '../../consortium/verifyBlock.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { BlockFacts } from '../../protocol/network/BlockFacts.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { newestStated } from '../../protocol/network/newestStated.ts';
import { connectJsonRpc, type JsonRpcOptions } from '../connectJsonRpc.ts';
import { LedgerRejection } from '../LedgerRejection.ts';
import { ProvenReads } from './ProvenReads.ts';
import { withoutRefusals } from './withoutRefusals.ts';

/** Options of `connectVerifiedLedger`. */
export interface VerifiedLedgerOptions extends Pick<
  JsonRpcOptions,
  'url' | 'clock' | 'timeout' | 'fetch' | 'primitives'
> {
  /** The pinned network file. */
  readonly network: Pick<NetworkFile, 'ledger' | 'founders' | 'before'>;
  /** A block that was verified earlier; needed if the founding, and the block that the network file states last, are over 21 days past. */
  readonly trusted?: TrustedBlock;
  /**
   * Asks k coordinators for the newest block (`confirmNewest`); called if the founding, or the block that was verified
   * earlier, is over 21 days past, and so is the block that the network file states last.
   */
  readonly askNewest?: () => Promise<BlockFacts>;
  /**
   * Called with a verified block that is worth keeping: the first, then one each hour. If that fails, reading goes on, and
   * a block is offered again at the next read.
   */
  readonly onTrusted?: (block: TrustedBlock) => Promise<void>;
  /** Called with the proof if validators signed two blocks of one height. */
  readonly onFork?: (proof: ForkProof) => Promise<void>;
}

/** A read may take as long as so many calls. */
const CALLS = 12;
/** Seconds between two blocks that are worth keeping. */
const KEEP_EACH = 3600;

/**
 * Other questions of a sender. A lie about them cannot make anybody believe something of the ledger: at worst the sender's
 * own transaction is refused, and not in the name of a contract.
 */
const PASSED: ReadonlySet<string> = new Set([
  'eth_sendRawTransaction',
  'eth_getTransactionCount',
  'eth_gasPrice',
  'medseal_chain',
]);

/**
 * Connects to a network's ledger over JSON-RPC and HTTP. If validators hold it, whoever answers is not believed: blocks,
 * logs, receipts, storage, code and the answers of calls are verified from the network file, and what cannot be is
 * refused. The newest block that is told of is the last one whose state the next one proves.
 *
 * @param options - The address, the network file, and a block that is trusted.
 * @throws MedsealError `LEDGER_OTHER` if it is another network's; `LEDGER_UNPROVEN` if it does not prove what it says;
 * `LEDGER_FORKED` if validators signed two blocks of one height; `LEDGER_STALE` if its newest block is old; `LEDGER_TRUST_OLD` if a newer trusted block is needed; of `askNewest`;
 * `LEDGER_UNREACHABLE` if nothing answers in time; `LEDGER_SLOW` if it does, and the answers to one read take twelve
 * times as long as one call may; `LEDGER_PRUNED` if it has removed a block; `PEER_MALFORMED`; `LEDGER_REJECTED` if it
 * answers with another error.
 * @example
 * ```ts
 * const { clock, primitives } = await machinePorts();
 * const url = 'http://127.0.0.1:8545';
 * const ledger = await connectVerifiedLedger({ url, clock, primitives, network });
 * const head = await ledger.request({ method: 'eth_blockNumber' });
 * ```
 */
export async function connectVerifiedLedger(
  options: VerifiedLedgerOptions,
): Promise<LedgerProvider> {
  const { network, clock, trusted, onTrusted, onFork, primitives = portablePrimitives } = options;
  const believed = await connectJsonRpc({ ...options, ...network.ledger });
  const founding = foundingOf(network);
  if (founding === undefined) return believed;
  const plain = withoutRefusals(believed);
  const { timeout = 15_000 } = options;
  const { source, within } = boundTime(connectConsensus(options), clock, CALLS * timeout);
  const { chainId } = network.ledger;
  let kept = trusted?.time ?? -Infinity;
  const open = async (known: TrustedBlock | undefined): Promise<OpenedReads> => {
    const renewed = await renewedTrust(options, primitives, known, founding, source);
    const newest = renewed ?? known;
    const light = new LightLedger({
      primitives,
      clock,
      source,
      founding,
      ...(newest && { trusted: newest }),
      ...(renewed && known && { former: known }),
      ...(onFork && { onFork }),
    });
    const reads = new ProvenReads({ light, plain, chainId, primitives, clock, timeout });
    return { light, reads };
  };
  let opened = await open(trusted);
  await within(async () => await opened.light.verifiedHead());
  await keep();
  return { request };

  async function request(call: Parameters<LedgerProvider['request']>[0]): Promise<unknown> {
    const { method, params = [] } = call;
    if (method === 'eth_chainId') return quantityOf(chainId);
    if (PASSED.has(method)) return await plain.request(call);
    const { trusted: newest } = opened.light;
    // A reader that did not run for weeks, such as that of a machine that slept, trusts nothing any more either.
    if (options.askNewest && !isTrusted(clock, newest)) {
      opened = await open(newest.height === 0 ? undefined : newest);
    }
    const read = opened.reads.method(method);
    if (read === undefined) throw new LedgerRejection(-32601, `${method} has no proof`);
    const answer = await within(async () => await read(params));
    await keep();
    return answer;
  }

  async function keep(): Promise<void> {
    const newest = opened.light.trusted;
    if (onTrusted === undefined || newest.time < kept + KEEP_EACH) return;
    const { chain, height, time, validators, nextValidatorsHash, hash, signed } = newest;
    const known = { ...(hash && { hash }), ...(signed && { signed }) };
    const block = { chain, height, time, validators, nextValidatorsHash, ...known };
    const before = kept;
    kept = time;
    try {
      await onTrusted(block);
    } catch {
      kept = before;
    }
  }
}

/**
 * The block that coordinators signed when the newest successor of the network file was drafted, or that they sign now as the
 * newest one, if nothing that is known is trusted any more.
 */
async function renewedTrust(
  { askNewest, clock, network }: VerifiedLedgerOptions,
  primitives: Primitives,
  known: TrustedBlock | undefined,
  founding: ConsortiumFounding,
  source: ConsensusSource,
): Promise<TrustedBlock | undefined> {
  const { chain, time } = known ?? founding;
  if (isTrusted(clock, { time })) return undefined;
  const stated = newestStated(network);
  const signed = stated && isTrusted(clock, stated) ? stated : await askNewest?.();
  if (signed === undefined) return undefined;
  if (chain !== founding.chain) throw new MedsealError('LEDGER_OTHER', {});
  return await fetchSigned(primitives, source, chain, signed, seconds(clock));
}

function isTrusted(
  clock: VerifiedLedgerOptions['clock'],
  { time }: { readonly time: number },
): boolean {
  return seconds(clock) < time + TRUST_PERIOD;
}

/** The reads that go on from one block. */
interface OpenedReads {
  readonly light: LightLedger;
  readonly reads: ProvenReads;
}
