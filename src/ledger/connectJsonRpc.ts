import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { postJsonRpc } from '../bindings/postJsonRpc.ts';
import { quantityIn } from '../bindings/quantityIn.ts';
import { prunedError } from '../consortium/prunedError.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { MAX_LEDGER_AHEAD } from '../protocol/evidence/requireNotAhead.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { LedgerRejection } from './LedgerRejection.ts';
import { ReceiptCheck } from './ReceiptCheck.ts';

/** The most characters of a ledger's error message. */
const LONGEST = 2000;

/** Options of `connectJsonRpc`. */
export interface JsonRpcOptions {
  /** `http:` or `https:`. */
  readonly url: string;
  /** EIP-155 chain id that it must have. */
  readonly chainId: number;
  /** Hash that its block 0 must have; not checked if absent. */
  readonly genesis?: Bytes32;
  /** Name of the chain of validators that it must be, instead of the hash of block 0. */
  readonly chain?: string;
  readonly clock: Clock;
  /** Milliseconds that a call may take; 15,000 unless given. */
  readonly timeout?: number;
  /** Unless given, the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** Hashes; the portable ones unless given. */
  readonly primitives?: Primitives;
}

/**
 * Connects to an EVM network over JSON-RPC and HTTP, once it has shown that it is the right one. A receipt is passed on
 * only if it fits its block (see `ReceiptCheck`).
 *
 * @param options - Address of the ledger, and the network that it must be.
 * @throws MedsealError `LEDGER_OTHER` if chain id, genesis or the chain's name differ; `LEDGER_UNREACHABLE` if nothing answers in
 * time; `PEER_MALFORMED` if something answers that is not JSON-RPC. Calls of blocks that it removed throw `LEDGER_PRUNED`.
 */
export async function connectJsonRpc(options: JsonRpcOptions): Promise<LedgerProvider> {
  const { chainId, genesis, chain, primitives = portablePrimitives } = options;
  let lastId = 0;
  const plain: LedgerProvider = {
    async request({ method, params = [] }) {
      const id = ++lastId;
      return readAnswer(await postJsonRpc(options, { jsonrpc: '2.0', id, method, params }), id);
    },
  };

  /** One exchange for all; one call each if the ledger takes no lists. */
  async function requestAll(
    calls: Parameters<NonNullable<LedgerProvider['requestAll']>>[0],
  ): Promise<readonly unknown[]> {
    const asked = calls.map(({ method, params = [] }) => {
      return { jsonrpc: '2.0', id: ++lastId, method, params };
    });
    const answers = await postJsonRpc(options, asked);
    if (!Array.isArray(answers)) {
      return await Promise.all(calls.map(async (call) => await plain.request(call)));
    }
    const byId = new Map(answers.map((answer: unknown) => [idOf(answer), answer]));
    return asked.map(({ id }) => readAnswer(byId.get(id), id));
  }

  const found = await plain.request({ method: 'eth_chainId' });
  if (quantityIn(found, 'ledger answer') !== chainId) throw new MedsealError('LEDGER_OTHER', {});
  const first = await firstBlock(plain, chain !== undefined);
  const { hash } = (first ?? {}) as { hash?: unknown };
  if (typeof hash !== 'string') throw new MedsealError('PEER_MALFORMED', { what: 'ledger answer' });
  const same =
    chain === undefined
      ? genesis === undefined || hash.toLowerCase() === genesis
      : (await plain.request({ method: 'medseal_chain' })) === chain;
  if (!same) throw new MedsealError('LEDGER_OTHER', {});
  const receipts = new ReceiptCheck(plain, primitives, { ...(first as object), hash });
  return {
    async request(call) {
      const result = await plain.request(call);
      return RECEIPTS.has(call.method) ? await receipts.check(result) : result;
    },
    async requestAll(calls) {
      const results = await requestAll(calls);
      return await Promise.all(
        results.map(async (result, place) => {
          const receipt = RECEIPTS.has(calls[place]?.method ?? '');
          return receipt ? await receipts.check(result) : result;
        }),
      );
    },
  };
}

/** The ledger's first block; its newest one if its name binds the first, and a validator may have removed that. */
async function firstBlock(provider: LedgerProvider, named: boolean): Promise<unknown> {
  const blockOf = async (number: string): Promise<unknown> =>
    await provider.request({ method: 'eth_getBlockByNumber', params: [number, false] });
  if (!named) return await blockOf('0x0');
  const found = await blockOf('0x0').catch((error: unknown) => {
    if (isMedsealError(error, 'LEDGER_PRUNED')) return null;
    throw error;
  });
  return found ?? (await blockOf('latest'));
}

function idOf(answer: unknown): unknown {
  return ((answer ?? {}) as { readonly id?: unknown }).id;
}

/** The methods that answer with a receipt. */
const RECEIPTS = new Set(['eth_getTransactionReceipt', 'eth_sendRawTransactionSync']);

function readAnswer(answer: unknown, id: number): unknown {
  const found = (answer ?? {}) as { id?: unknown; result?: unknown; error?: unknown };
  const { error } = found;
  if (typeof error === 'object' && error !== null) throw toError(error);
  if (found.id !== id || found.result === undefined) {
    throw new MedsealError('PEER_MALFORMED', { what: 'ledger answer' });
  }
  return found.result;
}

function toError(error: object): Error {
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown };
  const { code: ours } = (typeof data === 'object' && data !== null ? data : {}) as {
    code?: unknown;
  };
  if (ours === 'LEDGER_AHEAD') return new MedsealError('LEDGER_AHEAD', { limit: MAX_LEDGER_AHEAD });
  if (ours === 'LEDGER_STOPPED') return new MedsealError('LEDGER_STOPPED', {});
  if (ours === 'QUOTA_SPENT') {
    return new MedsealError('QUOTA_SPENT', { what: 'transactions of an account that wait' });
  }
  if (ours === 'OVERLOADED') return new MedsealError('OVERLOADED', {});
  if (ours === 'CLOSED') return new MedsealError('CLOSED', { what: 'ledger' });
  const said = typeof message === 'string' ? message.slice(0, LONGEST) : '';
  const pruned = prunedError(said, data);
  if (pruned !== undefined) return pruned;
  return new LedgerRejection(
    typeof code === 'number' ? code : -32603,
    typeof message === 'string' ? plain(message) : 'no reason given',
    data,
  );
}

/** The ledger's own words, cut if they are too long, without characters that a terminal would obey. */
function plain(text: string): string {
  return text
    .slice(0, LONGEST)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '\u{fffd}');
}
