import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readRecords } from '../../client/records/readRecords.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { formatEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import { runMedseal } from '../test/runMedseal.ts';

describe('medseal verify of the release of a record that was read with others', () => {
  let folder: string;
  let network: TestNetwork;
  let care: Care;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-cli-'));
    network = await startTestNetwork({ guarded: true });
    care = await startCare(network);
    await writeFile(join(folder, 'network.json'), JSON.stringify(network.file));
  });
  after(async () => {
    await network.close();
    await rm(folder, { recursive: true });
  });

  it('says which of them it is of', async () => {
    const { doctor, handle, right } = care;
    const own = { handle, grant: right.grant, purpose: 'TREAT' } as const;
    for (const text of ['one', 'two']) {
      await addRecord(doctor, { ...own, category: 'vitals', content: utf8ToBytes(text) });
    }
    const chart = await readChart(doctor, own);
    const ids: string[] = [];
    for await (const read of readRecords(doctor, chart, chart.records)) {
      assert.ok(!('error' in read) && read.released !== undefined);
      const file = join(folder, `${ids.length}.json`);
      await writeFile(file, formatEvidenceFile(read.released.prove()));
      ids.push(read.record.record);
    }
    assert.equal(ids.length, 2);
    for (const [nth, id] of ids.entries()) {
      const file = join(folder, `${nth}.json`);
      const pinned = ['--network', join(folder, 'network.json'), '--offline'];
      const { stdout, code, stderr } = await runMedseal('verify', file, ...pinned);
      assert.equal(code, 0, stderr + stdout);
      assert.match(stdout, /opened 2 record versions/);
      assert.ok(stdout.includes(`record ${id}, version 1`), stdout);
    }
  });
});
