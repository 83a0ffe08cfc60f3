import type { AccountFields, StateManagerInterface } from '@ethereumjs/common';
import { Account, bytesToUnprefixedHex, type Address } from '@ethereumjs/util';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import type { LightLedger } from '../../consortium/LightLedger.ts';
import type { Keccak } from '../trie/Keccak.ts';

/**
 * A consortium's state after a block, as the EVM wants it: each word and each code is asked for when it is read, and
 * proven. Changes are forgotten. Accounts without code have no nonce and no balance here.
 */
export class ProvenState implements StateManagerInterface {
  readonly #ledger: LightLedger;
  readonly #height: number;
  readonly #hashes: Keccak;
  readonly #codes = new Map<string, Promise<Uint8Array>>();
  readonly #words = new Map<string, Promise<Uint8Array>>();
  #accounts = new Map<string, Account | undefined>();
  #written = new Map<string, Uint8Array>();
  readonly #checkpoints: (readonly [Map<string, Account | undefined>, Map<string, Uint8Array>])[] =
    [];

  /**
   * @param ledger - Verifies what is read.
   * @param height - The block.
   * @param hashes - Keccak-256.
   */
  constructor(ledger: LightLedger, height: number, hashes: Keccak) {
    this.#ledger = ledger;
    this.#height = height;
    this.#hashes = hashes;
  }

  async getAccount(address: Address): Promise<Account | undefined> {
    const at = bytesToUnprefixedHex(address.bytes);
    if (this.#accounts.has(at)) return this.#accounts.get(at);
    const code = await this.getCode(address);
    if (code.length === 0) return undefined;
    return new Account(0n, 0n, undefined, this.#hashes.keccak256(code));
  }

  async putAccount(address: Address, account?: Account): Promise<void> {
    this.#accounts.set(bytesToUnprefixedHex(address.bytes), account);
    await Promise.resolve();
  }

  async deleteAccount(address: Address): Promise<void> {
    await this.putAccount(address, undefined);
  }

  async modifyAccountFields(address: Address, fields: AccountFields): Promise<void> {
    const known = (await this.getAccount(address)) ?? new Account();
    const { nonce, balance, storageRoot, codeHash } = fields;
    await this.putAccount(
      address,
      new Account(
        nonce ?? known.nonce,
        balance ?? known.balance,
        storageRoot ?? known.storageRoot,
        codeHash ?? known.codeHash,
      ),
    );
  }

  async putCode(): Promise<void> {
    await Promise.reject(new Error('a call that is proven creates no contract'));
  }

  async getCode(address: Address): Promise<Uint8Array> {
    const at = bytesToUnprefixedHex(address.bytes);
    return await remembered(this.#codes, at, async () => {
      return await this.#ledger.verifiedCode(`0x${at}`, this.#height);
    });
  }

  async getCodeSize(address: Address): Promise<number> {
    return (await this.getCode(address)).length;
  }

  async getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
    const name = bytesToUnprefixedHex(address.bytes) + bytesToUnprefixedHex(key);
    return this.#written.get(name) ?? (await this.#original(address, key, name));
  }

  async #original(address: Address, key: Uint8Array, name: string): Promise<Uint8Array> {
    return await remembered(this.#words, name, async () => {
      const at = bytesToHex(address.bytes);
      const word = await this.#ledger.verifiedStorage(at, bytesToHex(key), this.#height);
      const digits = word.slice(2).replace(/^(?:00)+/, '');
      return hexToBytes(`0x${digits}`);
    });
  }

  async putStorage(address: Address, key: Uint8Array, value: Uint8Array): Promise<void> {
    const name = bytesToUnprefixedHex(address.bytes) + bytesToUnprefixedHex(key);
    this.#written.set(name, value);
    await Promise.resolve();
  }

  async clearStorage(): Promise<void> {
    await Promise.resolve();
  }

  async checkpoint(): Promise<void> {
    this.#checkpoints.push([new Map(this.#accounts), new Map(this.#written)]);
    await Promise.resolve();
  }

  async commit(): Promise<void> {
    this.#checkpoints.pop();
    await Promise.resolve();
  }

  async revert(): Promise<void> {
    [this.#accounts, this.#written] = this.#checkpoints.pop() ?? [new Map(), new Map()];
    await Promise.resolve();
  }

  async getStateRoot(): Promise<Uint8Array> {
    return await Promise.resolve(new Uint8Array(32));
  }

  async setStateRoot(): Promise<void> {
    await Promise.resolve();
  }

  async hasStateRoot(): Promise<boolean> {
    return await Promise.resolve(true);
  }

  readonly originalStorageCache: StateManagerInterface['originalStorageCache'] = {
    get: async (address, key) => {
      const name = bytesToUnprefixedHex(address.bytes) + bytesToUnprefixedHex(key);
      return await this.#original(address, key, name);
    },
    clear: () => undefined,
  };

  clearCaches(): void {
    this.#codes.clear();
    this.#words.clear();
  }

  shallowCopy(): ProvenState {
    return new ProvenState(this.#ledger, this.#height, this.#hashes);
  }
}

async function remembered<Value>(
  known: Map<string, Promise<Value>>,
  name: string,
  ask: () => Promise<Value>,
): Promise<Value> {
  const value = known.get(name) ?? ask();
  known.set(name, value);
  return await value;
}
