import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes, hexToBytes } from '../../crypto/bytes.ts';
import { readLatestCheckpoint } from '../../bindings/readLatestCheckpoint.ts';
import { fetchReceipt } from '../../client/audit/fetchReceipt.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { logRowKeys } from '../../log/keys.ts';
import { acknowledgedBy, submissionOf, viewOf } from '../../node/test/requests.ts';
import {
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Checkpoint } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { verifyCheckpoint } from '../../protocol/evidence/verifyCheckpoint.ts';
import type { CheckpointPolicy } from './createCheckpointer.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { isPending } from '../../protocol/rights/isPending.ts';
import type { CoordinatorPort } from '../ports.ts';

const LOG = 'care/hospital';
/** Of more bytes than one body of a view has, and of no more than two have. */
const MAX_BYTES = 1400;

/** Runs a test on a network of its own. */
async function onNetwork(
  test: (network: TestNetwork, care: Care) => Promise<void>,
  policy?: CheckpointPolicy,
): Promise<void> {
  const network = await startTestNetwork({ cared: true, ...(policy && { policy }) });
  try {
    await test(network, await startCare(network));
  } finally {
    await network.close();
  }
}

async function anEntry(care: Care): Promise<Acknowledgement> {
  return await acknowledgedBy(care.doctor, submissionOf(care, 'View', viewOf(care)));
}

/** Returns the checkpointed size of the hospital's log. */
async function sizeHeld(network: TestNetwork): Promise<number> {
  const { contributor } = network.services();
  return (await contributor.latestCheckpoint(LOG))?.checkpoint.size ?? 0;
}

async function sizeOnLedger(network: TestNetwork): Promise<number> {
  const id = network.file.channels[0]?.logs[0]?.id ?? '0x';
  const held = await readLatestCheckpoint(network.ledger, network.file.contracts, id);
  return held?.size ?? 0;
}

async function unreachable(): Promise<never> {
  await Promise.resolve();
  throw new MedsealError('PEER_UNREACHABLE', { peer: 'insurer' });
}

/** Lets everything happen that needs no more time. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** A coordinator like the real one but for the checkpoints that it signs. */
function signing(
  real: CoordinatorPort,
  signCheckpoint: CoordinatorPort['signCheckpoint'],
): CoordinatorPort {
  return { ...real, signCheckpoint };
}

