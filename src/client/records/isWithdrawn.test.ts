import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { addRecord } from './addRecord.ts';
import { isWithdrawn } from './isWithdrawn.ts';
import { readChart } from './readChart.ts';
import type { ChartRecord } from './viewChart.ts';

for (const guarded of [false, true])
  describe(`a record of a network ${guarded ? 'with' : 'without'} a release key`, () => {
    let network: TestNetwork;
    let care: Care;
    before(async () => {
      network = await startTestNetwork(guarded ? { guarded } : {});
      care = await startCare(network);
    });
    after(async () => await network.close());

    /** Adds a record, and writes it again with so many bytes. */
    async function rewritten(bytes: number): Promise<ChartRecord> {
      const { doctor, handle, right } = care;
      const chart = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
      const amends = await addRecord(doctor, { ...chart, content: new Uint8Array(9) });
      await addRecord(doctor, { ...chart, content: new Uint8Array(bytes), amends });
      const { records } = await readChart(doctor, { handle, purpose: 'TREAT', grant: right.grant });
      return (
        records.find(({ record, version }) => record === amends.record && version === 2) ??
        assert.fail()
      );
    }

    it('is withdrawn once its newest version has nothing, and only then', async () => {
      assert.equal(await isWithdrawn(care.doctor, await rewritten(0)), true);
      assert.equal(await isWithdrawn(care.doctor, await rewritten(1)), false);
    });

    it('is judged by the length that nothing had when it was written', async () => {
      const { doctor } = care;
      const gone = await rewritten(0);
      const { channels } = network.file;
      const other = channels.map(({ release, ...channel }) => ({
        ...channel,
        ...(release === undefined && {
          release: { threshold: 1, publicKey: '0x', shares: [] } as const,
        }),
      }));
      const before = [{ fingerprint: word('first'), until: gone.at + 1, channels }];
      const changed = { ...doctor, network: { ...network.file, channels: other, before } };
      assert.equal(await isWithdrawn(changed, gone), true);
      assert.equal(await isWithdrawn(changed, { ...gone, at: gone.at + 1 }), false);
    });
  });
