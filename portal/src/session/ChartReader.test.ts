import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Resource } from '@medplum/fhirtypes';
import { readChart, type Chart } from '../../../src/client/index.ts';
import { addRecord } from '../../../src/client/records/addRecord.ts';
import { bytesToHex, utf8ToBytes } from '../../../src/crypto/bytes.ts';
import { isMedsealError } from '../../../src/errors/isMedsealError.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { encodePart } from '../../../src/fhir/encodePart.ts';
import { partOfResource } from '../../../src/fhir/partOfResource.ts';
import {
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../src/node/test/testNetwork.ts';
import { releasingSome, unreachable } from '../../../src/node/test/releasingSome.ts';
import { observation } from '../fhir/test/resources.ts';
import { runSessionEnd } from './atSessionEnd.ts';
import { ChartReader, readerOf, type ChartState } from './ChartReader.ts';

/** More than are opened at once. */
const RECORDS = 10;

let network: TestNetwork;
let care: Care;
let chart: Chart;
/** Views of records that were asked for. */
let views = 0;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  for (let place = 0; place < RECORDS; place++) {
    const measured = observation('8867-4', 60 + place, '/min', '2026-01-02');
    const set = bytesToHex(doctor.random(16));
    const part = partOfResource(set, 'vitals', measured as unknown as Resource);
    await addRecord(doctor, { ...own, content: encodePart(part) });
  }
  chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
});
after(async () => await network.close());

/** Has these organisations release nothing. */
function away(...organisations: readonly string[]): void {
  network.liars.coordinator.clear();
  for (const peer of organisations) {
    const { coordinator } = network.services(peer);
    const release = async (): Promise<never> =>
      await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer }));
    network.liars.coordinator.set(peer, { ...coordinator, release });
  }
}

/** The doctor, whose views are counted. */
function counted(): Care['doctor'] {
  const { doctor } = care;
  return behind(doctor, {
    submit: async (submissions) => {
      for (const { pairs } of submissions) views += pairs?.length ?? 1;
      return await doctor.agent.submit(submissions);
    },
  });
}

/** The chart with one more record, of a kind that nobody asks for: the reader never comes to its end. */
function withAnotherKind(of: Chart): Chart {
  const record = { ...(of.records[0] ?? assert.fail()), record: `0x${'ab'.repeat(16)}` } as const;
  return { ...of, records: [...of.records, { ...record, category: 'imaging' }] };
}

/** Waits until the reader stops or has opened all. */
async function settled(reader: ChartReader): Promise<ChartState> {
  return await new Promise((resolve) => {
    const look = (): void => {
      const state = reader.state();
      if (!state.finished && state.error === undefined) return;
      leave();
      resolve(state);
    };
    const leave = reader.follow(look);
  });
}

/** Has a reader go on, and waits until it has opened all. */
async function again(reader: ChartReader): Promise<ChartState> {
  const leave = reader.follow(() => undefined);
  reader.again();
  const state = await new Promise<ChartState>((resolve) => {
    const end = reader.follow(() => {
      const now = reader.state();
      if (!now.finished || now.error !== undefined) return;
      end();
      resolve(now);
    });
  });
  leave();
  return state;
}

