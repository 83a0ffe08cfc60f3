import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { keepRecord } from './keepRecord.ts';
import { keptPlaces } from './keptIndex.ts';
import { listKept, readKept } from './readKept.ts';
import { removeKept } from './removeKept.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
});
after(async () => await network.close());

describe('a kept record that is removed by hand', () => {
  it('is gone from the device with its key, and no other is', async () => {
    const { doctor, handle, right } = care;
    const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
    await addRecord(doctor, { ...own, content: utf8ToBytes('one') });
    await addRecord(doctor, { ...own, content: utf8ToBytes('another') });
    const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    const [one, another] = chart.records;
    assert.ok(one && another);
    const keep = seconds(network.ports.clock) + 60;
    for (const record of [one, another]) await keepRecord(doctor, chart, record, keep);
    const [place] = await keptPlaces(doctor);
    await removeKept(doctor, one);
    await assert.rejects(readKept(doctor, one), failsWith('NOT_FOUND'));
    assert.ok(!(await doctor.device.read(`kept-${place?.slot}`)), 'nothing is left in its place');
    assert.deepEqual(
      (await listKept(doctor)).map(({ version }) => version.record),
      [another.record],
    );
    await removeKept(doctor, one);
    assert.equal((await listKept(doctor)).length, 1);
  });
});
