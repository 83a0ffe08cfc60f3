import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { Address, Bytes32, Hex } from '../protocol/ids.ts';
import { TRANSACTION_GAS_LIMIT } from './chain/limits.ts';
import { LedgerRejection } from './LedgerRejection.ts';
import { NonceLine } from './NonceLine.ts';
import { readReceipt, type Receipt } from './readReceipt.ts';
import { refusalOf } from './refusalOf.ts';
import { toQuantity } from './rpc/parameters.ts';
import { signTransaction } from './signTransaction.ts';

export type { Receipt } from './readReceipt.ts';

/** What is sent: a call of a contract, or the creation of one. */
export interface Outgoing {
  /** Absent to create a contract. */
  readonly to?: Address;
  readonly data: Hex;
  /** Gas to allow; estimated where absent, which also tells of a refusal before anything is sent. */
  readonly gas?: number;
}

/** An account that sends transactions. */
export interface Sender {
  readonly address: Address;
  /**
   * Sends a transaction and waits for its block. Calls at the same time go out in order and share blocks.
   *
   * @returns Its receipt.
   * @throws MedsealError `RULE_REFUSED` with the contract's error where it reverts; `NOT_YET` where no block took it
   * in time; what the provider throws.
   */
  send(outgoing: Outgoing): Promise<Receipt>;
}

/** What a sender needs. */
export interface SenderOptions {
  readonly provider: LedgerProvider;
  /** EIP-155 chain id. */
  readonly chainId: number;
  /** 32 bytes, a scalar in range. */
  readonly secret: Uint8Array;
  readonly primitives: Primitives;
  readonly clock: Clock;
  /** Milliseconds to wait for a block at most; 60,000 unless given. */
  readonly patience?: number;
}

/** Milliseconds between two looks for a receipt. */
const POLL = 100;

/**
 * Opens an account to send from: EIP-1559 transactions without fees, or with twice what the network asks, nonces in
 * order. What a dropped connection leaves open is sent again, byte for byte, so that nothing is done twice.
 *
 * @throws MedsealError `SEED_MALFORMED` where the secret is not a scalar in range.
 */
export function openSender(options: SenderOptions): Sender {
  const { provider, chainId, secret, primitives, clock, patience = 60_000 } = options;
  const publicKey = primitives.publicKey(secret);
  const address = bytesToHex(primitives.keccak256(publicKey.subarray(1)).subarray(12));
  const nonces = new NonceLine(provider, address);
  let syncKnown = true;

  async function call(method: string, ...params: readonly unknown[]): Promise<unknown> {
    return await provider.request({ method, params });
  }

  async function estimate(outgoing: Outgoing): Promise<number> {
    const found = Number(await call('eth_estimateGas', toCall(outgoing)));
    // A neighbour's transaction may go first and make this one dearer.
    return Math.max(found, Math.min(Math.ceil(found * 1.25), TRANSACTION_GAS_LIMIT));
  }

  /** Hands a transaction over, once or several times, until it is known to be with the ledger or refused. */
  async function submit(raw: Hex, deadline: number): Promise<unknown> {
    for (;;) {
      try {
        if (syncKnown) return await call('eth_sendRawTransactionSync', raw);
        await call('eth_sendRawTransaction', raw);
        return null;
      } catch (error) {
        if (isRpc(error, -32601) && syncKnown) syncKnown = false;
        else if (isRpc(error, 4, 5) || says(error, 'already known', 'already imported'))
          return null;
        else if (!isUnreachable(error) || clock.now() >= deadline) throw error;
        else await pause(clock, POLL);
      }
    }
  }

  async function awaitReceipt(hash: Bytes32, deadline: number): Promise<unknown> {
    for (;;) {
      const found = await call('eth_getTransactionReceipt', hash).catch((error: unknown) => {
        if (isUnreachable(error)) return null;
        throw error;
      });
      if (found !== null) return found;
      if (clock.now() >= deadline) throw new MedsealError('NOT_YET', { what: 'transaction' });
      await pause(clock, POLL);
    }
  }

  async function dispatch(outgoing: Outgoing, gas: number, fee: bigint): Promise<Outcome> {
    const deadline = clock.now() + patience;
    for (;;) {
      const nonce = await nonces.take();
      const raw = signTransaction({ ...outgoing, chainId, nonce, gas, fee }, secret, primitives);
      const hash = bytesToHex(primitives.keccak256(raw));
      try {
        const found = await submit(bytesToHex(raw), deadline);
        return readReceipt(found ?? (await awaitReceipt(hash, deadline)), hash);
      } catch (error) {
        // Someone else sends from this account: its next nonce is asked for again.
        if (says(error, 'nonce too low', 'underpriced') && clock.now() < deadline) {
          nonces.forget();
          continue;
        }
        if (!isMedsealError(error, 'LEDGER_REJECTED')) nonces.forget();
        else if (!(await nonces.giveBack(nonce))) await fill(nonce, fee, deadline);
        throw error;
      }
    }
  }

  /** Uses up a nonce that was refused while later ones were under way, which would wait for it for ever. */
  async function fill(nonce: number, fee: bigint, deadline: number): Promise<void> {
    const nothing = { chainId, nonce, gas: 21_000, fee, to: address, data: '0x' } as const;
    const raw = signTransaction(nothing, secret, primitives);
    await submit(bytesToHex(raw), deadline).catch(() => nonces.forget());
  }

  async function fee(): Promise<bigint> {
    return 2n * BigInt(String(await call('eth_gasPrice')));
  }

  /** Why a transaction that is in a block failed: it is run again on the state before. */
  async function explain(outgoing: Outgoing, gas: number, { block }: Receipt): Promise<unknown> {
    const again = { ...toCall(outgoing), gas: toQuantity(gas) };
    return await call('eth_call', again, toQuantity(block - 1)).then(
      () => new LedgerRejection(3, 'execution reverted'),
      (error: unknown) => error,
    );
  }

  function toCall({ to, data }: Outgoing): Record<string, Hex> {
    return { from: address, data, ...(to ? { to } : {}) };
  }

  return {
    address,
    async send(outgoing) {
      try {
        const gas = outgoing.gas ?? (await estimate(outgoing));
        const { receipt, succeeded } = await dispatch(outgoing, gas, await fee());
        if (!succeeded) throw await explain(outgoing, gas, receipt);
        return receipt;
      } catch (error) {
        throw refusalOf(error);
      }
    },
  };
}

type Outcome = ReturnType<typeof readReceipt>;

function isRpc(error: unknown, ...codes: readonly number[]): boolean {
  return isMedsealError(error, 'LEDGER_REJECTED') && codes.includes(error.values.code);
}

function says(error: unknown, ...words: readonly string[]): boolean {
  if (!isMedsealError(error, 'LEDGER_REJECTED')) return false;
  const reason = error.values.reason.toLowerCase();
  return words.some((word) => reason.includes(word));
}

function isUnreachable(error: unknown): boolean {
  return isMedsealError(error, 'LEDGER_UNREACHABLE');
}

async function pause(clock: Clock, milliseconds: number): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.after(milliseconds, resolve);
  });
}
