// Over 400 lines: every engine of a ledger has to pass the same cases, so they stand in one list.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { verifyMerkleProof } from '@ethereumjs/mpt';
import { fromRlp, keccak256, toFunctionSelector, toRlp } from 'viem/utils';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { Address, Hex } from '../protocol/ids.ts';
import { LedgerRejection } from './LedgerRejection.ts';
import { openSender, type TransactionReceipt, type Sender } from './openSender.ts';
import { signTransaction } from './signTransaction.ts';
import { hastyClock } from './test/hastyClock.ts';
import { get, hashOf, nested, probe, refuse, set, spin, time, words } from './test/probe.ts';

/** A ledger that the cases run on. */
export interface LedgerUnderTest {
  readonly provider: LedgerProvider;
  readonly chainId: number;
  readonly clock: Clock;
  /** True if its blocks have Ethereum's headers, proofs Ethereum's tries; a consortium's have the consensus' own. */
  readonly ethereum?: boolean;
  close(): Promise<void>;
}

/** The secrets of the accounts that the ledger under test takes transactions of. */
export const SECRETS = [1, 2].map((last) => {
  const secret = new Uint8Array(32).fill(7);
  secret[31] = last;
  return secret;
}) as [Uint8Array, Uint8Array];

/** The address of a secret. */
export function addressOf(secret: Uint8Array): Address {
  const key = portablePrimitives.publicKey(secret);
  return bytesToHex(portablePrimitives.keccak256(key.subarray(1)).subarray(12));
}

/**
 * Tests for every ledger, whatever its engine.
 *
 * @param name - Of the engine.
 * @param open - Opens an empty one, of chain id 4242, that takes transactions of `SECRETS` without fees.
 */