describe('a reader of a chart', () => {
  it('stops while too few organisations release, views no more, and goes on from there', async () => {
    away('laboratory', 'insurer');
    const reader = new ChartReader(counted(), chart);
    const stopped = await settled(reader);
    assert.ok(isMedsealError(stopped.error, 'RELEASE_PENDING'));
    assert.deepEqual([stopped.done, stopped.of, stopped.finished], [0, RECORDS, false]);
    assert.deepEqual([stopped.failures, stopped.released], [[], []]);
    assert.equal(views, 8, 'one batch and no more');
    away('insurer');
    const whole = await settled(reader);
    assert.deepEqual([whole.done, whole.finished, whole.error], [RECORDS, true, undefined]);
    assert.deepEqual(whole.released, ['hospital', 'laboratory']);
    assert.equal(views, 8 + RECORDS, 'what did not open is viewed again, and nothing else');
  });

  // @attack one record that cannot be released yet, or one organisation that withholds it, keeps the whole of a chart from being shown | it is set aside with its reason, and the rest is opened
  it('sets a record aside that too few organisations release, opens the rest, and that one once they do', async () => {
    away();
    const [, second] = chart.records;
    const last = chart.records.at(-1) ?? assert.fail();
    for (const { record } of [second ?? assert.fail(), last]) {
      for (const name of ['laboratory', 'insurer']) {
        releasingSome(network, name, (id) => (id === record ? unreachable(name) : undefined));
      }
      views = 0;
      const reader = new ChartReader(counted(), chart);
      const rest = await settled(reader);
      assert.deepEqual([rest.done, rest.finished], [RECORDS, true]);
      assert.deepEqual(
        rest.failures.map((each) => [each.record.record, each.error.code]),
        [[record, 'RELEASE_PENDING']],
      );
      assert.ok(isMedsealError(rest.error, 'RELEASE_PENDING'));
      assert.equal(rest.resourcesIn.size, RECORDS - 1);
      assert.equal(views, RECORDS);
      away();
      const whole = await again(reader);
      assert.deepEqual([whole.done, whole.finished, whole.error], [RECORDS, true, undefined]);
      assert.deepEqual([whole.failures, whole.resourcesIn.size], [[], RECORDS]);
      assert.equal(views, RECORDS + 1, 'the others are not viewed again');
    }
  });

  // @attack somebody at the page after its lock looks for what a chart had opened | the reader ends and drops it, also what comes later
  it('opens nothing more once its session has ended, and drops what it opened', async () => {
    away();
    const { doctor } = care;
    const [asked, answer] = [
      Promise.withResolvers<undefined>(),
      Promise.withResolvers<undefined>(),
    ];
    let calls = 0;
    const party = behind(counted(), {
      submit: async (submissions) => {
        calls += 1;
        const outcomes = await doctor.agent.submit(submissions);
        if (calls < 2) return outcomes;
        asked.resolve(undefined);
        await answer.promise;
        return outcomes;
      },
    });
    const reader = readerOf(party, chart);
    reader.follow(() => undefined);
    await asked.promise;
    assert.ok(reader.state().resourcesIn.size > 0);
    runSessionEnd(party);
    assert.equal(reader.state().resourcesIn.size, 0);
    answer.resolve(undefined);
    for (let turn = 0; turn < 500; turn++) await setImmediate();
    assert.deepEqual([reader.state().resourcesIn.size, calls], [0, 2]);
    assert.notEqual(readerOf(party, chart), reader);
  });

  it('forgets that it set a record aside once somebody opened that one by itself', async () => {
    const { record } = chart.records[0] ?? assert.fail();
    for (const name of ['laboratory', 'insurer']) {
      releasingSome(network, name, (id) => (id === record ? unreachable(name) : undefined));
    }
    const reader = new ChartReader(counted(), chart);
    const [failed = assert.fail()] = (await settled(reader)).failures;
    await reader.take(failed.record, utf8ToBytes('note'));
    assert.deepEqual([reader.state().failures, reader.state().error], [[], undefined]);
    away();
  });

  it('shows all that it opened, also if somebody else follows it while records come', async () => {
    const ends = new Set<() => void>();
    await new Promise<void>((resolve) => {
      let joined = false;
      const joining = behind(care.doctor, {
        submit: async (submissions) => {
          // As a screen does that opens meanwhile.
          if (!joined) ends.add(of.follow(() => undefined, ['vitals']));
          joined = true;
          return await care.doctor.agent.submit(submissions);
        },
      });
      const of = new ChartReader(joining, withAnotherKind(chart));
      ends.add(
        of.follow(() => {
          const { arranged, left } = of.state();
          if (left.some(({ category }) => category === 'vitals')) return;
          if (arranged.all.length === RECORDS) resolve();
        }, ['vitals']),
      );
    });
    for (const end of ends) end();
  });

  it('keeps in view what the reader before it opened, until it has gone through that itself', async () => {
    const first = new ChartReader(care.doctor, chart);
    await settled(first);
    const next = new ChartReader(counted(), { ...chart }, first);
    views = 0;
    const seen = [next.state()];
    await new Promise<void>((resolve) => {
      const end = next.follow(() => {
        seen.push(next.state());
        if (next.state().finished) resolve();
        if (next.state().finished) end();
      });
    });
    assert.deepEqual(
      seen.map(({ arranged }) => arranged.all.length),
      seen.map(() => RECORDS),
    );
    assert.equal(views, 0);
  });

  it('still says who released the records that it took over from the reader before it', async () => {
    away('insurer');
    const first = new ChartReader(care.doctor, chart);
    const { released } = await settled(first);
    assert.deepEqual(released, ['hospital', 'laboratory']);
    const next = new ChartReader(care.doctor, { ...chart }, first);
    assert.deepEqual(next.state().released, released);
    assert.deepEqual((await settled(next)).released, released);
    away();
  });

  it('does not view again what somebody opened by itself before its turn', async () => {
    const reader = new ChartReader(counted(), chart);
    const [first = assert.fail()] = chart.records;
    views = 0;
    await reader.take(first, utf8ToBytes('note'));
    assert.deepEqual([reader.state().resourcesIn.size, reader.state().done], [1, 1]);
    const whole = await settled(reader);
    assert.deepEqual([whole.resourcesIn.size, views], [RECORDS, RECORDS - 1]);
  });

  // @actor somebody at the page of a patient who erased records | reads what they held
  it('drops what the reader before it opened once its evidence shows that it was erased', async () => {
    const first = new ChartReader(care.doctor, chart);
    await settled(first);
    const [gone = assert.fail()] = chart.records;
    const openerFor: Chart['openerFor'] = (record) => {
      if (record.file !== gone.file) return chart.openerFor(record);
      throw new MedsealError('RECORD_ERASED', { category: gone.category });
    };
    const whole = await settled(new ChartReader(care.doctor, { ...chart, openerFor }, first));
    assert.deepEqual(
      [whole.resourcesIn.size, whole.arranged.all.length],
      [RECORDS - 1, RECORDS - 1],
    );
    assert.deepEqual(
      whole.failures.map(({ record, error }) => [record, error.code]),
      [[gone, 'RECORD_ERASED']],
    );
  });

  it('of a chart that was asked for again takes what was opened of it as it was, and keeps its place', async () => {
    const party = behind(care.doctor, {});
    const older = readerOf(party, chart);
    const again = { ...chart, records: chart.records.map((each) => ({ ...each })) };
    const newest = readerOf(party, again);
    const [first = assert.fail(), second = assert.fail()] = chart.records;
    assert.equal(readerOf(party, chart), newest);
    await readerOf(party, chart).take(first, utf8ToBytes('note'));
    await older.take(second, utf8ToBytes('note'));
    assert.equal(readerOf(party, again), newest);
    assert.deepEqual([...newest.state().resourcesIn.keys()], again.records.slice(0, 2));
    assert.equal(newest.state().left.length, RECORDS - 2);
    runSessionEnd(party);
  });

  it('keeps its place when the answer to an earlier question for the chart comes later', async () => {
    const { doctor, handle, right } = care;
    const wanted = { handle, grant: right.grant, purpose: 'TREAT' } as const;
    const [early, late] = [await readChart(doctor, wanted), await readChart(doctor, wanted)];
    const party = behind(doctor, {});
    const newest = readerOf(party, late);
    assert.equal(readerOf(party, early), newest);
    runSessionEnd(party);
  });

  // @actor somebody at the page of a patient who erased records | reads one whose opening had begun before
  it('takes nothing that was erased, or changed, since it began to open', async () => {
    const party = behind(care.doctor, {});
    const older = readerOf(party, chart);
    const [gone = assert.fail(), changed = assert.fail(), ...rest] = chart.records;
    const openerFor: Chart['openerFor'] = (record) => {
      if (record.file !== gone.file) return chart.openerFor(record);
      throw new MedsealError('RECORD_ERASED', { category: gone.category });
    };
    const records = [gone, { ...changed, version: 2 }, ...rest];
    const newest = readerOf(party, { ...chart, records, openerFor });
    for (const each of [gone, changed]) await older.take(each, utf8ToBytes('note'));
    assert.equal(newest.state().resourcesIn.size, 0);
    runSessionEnd(party);
  });

  it('opens one’s own chart in fewer views than that of somebody else', async () => {
    const { handle, patient } = care;
    const own = await readChart(patient, { handle, purpose: 'PATRQT' });
    let sets = 0;
    const counting = behind(patient, {
      submit: async (submissions) => {
        sets += submissions.length;
        return await patient.agent.submit(submissions);
      },
    });
    const whole = await settled(new ChartReader(counting, own));
    assert.deepEqual([whole.done, whole.finished], [own.records.length, true]);
    assert.equal(sets, 1);
  });
});
