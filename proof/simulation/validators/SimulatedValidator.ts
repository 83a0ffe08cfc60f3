import type { LedgerProvider } from '../../../src/bindings/LedgerProvider.ts';
import { quantityOf } from '../../../src/bindings/quantityOf.ts';
import { bytesToHex, hexToBytes } from '../../../src/crypto/bytes.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { CallRunner } from '../../../src/ledger/chain/CallRunner.ts';
import type { Chain } from '../../../src/ledger/chain/Chain.ts';
import type { SignedTransaction } from '../../../src/ledger/chain/readTransaction.ts';
import { TransactionPool } from '../../../src/ledger/chain/TransactionPool.ts';
import { LedgerRejection } from '../../../src/ledger/LedgerRejection.ts';
import { FilterRegistry } from '../../../src/ledger/rpc/FilterRegistry.ts';
import type { LedgerContext } from '../../../src/ledger/rpc/LedgerContext.ts';
import { methods } from '../../../src/ledger/rpc/methods.ts';
import type { Clock } from '../../../src/protocol/Clock.ts';
import type { Address, Organisation } from '../../../src/protocol/ids.ts';
import type { Early } from './ValidatorPlan.ts';

/** Number of blocks for which the engine gives logs at once. */
const MOST_BLOCKS = 10_000;

/** Methods that read the state, with the place of the block among their parameters. */
const STATE: ReadonlyMap<string, number> = new Map([
  ['eth_call', 1],
  ['eth_estimateGas', 1],
  ['eth_getBalance', 1],
  ['eth_getCode', 1],
  ['eth_getTransactionCount', 1],
  ['eth_getStorageAt', 2],
]);

/** Options of `SimulatedValidator`. */
export interface ValidatorOptions {
  readonly organisation: Organisation;
  /** Name of the chain. */
  readonly name: string;
  /** Its blocks, as far as they can be read. */
  readonly blocks: Chain;
  /** The same, as far as calls see their state. */
  readonly states: Chain;
  readonly clock: Clock;
  /** Accounts whose transactions it takes. */
  readonly senders: ReadonlySet<Address>;
  /** Told of every transaction that it takes. */
  readonly onTransaction: (transaction: SignedTransaction) => void;
}

/**
 * A validator's node as its organisation reaches it: it answers JSON-RPC from the blocks that it has, which others may
 * have before it, and answers nothing while it is away.
 */
export class SimulatedValidator implements LedgerProvider {
  readonly organisation: Organisation;
  readonly #options: ValidatorOptions;
  readonly #filters = new FilterRegistry();
  readonly #calls: { readonly blocks: CallRunner; readonly states: CallRunner };
  #pool = new TransactionPool();
  /** Number of the newest block that it tells. */
  #told: number;
  #newest: number;
  /** Number of the newest block whose transactions it finds by their hashes. */
  #indexed: number;
  #state: 'up' | 'down' | 'hung' = 'up';
  #end = Promise.withResolvers<never>();

