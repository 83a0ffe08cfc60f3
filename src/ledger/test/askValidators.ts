import assert from 'node:assert/strict';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { systemClock } from '../../folder/systemClock.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { connectJsonRpc } from '../connectJsonRpc.ts';
import { addressOf } from '../ledger.cases.ts';
import { openSender, type Sender, type TransactionReceipt } from '../openSender.ts';
import { set } from './probe.ts';
import type { Engines, TestEngine } from './startEngines.ts';

/** EIP-155 chain id of networks under test. */
export const CHAIN = 4242;
const primitives = portablePrimitives;
/** Secret key of an account, by its number. */
export const secretOf = (number: number): Uint8Array => {
  const secret = new Uint8Array(32).fill(9);
  secret[31] = number;
  return secret;
};
/** Accounts that may send. */
export const founders = [1, 2, 3, 4].map((number) => addressOf(secretOf(number)));
/** Secret key of an account that may not send. */
export const stranger = secretOf(200);

/** Connects to a validator's JSON-RPC. */
export async function connect({ url }: TestEngine): Promise<LedgerProvider> {
  return await connectJsonRpc({ url, chainId: CHAIN, clock: systemClock });
}

/** Opens an account's sender at a validator. */
export async function senderAt(
  engine: TestEngine,
  secret: Uint8Array,
  patience?: number,
): Promise<Sender> {
  const provider = await connect(engine);
  const options = { provider, chainId: CHAIN, clock: systemClock, primitives, secret };
  return openSender(patience === undefined ? options : { ...options, patience });
}

/** Asks a validator's consensus. */
export async function ask<T>(engine: TestEngine, path: string): Promise<T> {
  const answer = await fetch(`${engine.blocks}/${path}`, { signal: AbortSignal.timeout(5_000) });
  return ((await answer.json()) as { result: T }).result;
}

interface Status {
  readonly sync_info: { readonly latest_block_height: string };
  readonly validator_info: { readonly address: string };
}
/** A block's header, as the consensus gives it. */
export interface Header {
  readonly header: { readonly app_hash: string; readonly last_block_id: { readonly hash: string } };
}
interface Powers {
  readonly validators: readonly { readonly address: string; readonly voting_power: string }[];
}
interface Commit {
  readonly signed_header: {
    readonly commit: { readonly signatures: readonly { readonly validator_address: string }[] };
  };
}

/** The newest block that a validator has. */
export async function heightOf(engine: TestEngine): Promise<number> {
  return Number((await ask<Status>(engine, 'status')).sync_info.latest_block_height);
}

/** Address of a validator among the others. */
export async function validatorOf(engine: TestEngine): Promise<string> {
  return (await ask<Status>(engine, 'status')).validator_info.address;
}

/** The power of each validator, by its address. */
export async function powersAt(engine: TestEngine): Promise<Readonly<Record<string, number>>> {
  const { validators } = await ask<Powers>(engine, 'validators');
  return Object.fromEntries(validators.map((each) => [each.address, Number(each.voting_power)]));
}

/** Tells whether a block has a validator's signature. */
export async function hasSigned(
  engine: TestEngine,
  height: number,
  address: string,
): Promise<boolean> {
  const { signed_header } = await ask<Commit>(engine, `commit?height=${height}`);
  return signed_header.commit.signatures.some((each) => each.validator_address === address);
}

/** Waits until something holds; an answer that does not come counts as no. */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  deadline = 60_000,
): Promise<void> {
  const end = Date.now() + deadline;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > end) assert.fail(`in ${deadline} ms not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until a validator has so many more blocks. */
export async function grow(engine: TestEngine, blocks: number): Promise<void> {
  const from = await heightOf(engine);
  await until(`${blocks} more blocks`, async () => (await heightOf(engine)) >= from + blocks);
}

/** Sends transactions until it is stopped; what was acknowledged. */
export function load(
  sender: Sender,
  to: Address,
): { stop(): Promise<readonly TransactionReceipt[]> } {
  const acknowledged: TransactionReceipt[] = [];
  const ending = new AbortController();
  let slot = 0n;
  const lines = Array.from({ length: 4 }, async () => {
    while (!ending.signal.aborted)
      acknowledged.push(await sender.send({ to, data: set(++slot, slot), gas: 100_000 }));
  });
  return {
    async stop() {
      ending.abort();
      await Promise.all(lines);
      assert.notEqual(acknowledged.length, 0);
      return acknowledged;
    },
  };
}

/** All validators have the same blocks and states, in which each acknowledged transaction is once. */
export async function requireWhole(
  engines: readonly TestEngine[],
  contract: Address,
  acknowledged: readonly TransactionReceipt[],
): Promise<void> {
  const heights = await Promise.all(engines.map(heightOf));
  const top = Math.max(...heights, ...acknowledged.map(({ block }) => block)) + 1;
  await until('all validators are there', async () => {
    const numbers = await Promise.all(
      engines.map(async (engine) => {
        const provider = await connect(engine);
        return Number(await provider.request({ method: 'eth_blockNumber', params: [] }));
      }),
    );
    return numbers.every((number) => number >= top);
  });
  const headers = await Promise.all(
    engines.map(async (engine) => (await ask<Header>(engine, `header?height=${top}`)).header),
  );
  for (const header of headers) assert.deepEqual(header, headers[0]);
  for (const engine of engines) {
    const provider = await connect(engine);
    const logs = (await provider.request({
      method: 'eth_getLogs',
      params: [{ address: contract, fromBlock: '0x1', toBlock: `0x${top.toString(16)}` }],
    })) as readonly { transactionHash: Bytes32; blockNumber: string }[];
    const seen = new Map<string, number[]>();
    for (const { transactionHash, blockNumber } of logs) {
      seen.set(transactionHash, [...(seen.get(transactionHash) ?? []), Number(blockNumber)]);
    }
    for (const { transaction, block } of acknowledged) {
      assert.deepEqual(seen.get(transaction), [block]);
    }
  }
}

/** The validators of a network that was started with four. */
export function fourOf({
  engines,
}: Engines): readonly [TestEngine, TestEngine, TestEngine, TestEngine] {
  const [first, second, third, fourth] = engines;
  assert.ok(first && second && third && fourth);
  return [first, second, third, fourth];
}
