/**
 * Measures the reading of all headers of a consortium's ledger, each verified by the hash that the next one has of it: as a node reads them that
 * joins late, or a reader of all logs. One validator makes blocks; the same ones are read again and again.
 *
 * `node bench/headers.bench.ts [--blocks N] [--rounds N] [--profile]`
 */
import { randomBytes } from 'node:crypto';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { connectConsensus } from '../src/consortium/connectConsensus.ts';
import { LightLedger } from '../src/consortium/LightLedger.ts';
import { LightLogs } from '../src/consortium/LightLogs.ts';
import { addressOf } from '../src/crypto/addressOf.ts';
import { systemClock as clock } from '../src/folder/systemClock.ts';
import { startEngines } from '../src/ledger/test/startEngines.ts';
import { createNativePrimitives } from '../src/native/nativePrimitives.ts';
import { processorTime } from './support/processorTime.ts';
import { profile } from './support/profile.ts';

const { values } = parseArgs({
  options: {
    blocks: { type: 'string', default: '600' },
    rounds: { type: 'string', default: '10' },
    profile: { type: 'boolean' },
  },
});
const [blocks, rounds] = [Number(values.blocks), Number(values.rounds)];
const primitives = await createNativePrimitives();
const sender = addressOf(primitives, primitives.publicKey(randomBytes(32)));
const network = await startEngines({
  validators: 1,
  senders: [sender],
  blockTime: 20,
  idleBlockTime: 20,
});
try {
  const [engine] = network.engines;
  if (engine === undefined) throw new Error('no validator');
  const source = connectConsensus({ url: engine.url, clock, timeout: 15_000 });
  const founding = {
    chain: network.chain,
    time: network.time,
    validators: [{ key: engine.key, power: 10 }],
  };
  const open = (): LightLedger => new LightLedger({ primitives, clock, source, founding });
  const light = open();
  while ((await light.verifiedHead()).height <= blocks)
    await new Promise((next) => setTimeout(next, 200));
  const run = async (): Promise<void> => {
    for (let round = 0; round < rounds; round++)
      await new LightLogs(light, primitives).read(1, blocks);
  };
  const before = processorTime([engine.pid]) ?? Number.NaN;
  const [began, own] = [performance.now(), process.cpuUsage()];
  const shares = values.profile ? (await profile(run)).shares : await run();
  const took = performance.now() - began;
  const { user, system } = process.cpuUsage(own);
  const read = blocks * rounds;
  console.log({
    'headers a second': Math.round((1000 * read) / took),
    'reader µs a header': Math.round((user + system) / read),
    'validator µs a header': Math.round(
      (1000 * ((processorTime([engine.pid]) ?? 0) - before)) / read,
    ),
    load: loadavg()[0],
  });
  if (shares) console.table(shares);
} finally {
  await network.close();
}
