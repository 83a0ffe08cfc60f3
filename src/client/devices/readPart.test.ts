import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import { BEGIN, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { ListedPart, ChartPartAsked } from '../../protocol/evidence/chartPart.ts';
import type { Outcome, Release } from '../../protocol/evidence/evidence.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { confirmListed, type ListCount } from '../records/confirmListed.ts';
import { readChart, type Chart } from '../records/readChart.ts';
import { grantRight } from '../rights/grantRight.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { lyingTo } from '../test/lyingTo.ts';
import { BATCH, sendBatch } from '../test/sendBatch.ts';
import { startWithDevice } from '../test/startWithDevice.ts';
import { batchesOnChart } from './batchesOnChart.ts';
import type { DeviceBound } from './bindDevice.ts';
import { readReadings } from './readReadings.ts';

const sensor = signatory('a band that is worn all day');
const START = BEGIN * 1000;
/** Batches of the day. */
const DAY = 60;
const COMPLETE: ListCount = { complete: true, faults: [], unchecked: [] };
let network: TestNetwork;
let patient: Party;
let gateway: Party;
let bound: DeviceBound;

before(async () => {
  const device = { address: sensor.address };
  ({ network, patient, gateway, bound } = await startWithDevice({ device, epochs: 8 }));
  // No reading may be ahead of its entry.
  network.clock.advance(1_200_000);
  for (let place = 0; place < DAY; place++) await send(10 * place);
  await note('vitals');
  await note('laboratory');
  await network.checkpoint();
});
after(async () => await network.close());

/** Has the gateway put a batch on the chart whose numbers begin with one, and whose times too unless others are given. */
async function send(first: number, from = START + first * 1000): Promise<void> {
  await sendBatch({ gateway, bound, sensor }, first, from);
}

async function note(category: 'vitals' | 'laboratory'): Promise<void> {
  const { handle } = bound.grant;
  await addRecord(patient, { handle, category, purpose: 'PATRQT', content: utf8ToBytes(category) });
}

async function partOf(part?: ChartPartAsked, party = patient): Promise<Chart> {
  const { handle } = bound.grant;
  return await readChart(party, { handle, purpose: 'PATRQT', ...(part && { part }) });
}

/** The patient at an agent that changes what it releases, and has a checkpoint of the log whenever it is asked for one. */
function lied(change: (release: Release) => Release): Party {
  const checkpoint: AgentPort['checkpoint'] = async (log) => {
    await network.checkpoint();
    return await patient.agent.checkpoint(log);
  };
  const submit: AgentPort['submit'] = async (submissions) => {
    const outcomes = await patient.agent.submit(submissions);
    return outcomes.map((outcome): Outcome =>
      outcome.outcome === 'acknowledged' && outcome.release?.records !== undefined
        ? { ...outcome, release: change(outcome.release) }
        : outcome,
    );
  };
  return lyingTo(network, patient, { checkpoint, submit });
}

async function countOf(chart: Chart, party = lied((release) => release)): Promise<ListCount> {
  return await confirmListed(party, chart);
}

const PARTS: readonly (readonly [string, ChartPartAsked, number, ListedPart])[] = [
  ['its records', 'records', 2, 'records'],
  ['the newest two minutes', { last: 120_000 }, 13, { from: START + DAY * BATCH - 1 - 120_000 }],
  [
    'a span',
    { from: START + BATCH, until: START + 3 * BATCH },
    2,
    { from: START + BATCH, until: START + 3 * BATCH },
  ],
  ['one batch of each kind', 'kinds', 1, 'kinds'],
  ['a span before the first batch', { from: 0, until: START }, 0, { from: 0, until: START }],
];

describe('a part of a chart', () => {
  for (const [called, asked, count, part] of PARTS) {
    it(`that is ${called} lists that alone, and coordinators count it`, async () => {
      const chart = await partOf(asked);
      assert.deepEqual([chart.records.length, chart.part], [count, part]);
      assert.deepEqual(await countOf(chart), COMPLETE);
    });
  }

  it('is counted as itself: the count of another part confirms none', async () => {
    const chart = await partOf({ last: 120_000 });
    for (const part of ['records', 'kinds', { from: 0 }] as const) {
      assert.equal((await countOf({ ...chart, part })).complete, false);
    }
    const { part: _, ...whole } = chart;
    assert.equal((await countOf(whole)).complete, false);
  });

  it('says how many batches are left out of the records', async () => {
    const { apart } = await partOf('records');
    assert.deepEqual(apart, [{ category: 'vitals', count: DAY }]);
  });

  it('has as many entries however long the chart is', async () => {
    const before = await partOf({ last: 60_000 });
    for (let place = DAY; place < DAY + 20; place++) await send(10 * place);
    await network.checkpoint();
    const listed = await partOf({ last: 60_000 });
    assert.deepEqual(
      [listed.records.length, listed.beside?.length],
      [before.records.length, before.beside?.length],
    );
    assert.equal((await partOf()).records.length, DAY + 22);
  });

  it('opens as the whole list does, and tells what was before it as no gap', async () => {
    const span = { from: START + 20 * BATCH, until: START + 25 * BATCH };
    const chart = await partOf(span);
    const [part] = await readReadings(patient, chart, span);
    const [whole] = await readReadings(patient, await partOf(), span);
    assert.deepEqual(part, whole);
    assert.deepEqual([part?.batches.length, part?.batches[0]?.follows], [5, true]);
  });

  // @attack a copied device sends other readings under numbers of a day long past | the batches beside a span show the fork
  it('shows that another batch used its numbers at another time', async () => {
    await send(400, START + 1_100_000);
    const span = { from: START + 40 * BATCH, until: START + 41 * BATCH };
    const [device] = batchesOnChart(patient, await partOf(span));
    const shown = device?.batches.filter(({ start }) => start >= span.from && start < span.until);
    assert.deepEqual(
      shown?.map(({ forked }) => forked),
      [true],
    );
  });

  // @attack a node leaves the newest readings out of the part that is shown | coordinators count to the end of time
  it('that lacks the newest batches, or any other, is counted as one that lacks some', async () => {
    const lies: readonly ((release: Release) => Release)[] = [
      (release) => ({ ...release, records: release.records?.slice(0, -1) ?? [] }),
      (release) => ({ ...release, records: release.records?.slice(1) ?? [] }),
      (release) => ({ ...release, records: [] }),
    ];
    for (const lie of lies) {
      const party = lied(lie);
      const { complete, faults } = await countOf(await partOf({ last: 60_000 }, party), party);
      assert.deepEqual([complete, faults.length > 0], [false, true]);
    }
  });

  // @attack a node keeps the kind of a wearable's batches off the list of kinds | coordinators count one batch of each
  it('that lacks the batch of a kind, or has that of another epoch, is counted as one that differs', async () => {
    const older = await partOf({ from: START, until: START + BATCH });
    const entries = older.records.map(({ acknowledgement }) => acknowledgement);
    await eraseKeys(patient, 'laboratory');
    await send(2_000, START + 1_150_000);
    const newest = await partOf('kinds');
    assert.equal(newest.records.length, 1);
    assert.ok((newest.records[0]?.epoch ?? 0) > (older.records[0]?.epoch ?? 0));
    for (const records of [[], entries]) {
      const party = lied((release) => ({ ...release, records }));
      const { complete, faults } = await countOf(await partOf('kinds', party), party);
      assert.deepEqual([complete, faults.length > 0], [false, true]);
    }
    assert.deepEqual(await countOf(newest), COMPLETE);
  });

  // @attack a node answers with another part than was asked for | the kind is required, and the count shows the rest
  it('that is of another kind is refused', async () => {
    const whole = await partOf();
    const all = { records: whole.records.map(({ acknowledgement }) => acknowledgement) };
    const party = lied((release) => ({ ...release, ...all }));
    for (const part of ['records', 'kinds', { last: 60_000 }] as const) {
      await assert.rejects(partOf(part, party), failsWith('PEER_MALFORMED'));
    }
  });

  it('that has no such form is the fault of its caller, not of an older node', async () => {
    const parts: readonly unknown[] = [
      'batches',
      { from: -1 },
      { from: 0.5, until: 2 },
      { last: Number.NaN },
      { last: Infinity },
      { from: 0, last: 1 },
    ];
    for (const part of parts) {
      await assert.rejects(partOf(part as ChartPartAsked), failsWith('ARGUMENT_INVALID'));
    }
  });

  it('is of no entry for a device that is restored: it waits for no list', async () => {
    let listed: number | undefined;
    const phone = await furtherDevice(network, patient);
    const party = lyingTo(network, phone, {
      submit: async (submissions) => {
        const outcomes = await phone.agent.submit(submissions);
        for (const outcome of outcomes) {
          if (outcome.outcome === 'acknowledged') listed = outcome.release?.records?.length;
        }
        return outcomes;
      },
    });
    const { state } = await restorePatient(party);
    assert.deepEqual([listed, state.handle], [0, bound.grant.handle]);
  });

  // @attack a reader asks for a part that a right does not cover | its categories alone are listed, and counted
  it('has nothing that the right of its reader does not cover', async () => {
    const { handle } = bound.grant;
    const lab = await network.party('lab', { organisation: 'laboratory' });
    const { grant } = await grantRight(patient, {
      grantee: lab.address,
      categories: ['laboratory'],
      actions: ['read'],
      purpose: 'TREAT',
      until: BEGIN + 3600,
    });
    for (const part of ['records', 'kinds', { last: 60_000 }, { from: 0 }] as const) {
      const chart = await readChart(lab, { handle, grant, purpose: 'TREAT', part });
      const { length } = chart.records;
      assert.deepEqual(
        [length, chart.apart, chart.beside],
        [part === 'records' ? 1 : 0, undefined, undefined],
      );
    }
  });

  it('that ends with the newest batch is counted also after its patient erased the batches', async () => {
    await eraseKeys(patient, 'vitals');
    await network.checkpoint();
    const chart = await partOf({ last: 60_000 });
    const { faults } = await countOf(chart);
    assert.deepEqual(faults, []);
    const whole = await partOf();
    assert.ok(chart.records.length < whole.records.length / 2, `${chart.records.length}`);
    assert.equal((await partOf('records')).apart, undefined);
  });
});
