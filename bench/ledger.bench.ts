/**
 * Grants in batches on the embedded ledger (on disk, every block synced) beside anvil (in memory, not durable), in one
 * run: grants per second with a few batches under way at a time, and how long one batch, and one grant, takes.
 *
 * `node bench/ledger.bench.ts [--batches N] [--size N] [--validators N,…] [--width N] [--profile] [--json]`; 100 batches
 * of 50, 8 under way, unless given. With `--validators 1,4,7` also on networks of so many validators of the consortium's
 * engine, all on this machine, with `--width` batches under way, 16 unless given, and ten times as many batches. With `--profile` it also says where the embedded ledger's time went.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ClassicLevel } from 'classic-level';
import type { LedgerProvider } from '../src/bindings/LedgerProvider.ts';
import { addressOf } from '../src/crypto/addressOf.ts';
import { LedgerRejection } from '../src/ledger/LedgerRejection.ts';
import { openEmbeddedLedger } from '../src/ledger/openEmbeddedLedger.ts';
import { openSender, type TransactionReceipt } from '../src/ledger/openSender.ts';
import { anvilMissing, startAnvil } from '../src/ledger/test/startAnvil.ts';
import { engineMissing, startEngines } from '../src/ledger/test/startEngines.ts';
import { createNativePrimitives } from '../src/native/nativePrimitives.ts';
import { systemClock as clock } from '../src/folder/systemClock.ts';
import { foundGrantLoad } from './support/grantLoad.ts';
import { processorTime } from './support/processorTime.ts';
import { profile } from './support/profile.ts';

const { values } = parseArgs({
  options: {
    batches: { type: 'string', default: '100' },
    size: { type: 'string', default: '50' },
    width: { type: 'string', default: '16' },
    validators: { type: 'string' },
    profile: { type: 'boolean' },
    json: { type: 'boolean' },
  },
});
const batches = Number(values.batches);
const size = Number(values.size);
const chainId = 4242;
const primitives = await createNativePrimitives();
/** Batches under way at a time in one process, and over validators, whose blocks come by the clock. */
const [WIDTH, width] = [8, Number(values.width)];
const counts = values.validators?.split(',').map(Number) ?? [];

interface Measured {
  readonly grantsPerSecond: number;
  /** Milliseconds of a batch with others under way. */
  readonly batch: Quantiles;
  /** Milliseconds of a single grant, alone. */
  readonly single: Quantiles;
  /** Milliseconds of processor time that one validator used for a grant in a batch. */
  readonly processor?: number;
  /** Shares of the time spent, by part. */
  readonly shares?: Record<string, string>;
}

/** Batches to send, and the processes that take them. */
interface Load {
  /** Batches. */
  readonly count: number;
  /** Batches under way at a time. */
  readonly lanes: number;
  /** Processes of the validators. */
  readonly pids: readonly number[];
}

interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

async function measure(
  provider: LedgerProvider,
  secret: Uint8Array,
  { count, lanes, pids }: Load = { count: batches, lanes: WIDTH, pids: [] },
): Promise<Measured> {
  const sender = openSender({ provider, chainId, secret, primitives, clock });
  const load = await foundGrantLoad(primitives, sender, chainId, 50);
  const receipts: TransactionReceipt[] = [];
  const send = async (grants: number, data = load.batch(grants)): Promise<number> => {
    const start = performance.now();
    receipts.push(await sender.send({ to: load.consent, data, gas: 100_000 + 80_000 * grants }));
    return performance.now() - start;
  };
  for (let warm = 0; warm < 5; warm++) await send(size);
  const single: number[] = [];
  for (let index = 0; index < 50; index++) single.push(await send(1));

  const prepared = Array.from({ length: count }, () => load.batch(size));
  const took: number[] = [];
  const lane = async () => {
    for (let data = prepared.pop(); data; data = prepared.pop()) took.push(await send(size, data));
  };
  const run = async () => {
    const start = performance.now();
    await Promise.all(Array.from({ length: lanes }, lane));
    return (performance.now() - start) / 1000;
  };
  const idle = processorTime(pids);
  const profiled = values.profile === true ? await profile(run) : undefined;
  const seconds = profiled?.result ?? (await run());
  const used = (processorTime(pids) ?? Number.NaN) - (idle ?? Number.NaN);
  const taken = receipts.reduce((sum, receipt) => sum + load.count(receipt), 0);
  if (taken !== 5 * size + 50 + count * size) throw new Error('not every grant was taken');
  return {
    grantsPerSecond: Math.round((count * size) / seconds),
    batch: quantiles(took),
    single: quantiles(single),
    ...(used > 0 ? { processor: round(used / pids.length / (count * size)) } : {}),
    ...(profiled ? { shares: profiled.shares } : {}),
  };
}

