import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart, type Chart } from '../../client/records/readChart.ts';
import { readRecord } from '../../client/records/readRecord.ts';
import { readRecords, type RecordsRead } from '../../client/records/readRecords.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { releasingSome, unreachable } from '../../node/test/releasingSome.ts';
import { startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';

/** Views of one call that different coordinators can release. */

let network: TestNetwork;
let care: Care;
let chart: Chart;
let ids: readonly [Bytes32, Bytes32, Bytes32];

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  for (const note of ['one', 'two', 'three']) {
    await addRecord(doctor, { ...own, content: utf8ToBytes(note) });
  }
  chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  const [first, second, third] = chart.records.map(({ record }) => record);
  assert.ok(first && second && third);
  ids = [first, second, third];
});
after(async () => await network.close());
afterEach(() => network.liars.coordinator.clear());

const notYet = new MedsealError('NOT_YET', { what: 'copy of the file' });
const erased = new MedsealError('RECORD_ERASED', { category: 'vitals' });
const ended = new MedsealError('RIGHT_ENDED', {});

/** Has coordinators refuse records, each its own. */
function refuse(each: Readonly<Record<string, Partial<Record<Bytes32, MedsealError>>>>): void {
  for (const [name, reasons] of Object.entries(each)) {
    releasingSome(network, name, (record) => reasons[record]);
  }
}

function every(reason: MedsealError): Record<Bytes32, MedsealError> {
  return Object.fromEntries(ids.map((id) => [id, reason]));
}

/** A coordinator that never answers, once it was asked. */
function silent(name: string): { readonly asked: Promise<undefined> } {
  const asked = Promise.withResolvers<undefined>();
  const { coordinator } = network.services(name);
  network.liars.coordinator.set(name, {
    ...coordinator,
    release: async () => {
      asked.resolve(undefined);
      return await new Promise(() => undefined);
    },
  });
  return { asked: asked.promise };
}

/** Reads all records: the organisations that released each, or the code of the error. */
async function read(): Promise<readonly unknown[]> {
  const outcomes = new Map<Bytes32, unknown>();
  for await (const each of readRecords(care.doctor, chart, chart.records)) {
    outcomes.set(each.record.record, outcomeOf(each));
  }
  return ids.map((id) => outcomes.get(id));
}

function outcomeOf(read: RecordsRead): unknown {
  if ('error' in read) return read.error.code;
  return read.released?.by.toSorted().join(' ');
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 500; turn++) await setImmediate();
}

describe('an agent that is asked for shares of several views', () => {
  // @attack organisations of which each keeps other files are asked for views together, so that too few release all of them | each view needs as many organisations as the quorum, not the same ones
  it('returns enough for each view, of different organisations for each', async () => {
    const [one, two, three] = ids;
    refuse({
      hospital: { [one]: notYet },
      laboratory: { [two]: notYet },
      insurer: { [three]: notYet },
    });
    assert.deepEqual(await read(), [
      'insurer laboratory',
      'hospital insurer',
      'hospital laboratory',
    ]);
  });

  it('returns what came if too few can release one of them', async () => {
    const [one] = ids;
    refuse({ hospital: { [one]: notYet }, laboratory: { [one]: notYet } });
    const [first, ...others] = await read();
    assert.equal(first, 'RELEASE_PENDING');
    for (const by of others) assert.match(String(by), /hospital.*laboratory/);
  });

  // @attack an organisation that does not answer holds up all views of a call of which one cannot be released | the others are returned once nobody can make up for those who refuse the one
  it('waits for nobody once a view that too few can release is the only one that lacks shares', async () => {
    const [one] = ids;
    refuse({ hospital: { [one]: notYet }, laboratory: { [one]: notYet } });
    const { asked } = silent('insurer');
    const reading = read();
    await asked;
    await turns();
    // The grace of those that may be in time is over; the patience with those that were late before is not.
    network.clock.advance(100);
    const [first, ...others] = await reading;
    assert.equal(first, 'RELEASE_PENDING');
    assert.deepEqual(others, ['hospital laboratory', 'hospital laboratory']);
  });

  it('waits for a coordinator that can make up for one that refuses a view', async () => {
    const [one] = ids;
    refuse({ laboratory: { [one]: notYet } });
    const { coordinator } = network.services('insurer');
    const [asked, goOn] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    network.liars.coordinator.set('insurer', {
      ...coordinator,
      release: async (request) => {
        asked.resolve(undefined);
        await goOn.promise;
        return await coordinator.release(request);
      },
    });
    const reading = read();
    await asked.promise;
    await turns();
    network.clock.advance(100);
    await turns();
    goOn.resolve(undefined);
    const [first] = await reading;
    assert.equal(first, 'hospital insurer');
  });

  it('tells that all of a call are refused for good, if as many as keep the others from it say the same', async () => {
    refuse({ laboratory: every(ended), insurer: every(ended) });
    assert.deepEqual(
      await read(),
      ids.map(() => 'RIGHT_ENDED'),
    );
  });

  it('tells of each view why nobody will release it, if none of a call is released', async () => {
    const [one, two, three] = ids;
    const reasons = { [one]: erased, [two]: ended, [three]: notYet };
    refuse({ hospital: reasons, laboratory: reasons, insurer: reasons });
    assert.deepEqual(await read(), ['RECORD_ERASED', 'RIGHT_ENDED', 'RELEASE_PENDING']);
  });

  it('tells that a view is refused for good if too few are left for it, and no reason that only one gives', async () => {
    const [one, two, three] = ids;
    refuse({
      laboratory: { [one]: erased, [two]: ended, [three]: erased },
      insurer: { [one]: ended, [two]: erased, [three]: notYet },
    });
    assert.deepEqual(await read(), ['EVIDENCE_INVALID', 'EVIDENCE_INVALID', 'RELEASE_PENDING']);
  });

  it('tells it of a view that is asked for alone', async () => {
    const [first] = chart.records;
    assert.ok(first);
    refuse({ laboratory: every(erased), insurer: every(ended) });
    await assert.rejects(readRecord(care.doctor, chart, first), failsWith('EVIDENCE_INVALID'));
  });

  // @actor coordinator that lies | says that a record was erased, while another organisation is away
  // @attack a coordinator says falsely that a record was erased or a right ended, so that its reader gives it up | one organisation alone is not believed: the release is pending
  it('believes no reason that one organisation alone gives', async () => {
    const malformed = new MedsealError('PEER_MALFORMED', { what: 'error' });
    for (const other of [unreachable('insurer'), notYet, malformed]) {
      refuse({ laboratory: every(erased), insurer: every(other) });
      assert.deepEqual(
        await read(),
        ids.map(() => 'RELEASE_PENDING'),
      );
      network.liars.coordinator.clear();
    }
  });
});