describe('an administrator', () => {
  it('checkpoints after maxDelay, and not before', async () => {
    await onNetwork(async (network, care) => {
      await anEntry(care);
      network.clock.advance(199);
      await settled();
      assert.equal(await sizeHeld(network), 0);
      network.clock.advance(1);
      await settled();
      assert.equal(await sizeHeld(network), 1);
      assert.equal(await sizeOnLedger(network), 1);
    });
  });

  it('checkpoints at once when maxEntries are there', async () => {
    await onNetwork(
      async (network, care) => {
        await anEntry(care);
        await settled();
        assert.equal(await sizeHeld(network), 0);
        await anEntry(care);
        await settled();
        assert.equal(await sizeHeld(network), 2);
      },
      { maxEntries: 2, maxDelay: 1_000_000 },
    );
  });

  it('checkpoints at once when maxBytes of bodies are there, and counts from there on', async () => {
    await onNetwork(
      async (network, care) => {
        const { length } = (await anEntry(care)).body;
        assert.ok(length < MAX_BYTES && 2 * length >= MAX_BYTES, String(length));
        await settled();
        assert.equal(await sizeHeld(network), 0);
        await anEntry(care);
        await settled();
        assert.equal(await sizeHeld(network), 2);
        await anEntry(care);
        await settled();
        assert.equal(await sizeHeld(network), 2);
        await anEntry(care);
        await settled();
        assert.equal(await sizeHeld(network), 4);
      },
      { maxEntries: 1_000_000, maxBytes: MAX_BYTES, maxDelay: 1_000_000 },
    );
  });

  it('checkpoints what came while a checkpoint took longer than maxDelay', async () => {
    await onNetwork(async (network, care) => {
      const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      for (const [name] of network.keys) {
        const real = network.services(name).coordinator;
        network.liars.coordinator.set(
          name,
          signing(real, async (request) => {
            begun.resolve();
            await gate.promise;
            return await real.signCheckpoint(request);
          }),
        );
      }
      await anEntry(care);
      network.clock.advance(200);
      await begun.promise;
      await anEntry(care);
      network.clock.advance(200);
      gate.resolve();
      await settled();
      assert.equal(await sizeHeld(network), 1);
      network.clock.advance(200);
      await settled();
      assert.equal(await sizeHeld(network), 2);
    });
  });

  it('keeps what it acknowledged: the receipt of every entry verifies', async () => {
    await onNetwork(async (network, care) => {
      const entries: Acknowledgement[] = [];
      for (let checkpoint = 0; checkpoint < 3; checkpoint++) {
        entries.push(await anEntry(care), await anEntry(care));
        await network.checkpoint();
      }
      for (const [index, entry] of entries.entries()) {
        assert.equal(entry.index, index);
        const receipt = await fetchReceipt(care.doctor, entry);
        assert.equal(receipt.checkpoint.size, 2 * Math.floor(index / 2) + 2);
      }
      verifyCheckpoint(care.doctor, network.file, await network.agent().checkpoint(LOG));
    });
  });

  it('leaves the log as it was when too few sign, and tries again after maxDelay', async () => {
    await onNetwork(async (network, care) => {
      for (const name of ['laboratory', 'insurer'] as const) {
        network.liars.coordinator.set(name, signing(network.services(name).coordinator, refuse));
      }
      const entry = await anEntry(care);
      network.clock.advance(200);
      await settled();
      assert.equal(network.failures.length, 1);
      failsWith('VERDICTS_MISSING', { got: 1, needed: 2 })(network.failures.pop());
      assert.equal(await sizeHeld(network), 0);
      assert.ok(isPending(await network.agent().receipt({ log: LOG, index: 0 })));
      network.clock.advance(200);
      await settled();
      assert.equal(network.failures.length, 1, 'it was tried again');
      network.failures.length = 0;
      network.liars.coordinator.clear();
      network.clock.advance(200);
      await settled();
      assert.equal((await fetchReceipt(care.doctor, entry)).checkpoint.size, 1);
      assert.deepEqual(network.failures, []);
    });
  });

  it('tries again also when it was the number of entries that began it', async () => {
    await onNetwork(
      async (network, care) => {
        const real = network.services('laboratory').coordinator;
        const gone = signing(real, async () => await Promise.reject(new Error('unplugged')));
        network.liars.coordinator.set('laboratory', gone);
        network.liars.coordinator.set('insurer', gone);
        await anEntry(care);
        await settled();
        assert.equal(network.failures.length, 1, 'one attempt, and no hot loop');
        network.liars.coordinator.clear();
        network.clock.advance(500);
        await settled();
        assert.equal(await sizeHeld(network), 1);
        network.failures.length = 0;
      },
      { maxEntries: 1, maxDelay: 500 },
    );
  });

  it('shows more at once to coordinators that take in a part of what is new, until they sign', async () => {
    await onNetwork(async (network, care) => {
      for (const name of ['laboratory', 'insurer'] as const) {
        const real = network.services(name).coordinator;
        const slow = signing(real, async (request) => {
          const part = request.from === 0 ? 1 : request.entries.length;
          const verdicts = request.verdicts.filter(({ from }) => from < part);
          return await real.signCheckpoint({
            ...request,
            entries: request.entries.slice(0, part),
            verdicts,
          });
        });
        network.liars.coordinator.set(name, slow);
      }
      for (let count = 0; count < 3; count++) await anEntry(care);
      network.clock.advance(200);
      await settled();
      assert.deepEqual(network.failures, []);
      assert.equal(await sizeHeld(network), 3);
      assert.equal((await network.agent().checkpoint(LOG)).signatures.length, 3);
    });
  });

  it('tells once of an attempt that failed, however many entries came meanwhile', async () => {
    await onNetwork(
      async (network, care) => {
        let asked = 0;
        let release: (() => void) | undefined;
        const held = new Promise<void>((resolve) => (release = resolve));
        const real = network.services('laboratory').coordinator;
        const stuck = signing(real, async () => {
          asked += 1;
          await held;
          throw new Error('unplugged');
        });
        network.liars.coordinator.set('laboratory', stuck);
        network.liars.coordinator.set('insurer', stuck);
        for (let count = 0; count < 4; count++) await anEntry(care);
        await settled();
        assert.equal(asked, 2);
        release?.();
        await settled();
        assert.equal(network.failures.length, 1);
        network.failures.length = 0;
        network.liars.coordinator.clear();
        network.clock.advance(500);
        await settled();
        assert.equal(await sizeHeld(network), 4);
      },
      { maxEntries: 1, maxDelay: 500 },
    );
  });

  const liars: [string, (real: CoordinatorPort, network: TestNetwork) => CoordinatorPort][] = [
    [
      'signs nothing that is a signature',
      (real) =>
        signing(real, async (request) => {
          const { known, signed } = await real.signCheckpoint(request);
          if (signed === undefined) return { known };
          return { known, signed: { ...signed, signature: `0x${'11'.repeat(65)}` } };
        }),
    ],
    [
      'signs another root',
      (real, { keys, file, ports }) =>
        signing(real, async ({ from, entries }) => {
          const key = keys.get('insurer');
          if (key === undefined) throw new Error();
          const { primitives } = ports;
          const context = { domain: domainOf(file), primitives };
          const known = from + entries.length;
          const { id } = logOf(file, LOG).log;
          const other: Checkpoint = { log: id, size: known, root: word('other root') };
          const { party, signature } = sign(context, key.coordinator, 'Checkpoint', other);
          return { known, signed: { coordinator: party, signature } };
        }),
    ],
    [
      'shows the signature of another coordinator as its own',
      (_real, network) =>
        signing(
          network.services('laboratory').coordinator,
          async (request) =>
            await network.services('laboratory').coordinator.signCheckpoint(request),
        ),
    ],
    ['answers nothing', (real) => signing(real, async () => await Promise.resolve(null as never))],
  ];
  for (const [name, liar] of liars) {
    it(`is not held up by a coordinator that ${name}`, async () => {
      await onNetwork(async (network, care) => {
        const real = network.services('insurer').coordinator;
        network.liars.coordinator.set('insurer', liar(real, network));
        await anEntry(care);
        await network.checkpoint();
        const { signatures, size } = await network.agent().checkpoint(LOG);
        assert.deepEqual([size, signatures.length], [1, 2]);
        assert.equal(await sizeOnLedger(network), 1);
      });
    });
  }

  it('checkpoints what all judged before one of them left, though one that stays was behind', async () => {
    const organisations = [...ORGANISATIONS, 'clinic'];
    const thresholds = { writes: 3, views: 3 };
    const network = await startTestNetwork({ cared: true, organisations, faulty: 1, thresholds });
    try {
      const care = await startCare(network);
      // It judges, and hears neither of entries' places nor of checkpoints.
      const { coordinator } = network.services('insurer');
      const behind = { ...coordinator, show: unreachable, signCheckpoint: unreachable };
      network.liars.coordinator.set('insurer', behind);
      const promised = await anEntry(care);
      assert.equal(promised.verdicts.length, 4);
      network.liars.coordinator.delete('insurer');
      await network.leave('clinic');
      await network.services().administrator.checkpoint();
      const doctor = { ...care.doctor, network: network.file };
      const { checkpoint } = await fetchReceipt(doctor, promised);
      assert.equal(checkpoint.signatures.length, 3);
    } finally {
      await network.close();
    }
  });

  it('goes on where the ledger took a checkpoint and the answer was lost', async () => {
    await onNetwork(async (network, care) => {
      const entry = await anEntry(care);
      const database = network.database('hospital', 'logs/hospital');
      const batch = database.batch.bind(database);
      database.batch = async (): Promise<never> => await Promise.reject(new Error('power cut'));
      await assert.rejects(network.services().administrator.checkpoint());
      database.batch = batch;
      assert.deepEqual([await sizeOnLedger(network), await sizeHeld(network)], [1, 0]);
      await network.restart('hospital');
      await network.checkpoint();
      assert.equal((await fetchReceipt(care.doctor, entry)).checkpoint.size, 1);
      // And once more, with entries that came in between.
      await anEntry(care);
      database.batch = async (): Promise<never> => await Promise.reject(new Error('power cut'));
      await assert.rejects(network.services().administrator.checkpoint());
      database.batch = batch;
      await network.restart('hospital');
      const later = await anEntry(care);
      await network.checkpoint();
      assert.equal((await fetchReceipt(care.doctor, later)).checkpoint.size, 3);
      assert.equal(await sizeOnLedger(network), 3);
    });
  });

  it('refuses to go on from a log that is not the one on the ledger', async () => {
    await onNetwork(async (network, care) => {
      await anEntry(care);
      await network.checkpoint();
      await anEntry(care);
      await rewriteEntries(network);
      const attempt = network.services().administrator.checkpoint();
      await assert.rejects(attempt, failsWith('CHECKPOINT_REFUSED'));
    });
  });

  it('appends nothing after it is closed, and lets what is under way end', async () => {
    await onNetwork(async (network, care) => {
      await anEntry(care);
      const { administrator } = network.services();
      const under = administrator.checkpoint();
      await administrator.close();
      await under;
      assert.equal(await sizeHeld(network), 1);
      await assert.rejects(administrator.append([]), failsWith('CLOSED'));
      await assert.rejects(administrator.carry('Grant', []), failsWith('CLOSED'));
      const timers = network.clock.pending;
      network.clock.advance(10_000);
      await settled();
      assert.ok(network.clock.pending <= timers);
    });
  });
});

/** Rewrites the entries of the hospital's log on its disk. */
async function rewriteEntries(network: TestNetwork): Promise<void> {
  const database = network.database('hospital', 'logs/hospital');
  const view = { keyEncoding: 'view', valueEncoding: 'view' } as const;
  const range = { gte: logRowKeys.entry(0), lt: logRowKeys.entry(1000), ...view };
  const rows = await database.iterator<Uint8Array, Uint8Array>(range).all();
  for (const [key, value] of rows) {
    const rewritten = concatBytes(hexToBytes(word('rewritten')), value.subarray(32));
    await database.put<Uint8Array, Uint8Array>(key, rewritten, view);
  }
}

async function refuse(): Promise<never> {
  return await Promise.reject(new MedsealError('CHECKPOINT_REFUSED', { reason: 'no' }));
}