function quantiles(times: readonly number[]): Quantiles {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => round(sorted[Math.floor(part * (sorted.length - 1))] ?? 0);
  return { p50: at(0.5), p99: at(0.99) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

async function onEmbedded(): Promise<Measured> {
  const path = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
  const secret = randomBytes(32);
  const sender = addressOf(primitives, primitives.publicKey(secret));
  const ledger = await openEmbeddedLedger({
    database: new ClassicLevel(path),
    chainId,
    clock,
    primitives,
    genesis: { timestamp: 1_700_000_000, senders: [sender] },
  });
  try {
    return await measure(ledger, secret);
  } finally {
    await ledger.close();
    await rm(path, { recursive: true });
  }
}

async function onAnvil(): Promise<Measured> {
  const anvil = await startAnvil(1_700_000_000);
  try {
    return await measure(plainHttp(anvil.url), randomBytes(32));
  } finally {
    await anvil.close();
  }
}

async function onValidators(count: number): Promise<Measured> {
  if (engineMissing !== undefined) throw new Error(engineMissing);
  const secret = randomBytes(32);
  const sender = addressOf(primitives, primitives.publicKey(secret));
  const network = await startEngines({
    validators: count,
    senders: [sender],
    chainId,
    blockTime: 300,
  });
  try {
    const url = network.engines[0]?.url ?? '';
    const pids = network.engines.map(({ pid }) => pid);
    return await measure(plainHttp(url), secret, { count: 10 * batches, lanes: width, pids });
  } finally {
    await network.close();
  }
}

interface RpcError {
  readonly code: number;
  readonly message: string;
}

/** As little between the sender and the ledger as there can be; what `connectJsonRpc` checks would count against it. */
function plainHttp(url: string): LedgerProvider {
  return {
    async request({ method, params }) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      });
      const { result, error } = (await response.json()) as { result: unknown; error?: RpcError };
      if (error) throw new LedgerRejection(error.code, error.message);
      return result;
    },
  };
}

const embedded = await onEmbedded();
const anvil = anvilMissing === undefined ? await onAnvil() : undefined;
const consortium: Record<string, Measured> = {};
for (const count of counts) consortium[`${count} validators`] = await onValidators(count);
const ratio = anvil && embedded.grantsPerSecond / anvil.grantsPerSecond;
if (values.json === true) {
  console.log(JSON.stringify({ embedded, anvil, consortium, ratio, anvilMissing }));
} else {
  const all = { embedded, ...(anvil && { anvil }), ...consortium };
  console.table(Object.fromEntries(Object.entries(all).map(([name, each]) => [name, flat(each)])));
  if (embedded.shares) console.table(embedded.shares);
  console.log(
    ratio === undefined
      ? `No ratio: ${anvilMissing}.`
      : `embedded, durable : anvil, not durable = ${ratio.toFixed(3)} : 1`,
  );
}

function flat({ grantsPerSecond, batch, single, processor }: Measured): Record<string, number> {
  return {
    'grants/s': grantsPerSecond,
    [`batch of ${size} p50 ms`]: batch.p50,
    'batch p99 ms': batch.p99,
    'one grant p50 ms': single.p50,
    'one grant p99 ms': single.p99,
    ...(processor !== undefined && { 'processor ms a grant and validator': processor }),
  };
}
