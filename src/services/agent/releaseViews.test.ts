import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readRecord } from '../../client/records/readRecord.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ guarded: true, thresholds: { writes: 2, views: 3 } });
  care = await startCare(network);
});
after(async () => await network.close());

describe('shares of which too few come', () => {
  it('are said to be missing from those who give none, and not from one that answers after the others failed', async () => {
    const { doctor, handle, right } = care;
    const version = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
    await addRecord(doctor, { ...version, content: utf8ToBytes('a note') });
    const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    const [record] = chart.records;
    assert.ok(record);
    const asked = Promise.withResolvers<undefined>();
    const goOn = Promise.withResolvers<undefined>();
    const { coordinator: laboratory } = network.services('laboratory');
    const { coordinator: insurer } = network.services('insurer');
    network.liars.coordinator.set('laboratory', {
      ...laboratory,
      release: async () =>
        await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'laboratory' })),
    });
    network.liars.coordinator.set('insurer', {
      ...insurer,
      release: async (wanted) => {
        asked.resolve(undefined);
        await goOn.promise;
        return await insurer.release(wanted);
      },
    });
    const reading = assert.rejects(readRecord(doctor, chart, record), (error) => {
      assert.ok(error instanceof MedsealError && error.code === 'RELEASE_PENDING');
      assert.deepEqual(error.values, {
        have: 2,
        need: 3,
        by: 'hospital, insurer',
        missing: 'laboratory',
      });
      return true;
    });
    await asked.promise;
    for (let turns = 0; turns < 500; turns++) await setImmediate();
    // Enough have answered, and the grace of the others is over; their patience is not.
    network.clock.advance(100);
    for (let turns = 0; turns < 500; turns++) await setImmediate();
    goOn.resolve(undefined);
    await reading;
    network.liars.coordinator.clear();
  });
});