export function ledgerCases(name: string, open: () => Promise<LedgerUnderTest>): void {
  describe(name, () => {
    let ledger: LedgerUnderTest;
    let sender: Sender;
    let contract: Address;
    let created: TransactionReceipt;

    const call = async (method: string, ...params: readonly unknown[]) =>
      await ledger.provider.request({ method, params });
    const read = async (data: Hex, tag: unknown = 'latest') =>
      await call('eth_call', { to: contract, data }, tag);
    before(async () => {
      ledger = await open();
      const { provider, chainId, clock } = ledger;
      const primitives = portablePrimitives;
      sender = openSender({ provider, chainId, clock, primitives, secret: SECRETS[0] });
      created = await sender.send({ data: probe.creation });
      contract = created.contract ?? assert.fail('no contract');
    });

    after(async () => {
      await ledger.close();
    });

    it('tells its chain id, and is in step with itself', async () => {
      assert.equal(await call('eth_chainId'), '0x1092');
      assert.equal(await call('net_version'), '4242');
      assert.equal(await call('eth_syncing'), false);
      assert.match(String(await call('web3_clientVersion')), /./);
    });

    it('creates a contract where its address says', async () => {
      assert.equal(await call('eth_getCode', contract, 'latest'), probe.runtime);
      assert.equal(await call('eth_getCode', contract, '0x0'), '0x');
      assert.equal(await call('eth_getTransactionCount', contract, 'latest'), '0x1');
      const receipt = (await call('eth_getTransactionReceipt', created.transaction)) as Json;
      assert.equal(receipt['contractAddress'], contract);
      assert.equal(receipt['to'], null);
      assert.equal(receipt['from'], sender.address);
    });

    it('keeps a storage word for every block that it had', async () => {
      const first = await sender.send({ to: contract, data: set(5n, 0x1234n) });
      const second = await sender.send({ to: contract, data: set(5n, 0n) });
      const at = [created.block, first.block, second.block].map((block) => quantity(block));
      const values = await Promise.all(
        at.map(async (tag) => await call('eth_getStorageAt', contract, '0x5', tag)),
      );
      assert.deepEqual(values, [words(0n), words(0x1234n), words(0n)]);
      assert.deepEqual(await Promise.all(at.map(async (tag) => await read(get(5n), tag))), values);
    });

    it('gives a block whose hash, transactions and receipts are what its header says', async () => {
      const { block, transaction } = await sender.send({ to: contract, data: set(6n, 7n) });
      const found = (await call('eth_getBlockByNumber', quantity(block), true)) as Json;
      if (ledger.ethereum !== false) {
        assert.equal(keccak256(toRlp(headerFields(found))), found['hash']);
      }
      const [shown] = found['transactions'] as Json[];
      assert.deepEqual(shown, await call('eth_getTransactionByHash', transaction));
      assert.equal(shown?.['from'], sender.address);
      assert.equal(shown['to'], contract);
      assert.equal(shown['input'], set(6n, 7n));
      assert.equal(shown['blockHash'], found['hash']);
      const brief = (await call('eth_getBlockByHash', found['hash'], false)) as Json;
      assert.deepEqual(brief['transactions'], [transaction]);
      const receipts = (await call('eth_getBlockReceipts', quantity(block))) as Json[];
      assert.deepEqual(receipts, [await call('eth_getTransactionReceipt', transaction)]);
      assert.equal(await call('eth_getBlockTransactionCountByNumber', quantity(block)), '0x1');
    });

    it('proves accounts and storage words, and that they are not there, by the state root', async (t) => {
      if (ledger.ethereum === false) {
        t.skip('a consortium proves them under the next header (ICS-23)');
        return;
      }
      const { block } = await sender.send({ to: contract, data: set(60n, 0x99n) });
      const tag = quantity(block);
      const { stateRoot } = (await call('eth_getBlockByNumber', tag, false)) as { stateRoot: Hex };
      const nobody = `0x${'9a'.repeat(20)}` as const;
      for (const address of [contract, sender.address, nobody]) {
        const proof = (await call('eth_getProof', address, [words(60n), words(61n)], tag)) as Proof;
        const account = await proven(proof.accountProof, stateRoot, address);
        const fields = account === null ? [] : (fromRlp(bytesToHex(account)) as Hex[]);
        assert.equal(account === null, address === nobody);
        assert.equal(fields[2] ?? EMPTY_ROOT, proof.storageHash);
        for (const { key, value, proof: nodes } of proof.storageProof) {
          const there = await proven(nodes, proof.storageHash, key);
          const expected = there === null ? 0n : BigInt(fromRlp(bytesToHex(there)) as Hex);
          assert.equal(BigInt(value), expected);
          assert.equal(expected, address === contract && key === words(60n) ? 0x99n : 0n);
        }
      }
    });

    it('finds logs by address, topic and range', async () => {
      const { block } = await sender.send({ to: contract, data: set(8n, 0xabcdn) });
      await sender.send({ to: contract, data: set(9n, 0xabcdn) });
      const find = async (filter: object) =>
        ((await call('eth_getLogs', filter)) as Json[]).map(({ topics }) => topics);
      const topics8 = [words(8n), words(0xabcdn)];
      const topics9 = [words(9n), words(0xabcdn)];
      const all = { fromBlock: '0x0', toBlock: 'latest' };
      assert.deepEqual(await find({ ...all, topics: [words(8n)] }), [topics8]);
      assert.deepEqual(await find({ ...all, topics: [null, words(0xabcdn)] }), [topics8, topics9]);
      assert.deepEqual(await find({ ...all, topics: [[words(9n), words(8n)]] }), [
        topics8,
        topics9,
      ]);
      assert.deepEqual(await find({ ...all, address: contract, topics: [words(9n)] }), [topics9]);
      assert.deepEqual(await find({ ...all, address: sender.address }), []);
      assert.deepEqual(await find({ fromBlock: quantity(block), toBlock: quantity(block) }), [
        topics8,
      ]);
      const { hash } = (await call('eth_getBlockByNumber', quantity(block), false)) as Json;
      assert.deepEqual(await find({ blockHash: hash }), [topics8]);
      const [log] = (await call('eth_getLogs', { blockHash: hash })) as Json[];
      assert.equal(log?.['data'], words(0xabcdn));
      assert.equal(log['logIndex'], '0x0');
      assert.equal(log['removed'], false);
    });

    it('tells what is new through filters', async () => {
      const logs = await call('eth_newFilter', { address: contract, topics: [words(11n)] });
      const blocks = await call('eth_newBlockFilter');
      const { block } = await sender.send({ to: contract, data: set(11n, 1n) });
      const { hash } = (await call('eth_getBlockByNumber', quantity(block), false)) as Json;
      const told = (await call('eth_getFilterChanges', blocks)) as Hex[];
      // A consortium makes empty blocks, too.
      if (ledger.ethereum === false) assert.ok(told.includes(hash as Hex));
      else assert.deepEqual(told, [hash]);
      const changes = (await call('eth_getFilterChanges', logs)) as Json[];
      assert.deepEqual(
        changes.map(({ blockHash }) => blockHash),
        [hash],
      );
      assert.deepEqual(await call('eth_getFilterChanges', logs), []);
      assert.equal(((await call('eth_getFilterLogs', logs)) as Json[]).length, 1);
      assert.equal(await call('eth_uninstallFilter', logs), true);
      assert.equal(await call('eth_uninstallFilter', logs), false);
    });

    it('shows a revert with its data, and names the error of a transaction that reverted', async () => {
      const data = toFunctionSelector('GrantKnown()');
      const error = await failure(read(refuse(data)));
      assert.equal(error.values.code, 3);
      assert.equal(error.data, data);
      const refused = { code: 'RULE_REFUSED', values: { reason: 'GrantKnown' } };
      await assert.rejects(sender.send({ to: contract, data: refuse(data) }), refused);
      await assert.rejects(
        sender.send({ to: contract, data: refuse(data), gas: 100_000 }),
        refused,
      );
    });

    it('estimates gas that is enough, for nested calls too', async () => {
      for (const data of [set(20n, 1n), set(20n, 0n), nested(21n, 1n)]) {
        const gas = Number(
          await call('eth_estimateGas', { from: sender.address, to: contract, data }),
        );
        const { transaction } = await sender.send({ to: contract, data, gas });
        const receipt = (await call('eth_getTransactionReceipt', transaction)) as Json;
        assert.ok(Number(receipt['gasUsed']) <= gas);
        assert.ok(gas <= 1.5 * Number(receipt['gasUsed']), `${gas}`);
      }
      assert.equal(await read(get(21n)), words(1n));
      const endless = { from: sender.address, to: contract, data: spin(), gas: '0x30000' };
      await failure(call('eth_estimateGas', endless));
    });

    it('sends many transactions of one account at once, in order', async () => {
      const count = Number(await call('eth_getTransactionCount', sender.address, 'latest'));
      const receipts = await Promise.all(
        Array.from(
          { length: 30 },
          async (_, index) =>
            await sender.send({ to: contract, data: set(30n, BigInt(index)), gas: 100_000 }),
        ),
      );
      assert.equal(await read(get(30n)), words(29n));
      const after = await call('eth_getTransactionCount', sender.address, 'latest');
      assert.equal(Number(after), count + 30);
      const blocks = receipts.map(({ block }) => block);
      assert.deepEqual(
        blocks,
        blocks.toSorted((a, b) => a - b),
      );
    });

    const sign = (nonce: number, chainId = ledger.chainId): Hex => {
      const data = set(40n, BigInt(nonce));
      const transaction = { chainId, nonce, gas: 100_000, fee: 0n, to: contract, data };
      return bytesToHex(signTransaction(transaction, SECRETS[0], portablePrimitives));
    };

    it('refuses a used nonce, another chain and what is not a transaction', async () => {
      const next = Number(await call('eth_getTransactionCount', sender.address, 'pending'));
      for (const raw of [sign(0), sign(next, 1), '0x02c0', '0x']) {
        await failure(call('eth_sendRawTransaction', raw));
      }
      assert.equal(
        await call('eth_getTransactionCount', sender.address, 'pending'),
        quantity(next),
      );
    });

    it('takes a transaction once, however often it is sent', async () => {
      const next = Number(await call('eth_getTransactionCount', sender.address, 'pending'));
      await call('eth_sendRawTransaction', sign(next));
      await failure(call('eth_sendRawTransaction', sign(next)));
      const { provider, chainId, clock } = ledger;
      const again = { provider, chainId, clock, primitives: portablePrimitives };
      await openSender({ ...again, secret: SECRETS[0] }).send({ to: contract, data: set(42n, 1n) });
      await failure(call('eth_sendRawTransaction', sign(next)));
      const count = await call('eth_getTransactionCount', sender.address, 'latest');
      assert.equal(Number(count), next + 2);
    });

    it('mines a transaction that waited for an earlier nonce right after it', async () => {
      const next = Number(await call('eth_getTransactionCount', sender.address, 'pending'));
      const late = await call('eth_sendRawTransaction', sign(next + 1));
      assert.equal(await call('eth_getTransactionReceipt', late), null);
      const { provider, chainId, clock } = ledger;
      const other = { provider, chainId, clock, primitives: portablePrimitives };
      await openSender({ ...other, secret: SECRETS[0] }).send({ to: contract, data: set(42n, 1n) });
      await openSender({ ...other, secret: SECRETS[1] }).send({ to: contract, data: set(43n, 1n) });
      const receipt = (await call('eth_getTransactionReceipt', late)) as Json;
      assert.equal(receipt['status'], '0x1');
    });

    it('goes on when another sender uses the account', async () => {
      const { provider, chainId, clock } = ledger;
      const options = { provider, chainId, clock, primitives: portablePrimitives };
      const twin = openSender({ ...options, secret: SECRETS[1] });
      const own = openSender({ ...options, secret: SECRETS[1] });
      for (const one of [own, twin, own, twin, twin, own]) {
        await one.send({ to: contract, data: set(50n, 1n), gas: 100_000 });
      }
    });

    it('follows a transaction by its hash whose receipt is late, and never sends it under another nonce', async () => {
      const { provider, chainId } = ledger;
      const handed = new Set<unknown>();
      let refusals = 0;
      const late: LedgerProvider = {
        async request(asked) {
          // Its receipt shows after the ledger said three times, 5 s apart, that its nonce is used.
          if (asked.method === 'eth_getTransactionReceipt' && refusals < 3) return null;
          if (!asked.method.startsWith('eth_sendRawTransaction')) {
            return await provider.request(asked);
          }
          const [raw] = asked.params ?? [];
          const first = !handed.has(raw);
          handed.add(raw);
          if (first) {
            await provider.request(asked);
            throw new LedgerRejection(4, 'the transaction is in no block yet');
          }
          refusals += 1;
          throw new LedgerRejection(-32_000, 'nonce too low');
        },
      };
      const before = await call('eth_getTransactionCount', addressOf(SECRETS[1]), 'latest');
      const [, secret] = SECRETS;
      const options = { provider: late, chainId, primitives: portablePrimitives, secret };
      const patient = openSender({ ...options, clock: hastyClock(), patience: 1e9 });
      const outgoing = { to: contract, data: set(51n, 1n), gas: 100_000 };
      const { transaction } = await patient.send(outgoing);
      assert.deepEqual([handed.size, refusals], [1, 3]);
      const [raw] = handed;
      assert.equal(transaction, keccak256(raw as Hex));
      assert.equal(
        Number(await call('eth_getTransactionCount', addressOf(SECRETS[1]), 'latest')),
        Number(before) + 1,
      );
    });

    it('knows hashes of past blocks', async () => {
      const { hash } = (await call('eth_getBlockByNumber', '0x1', false)) as Json;
      assert.equal(await read(hashOf(1n)), hash);
    });

    it('recovers the signer of any signature, with a high s too, and of none other', async () => {
      const digest = new Uint8Array(32).fill(3);
      const signature = portablePrimitives.sign(digest, SECRETS[0]);
      const [r, s] = split(bytesToHex(signature.subarray(0, 64))) as [bigint, bigint];
      const v = BigInt(signature[64] ?? 0);
      const hash = BigInt(bytesToHex(digest));
      const to = `0x${'1'.padStart(40, '0')}`;
      const recovered = async (...input: bigint[]) =>
        await call('eth_call', { to, data: words(...input) }, 'latest');
      const signer = words(BigInt(sender.address));
      assert.equal(await recovered(hash, v, r, s), signer);
      assert.equal(await recovered(hash, 55n - v, r, ORDER - s), signer);
      assert.equal(await recovered(hash, v, r, ORDER), '0x');
      assert.equal(await recovered(hash, 29n, r, s), '0x');
      assert.equal(await recovered(hash, v, 0n, s), '0x');
    });

    it('reads the same by a block’s hash, however many follow', async () => {
      const { block } = await sender.send({ to: contract, data: set(70n, 1n) });
      const { hash } = (await call('eth_getBlockByNumber', quantity(block), false)) as Json;
      const then = { blockHash: hash };
      for (const value of [2n, 3n]) {
        await sender.send({ to: contract, data: set(70n, value) });
        assert.equal(await read(get(70n), then), words(1n));
        assert.equal(await call('eth_getStorageAt', contract, '0x46', then), words(1n));
      }
      assert.equal(await read(get(70n)), words(3n));
      await failure(read(get(70n), { blockHash: words(5n) }));
    });

    it('answers for the pending block with its number', async () => {
      const last = Number(await call('eth_blockNumber'));
      const [, number] = split(await read(time(), 'pending'));
      if (ledger.ethereum !== false) assert.equal(number, BigInt(last + 1));
      const [timestamp] = split(await read(time(), 'latest'));
      const block = (await call('eth_getBlockByNumber', 'latest', false)) as Json;
      assert.equal(timestamp, BigInt(String(block['timestamp'])));
    });

    it('answers null for what is not there, and an error for a state that is not there', async () => {
      const nothing = `0x${'ab'.repeat(32)}`;
      assert.equal(await call('eth_getTransactionByHash', nothing), null);
      assert.equal(await call('eth_getTransactionReceipt', nothing), null);
      assert.equal(await call('eth_getBlockByHash', nothing, false), null);
      assert.equal(await call('eth_getBlockByNumber', '0xffffff', false), null);
      await failure(read(get(1n), '0xffffff'));
    });

    it('answers -32601 for a method that it does not have, -32602 for wrong parameters', async () => {
      assert.equal((await failure(call('eth_noSuchMethod'))).values.code, -32601);
      assert.equal((await failure(call('eth_getBalance', '0x12', 'latest'))).values.code, -32602);
    });
  });
}

