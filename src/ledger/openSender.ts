import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { quantityIn } from '../bindings/quantityIn.ts';
import { addressOf } from '../crypto/addressOf.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import type { SigningKey } from '../crypto/keys/SigningKey.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import type { Clock } from '../protocol/Clock.ts';
import { ZERO_ADDRESS, type Address, type Hex } from '../protocol/ids.ts';
import { TRANSACTION_GAS_LIMIT } from './chain/limits.ts';
import { LedgerRejection } from './LedgerRejection.ts';
import { Delivery, isNonceRefusal, type ReadyTransaction } from './Delivery.ts';
import { NonceLine } from './NonceLine.ts';
import { readReceipt, type TransactionReceipt } from './readReceipt.ts';
import { refusalOf } from './refusalOf.ts';
import { toQuantity } from './rpc/parameters.ts';
import { signTransaction, type UnsignedTransaction } from './signTransaction.ts';

/** The most transactions under way at once: half of what a validator of a consortium lets wait of one account. */
const MOST_UNDER_WAY = 64;
/** The most nonces that are filled before one: as many as a validator lets wait of one account. */
const MOST_MISSING = 2 * MOST_UNDER_WAY;
/** The most dry runs at once: whoever has many refused holds up nothing that is sent. */
const MOST_TRIED = 8;
/** Milliseconds before a nonce is asked for again that another one used up. */
const PAUSE = 100;

export type { TransactionReceipt } from './readReceipt.ts';

/** The transaction to send: a call of a contract, or the creation of one. */
export interface Outgoing {
  /** Absent to create a contract. */
  readonly to?: Address;
  readonly data: Hex;
  /** Present if the data follows from the transaction's nonce, as a contract's address does; `data` is like it. */
  readonly dataAt?: (nonce: number) => Hex;
  /** Gas to allow; estimated if absent, which also tells of a refusal before anything is sent. */
  readonly gas?: number;
  /**
   * Present if gas is estimated as a dry run, before the transaction waits in line: a contract that would refuse a request
   * reverts then, so that the refusal costs no transaction. Called once nothing was refused; it may throw.
   */
  readonly dryRun?: () => void;
}

/** An account that sends transactions. */
export interface Sender {
  readonly address: Address;
  /**
   * Sends a transaction and waits for its block. Calls at the same time go out in order and share blocks.
   *
   * @returns Its receipt.
   * @throws MedsealError `RULE_REFUSED` with the contract's error if it reverts; `NOT_YET` if no block took it in time;
   * `QUOTA_SPENT` or `OVERLOADED` if in that time the ledger took no more; `CLOSED` if its waiting was ended, and a later
   * block may have it; errors of the provider.
   */
  send(outgoing: Outgoing): Promise<TransactionReceipt>;
}

/** Options of `openSender`. */
export interface SenderOptions {
  readonly provider: LedgerProvider;
  /** EIP-155 chain id. */
  readonly chainId: number;
  /** Its key: 32 bytes, a scalar in range, or one that is held elsewhere. */
  readonly secret: SigningKey;
  readonly primitives: Primitives;
  readonly clock: Clock;
  /** Milliseconds to wait for a block at most; 60,000 unless given. */
  readonly patience?: number;
  /** Ends the wait for blocks, and sends nothing from then on. */
  readonly ended?: AbortSignal | undefined;
}

/**
 * Opens an account to send from: EIP-1559 transactions without fees, or with twice what the network asks; nonces in
 * the order of the calls.
 *
 * @throws MedsealError `SEED_MALFORMED` if the secret is not a scalar in range.
 */
