/**
 * A ledger under load in a process of its own: `node loadedLedger.ts FOLDER`. It writes the hash of every transaction
 * that was acknowledged, a line each, until it is killed.
 */
import { ClassicLevel } from 'classic-level';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { systemClock as clock } from '../../folder/systemClock.ts';
import { addressOf, SECRETS } from '../ledger.cases.ts';
import { openEmbeddedLedger } from '../openEmbeddedLedger.ts';
import { openSender } from '../openSender.ts';
import { probe, set } from './probe.ts';

const [folder = ''] = process.argv.slice(2);
const chainId = 4242;
const provider = await openEmbeddedLedger({
  database: new ClassicLevel(folder),
  chainId,
  genesis: { timestamp: 1_700_000_000, senders: SECRETS.map(addressOf) },
  clock,
});
process.stdout.write('open\n');
await Promise.all(
  SECRETS.map(async (secret) => {
    const sender = openSender({ provider, chainId, secret, primitives, clock });
    const { contract: to, transaction } = await sender.send({ data: probe.creation, gas: 500_000 });
    process.stdout.write(`${transaction}\n`);
    if (to === undefined) throw new Error('no contract');
    await Promise.all(
      Array.from({ length: 4 }, async (_, lane) => {
        for (let value = 1n; ; value++) {
          const data = set(BigInt(lane) * 1000n + (value % 64n), value);
          const receipt = await sender.send({ to, data, gas: 100_000 });
          process.stdout.write(`${receipt.transaction}\n`);
        }
      }),
    );
  }),
);