  constructor(options: ValidatorOptions) {
    this.organisation = options.organisation;
    this.#options = options;
    this.#told = options.blocks.head.header.number;
    this.#indexed = this.#told;
    this.#newest = this.#told;
    this.#calls = {
      blocks: new CallRunner(options.blocks),
      states: new CallRunner(options.states),
    };
    this.#end.promise.catch(() => undefined);
  }

  /** Transactions that wait here. */
  get pool(): TransactionPool {
    return this.#pool;
  }

  /** True if it runs. */
  get up(): boolean {
    return this.#state === 'up';
  }

  /** Number of the newest block that it has, or is getting. */
  get told(): number {
    return this.#told;
  }

  /** Number of the newest block that can be read. */
  get height(): number {
    return this.#options.blocks.head.header.number;
  }

  /** Number of the newest block that could ever be read, which an older copy of its folder lacks. */
  get newest(): number {
    return this.#newest;
  }

  /** Ends it, or has it stand still; what waits at one that ends is forgotten. */
  leave(how: 'down' | 'hung'): void {
    this.#state = how;
    if (how === 'hung') return;
    this.#end.reject(new MedsealError('LEDGER_UNREACHABLE', {}));
    this.#pool = new TransactionPool();
  }

  /** Starts it again, or has it go on. @param older - Number of blocks that it lost. */
  come(older: number): void {
    if (this.#state === 'down') {
      this.#end = Promise.withResolvers<never>();
      this.#end.promise.catch(() => undefined);
    }
    this.#state = 'up';
    const number = Math.max(1, this.height - older);
    this.#told = number;
    this.#indexed = number;
    for (const chain of [this.#options.blocks, this.#options.states]) {
      const head = chain.headerAt(Math.min(number, chain.head.header.number));
      if (head !== undefined) chain.advance(head);
    }
  }

  /** Takes note of a block that the validators finished. @param early - What it tells of it at once; all if absent. */
  hear(number: number, newest: Chain, early?: Early): void {
    this.#told = number;
    if (early === 'number') return;
    const { blocks, states } = this.#options;
    const head = newest.headerAt(number);
    if (head === undefined) throw new Error(`there is no block ${number}`);
    blocks.advance(head);
    this.#newest = Math.max(this.#newest, number);
    if (early === undefined || early === 'logs') states.advance(head);
    if (early === 'logs') return;
    this.#indexed = number;
    this.#settle(number);
  }

  /** Notes a transaction that another validator's node took. */
  offer(transaction: SignedTransaction, nextNonce: number): void {
    if (!this.up) return;
    try {
      this.#pool.add(transaction, nextNonce);
    } catch (error) {
      if (!(error instanceof LedgerRejection)) throw error;
    }
  }

  /**
   * Does what a connection to it asks for; throws `LEDGER_UNREACHABLE` if it is down, or ends meanwhile, and never ends
   * if it stands still.
   */
  async reach<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#state === 'down') throw new MedsealError('LEDGER_UNREACHABLE', {});
    if (this.#state === 'hung') return await this.#end.promise;
    return await Promise.race([work(), this.#end.promise]);
  }

  /** Answers a call. */
  async request({
    method,
    params = [],
  }: Parameters<LedgerProvider['request']>[0]): Promise<unknown> {
    const { blocks, name } = this.#options;
    if (method === 'medseal_chain') return name;
    if (method === 'eth_blockNumber') return quantityOf(this.#told);
    if (method === 'eth_getBlockByNumber') return await this.#block(params);
    if (method === 'eth_getLogs') this.#requireRange(params);
    const place = STATE.get(method);
    if (place !== undefined)
      return await this.#run(method, newestAt(method, params, place), 'states');
    const answer = await this.#run(method, params, 'blocks');
    if (method !== 'eth_getTransactionReceipt' || answer === null) return answer;
    const { blockNumber } = answer as { readonly blockNumber: string };
    return Number(blockNumber) > Math.min(this.#indexed, blocks.head.header.number) ? null : answer;
  }

  /** A block; null for the newest one while its results cannot be read, as the engine answers. */
  async #block([tag, full]: readonly unknown[]): Promise<unknown> {
    if (tag === '0x0' || tag === 'earliest') {
      const first = await this.#run('eth_getBlockByNumber', ['0x1', full], 'blocks');
      // A hash of the consensus' header, which is not that of Ethereum's.
      return { ...(first as object), hash: `0x${'c0'.repeat(32)}` };
    }
    const named = typeof tag === 'string' && tag.startsWith('0x');
    if (!named && this.#told > this.height) return null;
    return await this.#run(
      'eth_getBlockByNumber',
      [tag === 'pending' ? 'latest' : tag, full],
      'blocks',
    );
  }

  /** The engine refuses a range that ends after the newest block, where Ethereum's nodes answer with what there is. */
  #requireRange([filter]: readonly unknown[]): void {
    const { fromBlock, toBlock } = (filter ?? {}) as Record<string, unknown>;
    const numberOf = (tag: unknown): number =>
      typeof tag === 'string' && tag.startsWith('0x') ? Number(tag) : this.height;
    const [from, to] = [numberOf(fromBlock), numberOf(toBlock)];
    if (from > this.height || to > this.height || from > to) {
      throw new LedgerRejection(-32000, 'invalid block range params');
    }
    if (to - from > MOST_BLOCKS) {
      throw new LedgerRejection(-32000, `maximum [from, to] blocks distance: ${MOST_BLOCKS}`);
    }
  }

  async #run(
    method: string,
    params: readonly unknown[],
    of: 'blocks' | 'states',
  ): Promise<unknown> {
    const run = methods.get(method);
    if (run === undefined) throw new LedgerRejection(-32601, `the method ${method} does not exist`);
    const { [of]: chain, senders, clock } = this.#options;
    const context: LedgerContext = {
      chain,
      pool: this.#pool,
      filters: this.#filters,
      // The engine does not compare its blocks with its clock.
      clock: { ...clock, now: () => Math.max(clock.now(), 1000 * chain.head.header.timestamp) },
      calls: this.#calls[of],
      maySend: async (account) => await Promise.resolve(senders.has(account)),
      accept: (transaction, nextNonce) => {
        const waiting = this.#pool.add(transaction, nextNonce);
        this.#options.onTransaction(transaction);
        return waiting;
      },
    };
    return await run(context, params);
  }

  /** Tells those who wait for their transactions in a block. */
  #settle(number: number): void {
    const { blocks } = this.#options;
    const placed = new Set(blocks.block(number)?.receipts.map(({ hash }) => bytesToHex(hash)));
    const state = blocks.stateAt(blocks.head.header);
    for (const waiting of this.#pool.all()) {
      const next = Number(state.account(hexToBytes(waiting.from))?.nonce ?? 0n);
      if (placed.has(waiting.id)) this.#pool.remove(waiting);
      else if (waiting.nonce < next) this.#pool.remove(waiting, late(waiting));
    }
  }
}

/** Parameters for the newest state, which is what the engine has for `pending` and for no block. */
function newestAt(method: string, params: readonly unknown[], place: number): readonly unknown[] {
  const counts = method === 'eth_getTransactionCount';
  if (counts || (params[place] !== 'pending' && params[place] !== undefined)) return params;
  return Object.assign([...params], { [place]: 'latest' });
}

function late({ id }: SignedTransaction): LedgerRejection {
  return new LedgerRejection(4, 'the transaction is in no block yet', id);
}