export function openSender(options: SenderOptions): Sender {
  const { provider, chainId, secret, primitives, clock, ended, patience = 60_000 } = options;
  const address =
    'sign' in secret ? secret.address : addressOf(primitives, primitives.publicKey(secret));
  const nonces = new NonceLine(provider, address);
  const delivery = new Delivery(provider, clock, ended);
  const [sends, tries] = [lineOf(MOST_UNDER_WAY), lineOf(MOST_TRIED)];
  /** Nonces that are being sent. */
  const sending = new Set<number>();
  let filling: Promise<void> | undefined;
  let before: Promise<unknown> = Promise.resolve();

  async function pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      clock.after(PAUSE, resolve);
    });
  }

  async function call(method: string, ...params: readonly unknown[]): Promise<unknown> {
    return await provider.request({ method, params });
  }

  function toCall({ to, data }: Outgoing, from = address): Record<string, Hex> {
    return { from, data, ...(to ? { to } : {}) };
  }

  /** The gas to allow; a refusal shows here, before anything is sent. */
  async function estimate(outgoing: Outgoing, from?: Address): Promise<number> {
    const found = quantityIn(await call('eth_estimateGas', toCall(outgoing, from)), 'estimate');
    // A neighbour's transaction may go first and make this one dearer.
    return Math.max(found, Math.min(Math.ceil(found * 1.25), TRANSACTION_GAS_LIMIT));
  }

  /** A dry run is nobody's call, which no transaction can be. */
  async function tried(outgoing: Outgoing, dryRun: () => void): Promise<Outgoing> {
    await tries.enter();
    try {
      const gas = await estimate(outgoing, ZERO_ADDRESS);
      dryRun();
      return { ...outgoing, gas };
    } catch (error) {
      throw refusalOf(error);
    } finally {
      tries.leave();
    }
  }

  /** Decides what is open in a transaction. */
  async function prepare(outgoing: Outgoing): Promise<Prepared> {
    const fee = 2n * BigInt(quantityIn(await call('eth_gasPrice'), 'gas price'));
    return { ...outgoing, chainId, fee, gas: outgoing.gas ?? (await estimate(outgoing)) };
  }

  async function deliver(prepared: Prepared, nonce: number, deadline: number): Promise<Outcome> {
    const data = prepared.dataAt?.(nonce) ?? prepared.data;
    const signed = sign({ ...prepared, data, nonce });
    const fillBefore = (): void => beginFilling(prepared, nonce, deadline);
    sending.add(nonce);
    try {
      return readReceipt(await delivery.deliver(signed, deadline, fillBefore), signed.hash);
    } catch (error) {
      // Someone else sends from this account: its next nonce is asked for again.
      if (isNonceRefusal(error) && clock.now() < deadline) {
        nonces.forget();
        await pause();
        return await deliver(prepared, await nonces.take(), deadline);
      }
      if (isNonceRefusal(error) || !isMedsealError(error, 'LEDGER_REJECTED')) nonces.forget();
      else if (!(await nonces.giveBack(nonce))) {
        // It was refused while later ones were under way.
        await fill(prepared, nonce, deadline).catch(() => nonces.forget());
      }
      throw error;
    } finally {
      sending.delete(nonce);
    }
  }

  function sign(unsigned: UnsignedTransaction): ReadyTransaction {
    const raw = signTransaction(unsigned, secret, primitives);
    const hash = bytesToHex(primitives.keccak256(raw));
    return { account: address, nonce: unsigned.nonce, hash, raw: bytesToHex(raw) };
  }

  /** Begins to fill what is missing before a nonce; if that fails, the next one that waits begins it again. */
  function beginFilling(prepared: Prepared, nonce: number, deadline: number): void {
    filling ??= fillUpTo(prepared, nonce, deadline)
      .catch(() => undefined)
      .finally(() => {
        filling = undefined;
      });
  }

  /**
   * Uses up the nonces before one that the ledger counted as waiting when it was asked, and has forgotten since, as one does
   * that ends: who sent them is gone, and what follows would wait for them for ever. No ledger lets more wait than is
   * filled; one that counted further was wrong, and the next send asks it again.
   */
  async function fillUpTo(prepared: Prepared, nonce: number, deadline: number): Promise<void> {
    const counted = await nonces.counted();
    if (nonce - counted > MOST_MISSING) return;
    for (let missing = counted; missing < nonce; missing++) {
      if (!sending.has(missing)) await fill(prepared, missing, deadline);
    }
  }

  /** Uses up a nonce, which later ones would wait for for ever. */
  async function fill({ fee }: Prepared, nonce: number, deadline: number): Promise<void> {
    const nothing = { chainId, nonce, fee, gas: 21_000, to: address, data: '0x' } as const;
    await delivery.deliver(sign(nothing), deadline);
  }

  /** Why a transaction that is in a block failed: it is run again on the state before. */
  async function explain(prepared: Prepared, { block }: TransactionReceipt): Promise<unknown> {
    const again = { ...toCall(prepared), gas: toQuantity(prepared.gas) };
    return await call('eth_call', again, toQuantity(block - 1)).then(
      () => new LedgerRejection(3, 'execution reverted'),
      (error: unknown) => error,
    );
  }

  return {
    address,
    async send(given) {
      const outgoing = given.dryRun === undefined ? given : await tried(given, given.dryRun);
      const deadline = clock.now() + patience;
      await sends.enter();
      const preparing = prepare(outgoing);
      const taking = before.then(async () => {
        await preparing;
        return await nonces.take();
      });
      before = taking.catch(() => {});
      try {
        const prepared = await preparing;
        const { receipt, succeeded } = await deliver(prepared, await taking, deadline);
        if (!succeeded) throw await explain(prepared, receipt);
        return receipt;
      } catch (error) {
        throw refusalOf(error);
      } finally {
        sends.leave();
      }
    },
  };
}

/** A line in which the others wait while so many are inside. */
function lineOf(most: number): { enter(): Promise<void>; leave(): void } {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return {
    async enter() {
      if (inside < most) inside += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave() {
      const next = waiting.shift();
      if (next === undefined) inside -= 1;
      else next();
    },
  };
}

type Outcome = ReturnType<typeof readReceipt>;

type Prepared = Omit<UnsignedTransaction, 'nonce'> & Pick<Outgoing, 'dataAt'>;