interface Proof {
  readonly storageHash: Hex;
  readonly accountProof: readonly Hex[];
  readonly storageProof: readonly {
    readonly key: Hex;
    readonly value: Hex;
    readonly proof: readonly Hex[];
  }[];
}

/** Keccak-256 of the RLP of nothing. */
const EMPTY_ROOT = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421';

/** Returns the value of a key that a Merkle proof (EIP-1186) proves, or null. */
async function proven(nodes: readonly Hex[], root: Hex, key: Hex): Promise<Uint8Array | null> {
  if (root === EMPTY_ROOT) return null;
  assert.equal(keccak256(nodes[0] ?? '0x'), root);
  return await verifyMerkleProof(hexToBytes(keccak256(key)), nodes.map(hexToBytes));
}

/** Order of secp256k1 (SEC 2 §2.4.1). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

type Json = Record<string, unknown>;

function quantity(value: number): Hex {
  return `0x${value.toString(16)}`;
}

function split(value: unknown): bigint[] {
  return (String(value).slice(2).match(/.{64}/g) ?? []).map((word) => BigInt(`0x${word}`));
}

const QUANTITIES = new Set(
  'difficulty number gasLimit gasUsed timestamp baseFeePerGas blobGasUsed excessBlobGas'.split(' '),
);

/** A header's fields in their order (Yellow Paper §4.3, and the EIPs up to 7685). */
const HEADER =
  `parentHash sha3Uncles miner stateRoot transactionsRoot receiptsRoot logsBloom difficulty number
  gasLimit gasUsed timestamp extraData mixHash nonce baseFeePerGas withdrawalsRoot blobGasUsed excessBlobGas
  parentBeaconBlockRoot requestsHash`.split(/\s+/);

/** A block's header as the list that is hashed. */
function headerFields(block: Json): Hex[] {
  return HEADER.map((name): Hex => {
    const value = String(block[name]) as Hex;
    if (!QUANTITIES.has(name)) return value;
    const digits = value.slice(2).replace(/^0+/, '');
    return `0x${digits.length % 2 === 0 ? digits : `0${digits}`}`;
  });
}

async function failure(attempt: Promise<unknown>): Promise<LedgerRejection> {
  const error: unknown = await attempt.then(
    () => assert.fail('it succeeded'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof LedgerRejection, String(error));
  return error;
}
