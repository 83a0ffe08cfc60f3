import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { tarFile } from '../../client/archive/tarHeader.ts';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import { network } from '../../protocol/test/sampleNetwork.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { verifyExport } from './verifyExport.ts';

const terminal = { progress: { stage: () => undefined } } as unknown as Terminal;

describe('what verifying an archive does not find out', () => {
  it('names all that nothing in the archive proves', async (t) => {
    const folder = await scratchFolder();
    t.after(async () => await rm(folder, { recursive: true }));
    const [pinned, archive] = [join(folder, 'network.json'), join(folder, 'anna.tar')];
    await writeFile(pinned, JSON.stringify(network));
    await writeFile(archive, tarFile('successors.json', utf8ToBytes('{}')));
    const { ok, value } = await verifyExport(terminal, archive, { network: pinned });
    assert.equal(ok, false);
    const said = value.unchecked.join('\n');
    for (const part of ['successors.json', 'rights and rules', 'network.json', 'checkpoints']) {
      assert.ok(said.includes(part), `${part}: ${said}`);
    }
  });
});
