import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { addRecord } from '../client/records/addRecord.ts';
import { commitEpochs } from '../client/epochs/commitEpochs.ts';
import { httpAgent } from '../client/agent/httpAgent.ts';
import { enrol } from '../client/party/enrol.ts';
import { openParty } from '../client/party/Party.ts';
import { readPatientState } from '../client/state/PatientState.ts';
import { readChart } from '../client/records/readChart.ts';
import { streamRecord } from '../client/records/readRecord.ts';
import { openDeviceFolder } from '../device/deviceFolder.ts';
import { listen } from '../http/listen.ts';
import { networkApp } from '../http/networkApp.ts';
import { openFolderSpool } from '../device/openFolderSpool.ts';
import { openNetwork } from './openNetwork.ts';

/** With `EVERY=1` the largest file that is promised, else one that fits into no memory that is allowed here. */
const GIGABYTES = process.env['EVERY'] === '1' ? 2 : 0.5;
const PIECE = 2 ** 20;
/** Memory that a process may grow by, bytes: nothing that grows with the file fits into it. */
const FLAT = 300 * 2 ** 20;

async function* content(hash: { update(piece: Uint8Array): unknown }): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(PIECE);
  for (let index = 0; index < (GIGABYTES * 2 ** 30) / PIECE; index++) {
    new DataView(piece.buffer).setUint32(0, index);
    hash.update(piece);
    yield piece;
    await Promise.resolve();
  }
}

describe(`a record of ${GIGABYTES} GB`, () => {
  it('is added and read through an agent over HTTP with memory flat', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'medseal-large-'));
    const network = await openNetwork({ folder, demo: true, organisations: ['hospital'] });
    try {
      const doors = await listen(networkApp(network.agents), 0);
      t.after(async () => await doors.close());
      const agent = httpAgent(`${doors.url}/hospital`);
      const patient = await openParty({
        ...network.ports,
        seed: network.ports.random(32),
        network: network.file,
        agent,
        log: 'care/hospital',
        device: await openDeviceFolder(`${folder}/parties/patient`),
        spool: openFolderSpool(`${folder}/parties/patient/spool`),
      });
      await enrol(patient, { role: 'patient', organisation: 'hospital' });
      await commitEpochs(patient, 2);
      const { handle } = await readPatientState(patient);
      const before = process.memoryUsage().rss;
      let most = before;
      const watch = setInterval(() => {
        most = Math.max(most, process.memoryUsage().rss);
      }, 20);
      const [written, read] = [createHash('sha256'), createHash('sha256')];
      const begun = performance.now();
      const added = await addRecord(patient, {
        handle,
        category: 'imaging',
        content: () => content(written),
        purpose: 'PATRQT',
      });
      const between = performance.now();
      const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
      const listed = chart.records.find(({ record }) => record === added.record);
      assert.ok(listed);
      const streamed = await streamRecord(patient, chart, listed);
      for await (const piece of streamed.content) read.update(piece);
      clearInterval(watch);
      const rates = [between - begun, performance.now() - between].map(
        (ms) => `${Math.round((GIGABYTES * 1024) / (ms / 1000))} MiB/s`,
      );
      const grown = Math.round((most - before) / 2 ** 20);
      t.diagnostic(`added ${rates[0]}, read ${rates[1]}, memory grew by ${grown} MiB`);
      assert.equal(read.digest('hex'), written.digest('hex'));
      assert.ok(most - before < FLAT, `memory grew by ${grown} MiB`);
    } finally {
      await network.close();
      await rm(folder, { recursive: true });
    }
  });
});
