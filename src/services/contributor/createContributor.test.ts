// Over 400 lines: copying, catching up and refusing lies are tried with the same networks, news and checks.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { revokeRight } from '../../client/rights/revokeRight.ts';
import type { CopiedEntry } from '../../log/EvidenceLog.ts';
import {
  acknowledgedBy,
  submissionOf,
  submitted,
  uploaded,
  viewOf,
  writeOf,
} from '../../node/test/requests.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import {
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Acknowledgement, PlacedCheckpoint } from '../../protocol/evidence/evidence.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { LEAST_COUNTED, MOST_UNOWNED } from './UnownedFiles.ts';
import type { Contributor } from './createContributor.ts';
import { MOST_HOLDING } from './createFileHolder.ts';

const LOG = 'care/hospital';

async function onNetwork(test: (network: TestNetwork, care: Care) => Promise<void>): Promise<void> {
  const network = await startTestNetwork({ cared: true });
  try {
    await test(network, await startCare(network));
  } finally {
    await network.close();
  }
}

async function anEntry(care: Care): Promise<Acknowledgement> {
  return await acknowledgedBy(care.doctor, submissionOf(care, 'Write', await writeOf(care)));
}

async function latest(contributor: Contributor): Promise<PlacedCheckpoint> {
  const placed = await contributor.latestCheckpoint(LOG);
  assert.ok(placed !== undefined);
  return placed;
}

/** Returns the checkpointed size of a contributor's copy of the hospital's log. */
async function sizeAt(contributor: Contributor): Promise<number> {
  return (await contributor.latestCheckpoint(LOG))?.checkpoint.size ?? 0;
}

/** Runs a test on a network whose hospital has a checkpoint of two entries that the insurer has and the laboratory has not heard of. */
async function withNews(
  test: (network: TestNetwork, care: Care, placed: PlacedCheckpoint) => Promise<void>,
): Promise<void> {
  await onNetwork(async (network, care) => await test(network, care, await news(network, care)));
}

async function news(network: TestNetwork, care: Care): Promise<PlacedCheckpoint> {
  const { contributor } = network.services('laboratory');
  const { coordinator } = network.services('laboratory');
  network.liars.contributor.set('laboratory', { ...contributor, notice: ignore });
  // A node that judges a write holds its file.
  network.liars.coordinator.set('laboratory', { ...coordinator, judge: away });
  await anEntry(care);
  await anEntry(care);
  await network.services().administrator.checkpoint();
  // A checkpoint waits for nobody who copies it.
  await network.services('insurer').contributor.catchUp();
  network.liars.contributor.clear();
  network.liars.coordinator.clear();
  return await latest(network.services().contributor);
}

function deferred(): PromiseWithResolvers<void> {
  return Promise.withResolvers<void>();
}

let shared: TestNetwork;
let sharedCare: Care;

before(async () => {
  shared = await startTestNetwork({ cared: true });
  sharedCare = await startCare(shared);
});
after(async () => await shared.close());

