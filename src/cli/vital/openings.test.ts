import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { writeOpening } from './openings.ts';

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openings-'));
});
after(async () => await rm(folder, { recursive: true }));

describe('the file that opens what the ledger has of a birth or a death', () => {
  it('is never written over by another: it may be the only one', async () => {
    const out = join(folder, 'birth.json');
    await writeOpening(out, { birth: 1 });
    const before = await readFile(out, 'utf8');
    const refused = failsWith('ARGUMENT_INVALID', { argument: 'out' });
    await assert.rejects(writeOpening(out, { birth: 2 }), refused);
    assert.equal(await readFile(out, 'utf8'), before);
  });

  it('may be written again as it is', async () => {
    const out = join(folder, 'death.json');
    await writeOpening(out, { death: 1 });
    await writeOpening(out, { death: 1 });
    assert.deepEqual(JSON.parse(await readFile(out, 'utf8')), { death: 1 });
  });
});
