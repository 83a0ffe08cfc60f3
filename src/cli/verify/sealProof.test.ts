import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import { isPending } from '../../protocol/rights/isPending.ts';
import { formatEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { runMedseal, temporaryFolder } from '../test/runMedseal.ts';

describe('medseal verify with a sealed file of a network with a release key', () => {
  it('says that the file proves for which record version it was sealed', async (t) => {
    const folder = await temporaryFolder(t);
    const network = await startTestNetwork({ guarded: true });
    try {
      const { doctor, handle, right } = await startCare(network);
      const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
      const content = utf8ToBytes('a note');
      const { acknowledgement } = await addRecord(doctor, { ...own, content });
      await network.checkpoint();
      const { log, index } = acknowledgement;
      const proof = await network.agent().receipt({ log, index });
      assert.ok(!isPending(proof));
      const { file } = (JSON.parse(acknowledgement.body) as Body).request.message as Write;
      const sealed = await collectBytes(network.services().contributor.file(file));
      const receipt = { format: 'medseal-receipt/1' as const, acknowledgement, ...proof };
      const [at, pinned, record] = ['receipt.json', 'network.json', 'record.age'].map((name) =>
        join(folder, name),
      ) as [string, string, string];
      await writeFile(at, formatEvidenceFile(receipt));
      await writeFile(pinned, JSON.stringify(network.file));
      await writeFile(record, sealed);
      const words = ['verify', at, '--record', record, '--network', pinned, '--offline'];
      const { code, stdout, stderr } = await runMedseal(...words);
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /that it names, and proves that it was sealed for this record version/);
    } finally {
      await network.close();
    }
  });
});