describe('a contributor', () => {
  it('copies logs and sealed files, and gives them on as they were', async () => {
    await onNetwork(async (network, care) => {
      const content = care.doctor.random(3000);
      const { file, size } = await uploaded(care.doctor, content);
      const write = await writeOf(care, { file, size });
      const entry = await acknowledgedBy(care.doctor, submissionOf(care, 'Write', write));
      await network.checkpoint();
      for (const name of ['laboratory', 'insurer'] as const) {
        const { contributor } = network.services(name);
        assert.deepEqual(await contributor.read({ log: LOG, from: 0, to: 1 }), [entry]);
        assert.deepEqual(await contributor.stats([file]), [{ hash: file, size }]);
        assert.deepEqual(await collectBytes(contributor.file(file)), content);
        assert.deepEqual(await latest(contributor), await latest(network.services().contributor));
      }
      assert.deepEqual(network.failures, []);
    });
  });

  it('serves at a replica what was written elsewhere, after the view is in its own log', async () => {
    await onNetwork(async (network, care) => {
      const visitor = await network.party('doctor', { organisation: 'insurer' });
      const right = await grantRight(care.patient, everything(visitor));
      const write = await writeOf(care);
      await acknowledgedBy(care.doctor, submissionOf(care, 'Write', write));
      const view = viewOf(care, { log: 'care/insurer', grant: right.digest });
      const ask = async (salt: string) => {
        const message = { ...view, salt: word(salt).slice(0, 34) as '0x' };
        const request = sign(visitor, visitor, 'View', message);
        return await submitted(visitor, { request, opening: right.grant });
      };
      const early = await ask('early');
      assert.ok(early.outcome === 'acknowledged');
      assert.deepEqual(early.release?.records, [], 'what is not copied yet is not listed');
      await network.checkpoint();
      const outcome = await ask('late');
      assert.ok(outcome.outcome === 'acknowledged');
      assert.equal(outcome.acknowledgement.log, 'care/insurer');
      const [listed] = outcome.release?.records ?? [];
      const message = parseBody(listed?.body ?? '').request.message as Write;
      assert.equal(message.record, write.record);
    });
  });

  it('catches up after it was away, page by page', async () => {
    await withNews(async (network, care, placed) => {
      const { contributor } = network.services('laboratory');
      assert.equal(await sizeAt(contributor), 0);
      const real = network.services('hospital').contributor;
      let pages = 0;
      network.liars.contributor.set('hospital', {
        ...real,
        read: async ({ log, from }) => {
          pages += 1;
          return await real.read({ log, from, to: from + 1 });
        },
      });
      await contributor.catchUp();
      assert.deepEqual([pages, await sizeAt(contributor)], [2, 2]);
      await contributor.notice(placed);
      await anEntry(care);
      await network.services().administrator.checkpoint();
      await contributor.catchUp();
      assert.equal(await sizeAt(contributor), 3);
    });
  });

  it('catches up while another peer cannot be reached', async () => {
    await withNews(async (network) => {
      const gone = network.services('insurer').contributor;
      network.liars.contributor.set('insurer', {
        ...gone,
        latestCheckpoint: async () => await Promise.reject(new Error('unplugged')),
      });
      const { contributor } = network.services('laboratory');
      await contributor.catchUp();
      assert.equal(await sizeAt(contributor), 2);
    });
  });

  for (const method of ['latestCheckpoint', 'read'] as const) {
    it(`catches up from others while the source does not answer to ${method}`, async () => {
      await withNews(async (network) => {
        const { contributor } = network.services('laboratory');
        const hospital = network.services('hospital').contributor;
        const [asked, late] = [deferred(), deferred()];
        network.liars.contributor.set('hospital', {
          ...hospital,
          [method]: async () => {
            asked.resolve();
            await late.promise;
            throw new Error('unplugged');
          },
        });
        const caughtUp = contributor.catchUp();
        await asked.promise;
        while ((await sizeAt(contributor)) < 2) {
          network.clock.advance(1000);
          await new Promise((resolve) => setImmediate(resolve));
        }
        late.resolve();
        await caughtUp;
        assert.equal(await sizeAt(contributor), 2);
      });
    });
  }

  it('asks others for what they keep while one does not answer', async () => {
    await withNews(async (network) => {
      const { contributor } = network.services('laboratory');
      const [first, second, late] = [deferred(), deferred(), deferred()];
      network.liars.contributor.set('hospital', {
        ...network.services('hospital').contributor,
        keptAfter: async () => {
          first.resolve();
          await late.promise;
          throw new Error('unplugged');
        },
      });
      const insurer = network.services('insurer').contributor;
      network.liars.contributor.set('insurer', {
        ...insurer,
        keptAfter: async (place) => {
          second.resolve();
          return await insurer.keptAfter(place);
        },
      });
      const caughtUp = contributor.catchUp();
      await first.promise;
      network.clock.advance(1000);
      await second.promise;
      late.resolve();
      await caughtUp;
    });
  });

  it('keeps a checkpoint that it copied the entries of before a crash', async () => {
    await withNews(async (network, _care, placed) => {
      const { contributor } = network.services('laboratory');
      const database = network.database('laboratory', 'logs/hospital');
      const batch = database.batch.bind(database);
      let writes = 0;
      database.batch = (async (...args: Parameters<typeof batch>) => {
        writes += 1;
        // The first write is that of the entries.
        if (writes > 1) throw new Error('power cut');
        await batch(...args);
      }) as typeof batch;
      await assert.rejects(contributor.notice(placed));
      database.batch = batch;
      assert.equal(await sizeAt(contributor), 0);
      await network.restart('laboratory');
      const again = network.services('laboratory').contributor;
      await again.notice(placed);
      assert.equal(await sizeAt(again), 2);
    });
  });

  const lies: [string, (given: PlacedCheckpoint) => unknown][] = [
    [
      'too few signatures',
      (given) => changed(given, { signatures: given.checkpoint.signatures.slice(1, 2) }),
    ],
    ['no signatures', (given) => changed(given, { signatures: [] })],
    ['another root', (given) => changed(given, { root: word('other') })],
    ['another size', (given) => changed(given, { size: 1 })],
    ['no note', (given) => changed(given, { note: '' })],
  ];
  for (const [name, lie] of lies) {
    it(`refuses a checkpoint with ${name}, and copies nothing`, async () => {
      const placed = await news(shared, sharedCare);
      const { contributor } = shared.services('laboratory');
      const told = lie(placed) as PlacedCheckpoint;
      await assert.rejects(contributor.notice(told), failsWith('EVIDENCE_INVALID'));
      await assertNothingCopied(contributor, placed);
      await contributor.notice(placed);
      assert.equal(await sizeAt(contributor), placed.checkpoint.size);
    });
  }

  it('refuses a signed checkpoint that contradicts what it holds', async () => {
    await withNews(async (network, _care, placed) => {
      const { contributor } = network.services('laboratory');
      await contributor.notice(placed);
      const elsewhere = await startTestNetwork({ cared: true });
      const twin = await startCare(elsewhere);
      await submitted(twin.doctor, submissionOf(twin, 'View', viewOf(twin)));
      await elsewhere.checkpoint();
      // The same keys signed another log of the same name: a split view.
      const split = await latest(elsewhere.services().contributor);
      assert.equal(split.checkpoint.log, LOG);
      await assert.rejects(contributor.notice(split), failsWith('EVIDENCE_INVALID'));
      assert.deepEqual(await latest(contributor), placed);
      await elsewhere.close();
    });
  });

  const pages: [string, (entries: readonly CopiedEntry[]) => unknown, string][] = [
    [
      'an altered body',
      ([one, two]) => [one, { ...two, body: two?.body?.replace('"A"', '"R"') }],
      'EVIDENCE_INVALID',
    ],
    ['entries in another order', ([one, two]) => [two, one], 'EVIDENCE_INVALID'],
    ['one entry twice', ([one]) => [one, one], 'EVIDENCE_INVALID'],
    [
      'too few verdicts',
      ([one, two]) => [one, { ...two, verdicts: two?.verdicts.slice(0, 1) }],
      'EVIDENCE_INVALID',
    ],
    [
      'entries of another log',
      ([one, two]) => [{ ...one, log: 'care/insurer' }, two],
      'EVIDENCE_INVALID',
    ],
    ['more than it was asked for', (entries) => [...entries, ...entries], 'EVIDENCE_INVALID'],
    ['nothing', () => [], 'PEER_MALFORMED'],
  ];
  for (const [name, lie, code] of pages) {
    it(`copies nothing from a peer that serves ${name}`, async () => {
      const placed = await news(shared, sharedCare);
      const real = shared.services('hospital').contributor;
      shared.liars.contributor.set('hospital', {
        ...real,
        read: async (range) => lie(await real.read(range)) as CopiedEntry[],
      });
      const { contributor } = shared.services('laboratory');
      await assert.rejects(contributor.notice(placed), failsWith(code as 'EVIDENCE_INVALID'));
      await assertNothingCopied(contributor, placed);
      shared.liars.contributor.clear();
      await contributor.notice(placed);
      assert.equal(await sizeAt(contributor), placed.checkpoint.size);
    });
  }

  it('takes no sealed file that is another one, names who gave it, and takes it from the next', async () => {
    await withNews(async (network, care, placed) => {
      const real = network.services('hospital').contributor;
      network.liars.contributor.set('hospital', {
        ...real,
        async *file(hash) {
          for await (const part of real.file(hash)) yield part.map((byte) => byte ^ 1);
        },
      });
      const { contributor } = network.services('laboratory');
      await contributor.notice(placed);
      await contributor.filesTried();
      assert.equal(await sizeAt(contributor), 2);
      const [entry] = await contributor.read({ log: LOG, from: 0, to: 1 });
      const { file } = parseBody(entry?.body ?? '').request.message as Write;
      assert.equal((await contributor.stats([file])).length, 1);
      const named = network.failures.filter((error) => isMedsealError(error, 'PEER_FALSE'));
      assert.deepEqual(
        named.map(({ values }) => values.peer),
        ['hospital', 'hospital'],
      );
      await revokeRight(care.patient, care.right.digest);
    });
  });

  // @attack an organisation has others fetch files that it gives drop by drop, ever more at a time | so many arrays of one log are seen to at a time, whoever still waits
  it('fetches files for so many arrays of a log at a time, however long whoever asked waits', async () => {
    await onNetwork(async (network) => {
      const { contributor } = network.services('laboratory');
      const ended = deferred();
      async function* never(): AsyncIterable<Uint8Array> {
        await ended.promise;
        yield new Uint8Array(1);
      }
      const liar = { ...network.services().contributor, file: never };
      network.liars.contributor.set('hospital', liar);
      const hold = async (n: number): Promise<unknown> =>
        await contributor.hold([{ hash: word(`held ${n}`), size: 100_000 }], LOG);
      const holding = Array.from({ length: MOST_HOLDING }, async (_, n) => await hold(n));
      await assert.rejects(hold(MOST_HOLDING), failsWith('QUOTA_SPENT'));
      const elsewhere = await contributor.hold([], 'care/insurer');
      assert.equal(elsewhere.failures.size, 0);
      ended.resolve();
      await Promise.all(holding);
      assert.ok(await hold(MOST_HOLDING));
    });
  });

  // @attack an agent's writes, which it never enters, name files until every coordinator's disk is full | 64 GiB of fetched files for each log that no entry names, for an hour
  it('fetches no more than so many bytes that no entry names, until one names them', async () => {
    await onNetwork(async (network, care) => {
      const { contributor } = network.services('laboratory');
      const hospital = network.services().contributor;
      const [ended, asked] = [deferred(), deferred()];
      const lies = new Set<string>();
      network.liars.contributor.set('hospital', {
        ...hospital,
        async *file(hash) {
          if (!lies.has(hash)) return yield* hospital.file(hash);
          asked.resolve();
          await ended.promise;
        },
      });
      await anEntry(care);
      /** Leaves room for the file of that entry, and none for another. */
      const sizes = [MOST_UNOWNED - LEAST_COUNTED - 2 ** 33, 2 ** 33];
      const wanted = sizes.map((size, n) => ({ hash: word(`never ${n}`), size }));
      for (const { hash } of wanted) lies.add(hash);
      const holding = contributor.hold(wanted, LOG);
      await asked.promise;
      try {
        const beyond = { hash: word('beyond'), size: 100 };
        const refused = await contributor.hold([beyond], LOG);
        assert.equal(refused.failures.get(beyond.hash)?.code, 'QUOTA_SPENT');
        const elsewhere = await contributor.hold([beyond], 'care/insurer');
        assert.equal(elsewhere.failures.get(beyond.hash)?.code, 'FILE_ABSENT');
        await network.checkpoint();
        const named = await contributor.hold([beyond], LOG);
        assert.equal(named.failures.get(beyond.hash)?.code, 'FILE_ABSENT');
      } finally {
        ended.resolve();
        await holding;
      }
    });
  });

  it('takes no word about its own log, nor about logs that there are not', async () => {
    await withNews(async (network, _care, placed) => {
      const { contributor } = network.services('hospital');
      await contributor.notice(changed(placed, { size: 9 }) as PlacedCheckpoint);
      assert.deepEqual(await latest(contributor), placed);
      const nowhere = changed(placed, { log: 'care/nobody' }) as PlacedCheckpoint;
      await assert.rejects(contributor.notice(nowhere), failsWith('NOT_FOUND'));
      const read = contributor.read({ log: 'care/nobody', from: 0, to: 1 });
      await assert.rejects(read, failsWith('NOT_FOUND'));
    });
  });
});

function changed(
  { checkpoint, ledger }: PlacedCheckpoint,
  change: Partial<PlacedCheckpoint['checkpoint']>,
): unknown {
  return { checkpoint: { ...checkpoint, ...change }, ledger };
}

async function away(): Promise<never> {
  return await Promise.reject(new Error('unplugged'));
}

async function ignore(): Promise<void> {
  await Promise.resolve();
}

/** That a copy holds none of the two entries that a checkpoint brought. */
async function assertNothingCopied(
  contributor: Contributor,
  { checkpoint }: PlacedCheckpoint,
): Promise<void> {
  const [from, to] = [checkpoint.size - 2, checkpoint.size - 1];
  await assert.rejects(contributor.read({ log: LOG, from, to }), failsWith('NOT_FOUND'));
  assert.equal(await sizeAt(contributor), from);
}
