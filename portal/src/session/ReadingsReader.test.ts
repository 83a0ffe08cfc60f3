import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { DeviceBound } from '../../../src/client/devices/bindDevice.ts';
import type { Party } from '../../../src/client/index.ts';
import { grantRight } from '../../../src/client/rights/grantRight.ts';
import { lyingTo } from '../../../src/client/test/lyingTo.ts';
import { BATCH, sendBatch } from '../../../src/client/test/sendBatch.ts';
import { startWithDevice } from '../../../src/client/test/startWithDevice.ts';
import { BEGIN, type TestNetwork } from '../../../src/node/test/testNetwork.ts';
import { signatory } from '../../../src/protocol/test/sampleNetwork.ts';
import { ReadingsReader, type ReadingsShown, type SpanWanted } from './ReadingsReader.ts';

const sensor = signatory('a band that a patient wears');
const START = BEGIN * 1000;
const MINUTES = 60_000;
/** Batches of a short chart, and of the same later. */
const [FEW, MANY] = [80, 200];
const NEWEST: SpanWanted = { length: 2 * MINUTES, fresh: false };

let network: TestNetwork;
let patient: Party;
let gateway: Party;
let bound: DeviceBound;
let sent = 0;
/** Views of the chart, entries that were listed, and batches that were opened, since they were counted last. */
let counts = { views: 0, listed: 0, opened: 0 };
let viewer: Party | undefined;
let reader = new ReadingsReader();

before(async () => {
  const device = { address: sensor.address };
  ({ network, patient, gateway, bound } = await startWithDevice({ device, epochs: 8 }));
  // No reading may be ahead of its entry.
  network.clock.advance(MANY * BATCH + 2 * MINUTES);
  await sendUntil(FEW);
});
after(async () => await network.close());

async function sendUntil(count: number): Promise<void> {
  for (; sent < count; sent++) {
    await sendBatch({ gateway, bound, sensor }, 10 * sent, START + sent * BATCH);
  }
}

/** The patient, whose views are counted. */
function counted(): Party {
  return lyingTo(network, patient, {
    submit: async (submissions) => {
      const outcomes = await patient.agent.submit(submissions);
      for (const [place, outcome] of outcomes.entries()) {
        if (outcome.outcome !== 'acknowledged') continue;
        const { records, beside = [] } = outcome.release ?? {};
        if (records !== undefined) {
          counts.views += 1;
          counts.listed += records.length + beside.length;
        } else counts.opened += submissions[place]?.pairs?.length ?? 1;
      }
      return outcomes;
    },
  });
}

async function read(wanted: SpanWanted): Promise<ReadingsShown & { readonly cost: typeof counts }> {
  counts = { views: 0, listed: 0, opened: 0 };
  viewer ??= counted();
  const right = { handle: bound.grant.handle, purpose: 'PATRQT' } as const;
  const shown = await reader.read({ party: viewer }, right, wanted);
  return { ...shown, cost: counts };
}

/** Numbers of the first readings of the batches that are shown. */
function firsts({ devices }: ReadingsShown): readonly number[] {
  return devices.flatMap(({ batches }) =>
    batches.map((batch) => ('error' in batch ? assert.fail(batch.error) : batch.header.first)),
  );
}

/** The first numbers of batches from a place to before another. */
function from(first: number, end: number): readonly number[] {
  return Array.from({ length: end - first }, (_, place) => 10 * (first + place));
}

describe('the readings of a screen', () => {
  for (const count of [FEW, MANY]) {
    it(`lists ten minutes of a chart with ${count} batches, and opens two`, async () => {
      await sendUntil(count);
      reader = new ReadingsReader();
      const shown = await read(NEWEST);
      assert.deepEqual(firsts(shown), from(count - 13, count));
      // The batch right before the first tells that none is missing in between.
      assert.deepEqual(shown.cost, { views: 1, listed: 62, opened: 13 });
    });
  }

  it('asks for no further view of the chart while what was listed reaches as far', async () => {
    const { newest = 0 } = await read(NEWEST);
    const shown = await read({ ...NEWEST, until: newest - 4 * MINUTES });
    assert.deepEqual(firsts(shown), from(MANY - 37, MANY - 24));
    assert.deepEqual(shown.cost, { views: 0, listed: 0, opened: 13 });
  });

  it('lists what is around an earlier span, and comes back to the newest', async () => {
    const { newest = 0 } = await read(NEWEST);
    const shown = await read({ ...NEWEST, until: newest - 20 * MINUTES });
    assert.deepEqual(firsts(shown), from(MANY - 133, MANY - 120));
    assert.deepEqual([shown.cost.views, shown.cost.opened], [1, 13]);
    assert.ok(shown.cost.listed <= 64, `${shown.cost.listed} were listed`);
    const back = await read(NEWEST);
    assert.deepEqual(firsts(back), from(MANY - 13, MANY));
    assert.deepEqual(back.cost, { views: 1, listed: 62, opened: 0 });
  });

  it('opens the batches alone that came since it looked', async () => {
    await sendUntil(MANY + 2);
    assert.deepEqual(firsts(await read(NEWEST)), from(MANY - 13, MANY));
    const shown = await read({ ...NEWEST, fresh: true });
    assert.deepEqual(firsts(shown), from(MANY - 11, MANY + 2));
    assert.deepEqual(shown.cost, { views: 1, listed: 62, opened: 2 });
  });

  it('asks again by another right: what was listed by the former one is not opened by it any more', async () => {
    await read(NEWEST);
    const { handle } = bound.grant;
    const { grant } = await grantRight(patient, {
      grantee: gateway.address,
      categories: ['vitals'],
      actions: ['read'],
      purpose: 'TREAT',
      until: BEGIN + 7200,
    });
    const { grant: later } = await grantRight(patient, {
      grantee: gateway.address,
      categories: ['vitals'],
      actions: ['read'],
      purpose: 'TREAT',
      until: BEGIN + 7300,
    });
    for (const right of [grant, later]) {
      const wanted = { handle, grant: right, purpose: 'TREAT' } as const;
      const { chart } = await reader.read({ party: gateway }, wanted, NEWEST);
      assert.equal(chart.grant?.terms.salt, right.terms.salt);
    }
  });
});
