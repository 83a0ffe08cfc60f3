import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signedShape } from '../../protocol/shapes/messageShape.ts';
import { writeForAnother, writeOpening } from './openings.ts';

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openings-'));
});
after(async () => await rm(folder, { recursive: true }));

describe('the file that opens what the ledger has of a birth or a death', () => {
  // @actor a registrar who runs the same command again, with the same file | loses the only opening of a birth before the ledger refuses the second
  it('is never written over by another: it may be the only one', async () => {
    const out = join(folder, 'birth.json');
    await writeOpening(out, { birth: 1 });
    const before = await readFile(out, 'utf8');
    const refused = failsWith('ARGUMENT_INVALID', { argument: 'out' });
    await assert.rejects(writeOpening(out, { birth: 2 }), refused);
    assert.equal(await readFile(out, 'utf8'), before);
  });

  it('is not written over by what was signed for another, which takes the place of its own kind alone', async () => {
    const out = join(folder, 'undo.json');
    const shape = signedShape('UndoVital');
    await writeFile(out, JSON.stringify({ birth: 1 }));
    await assert.rejects(writeForAnother(out, { undo: 1 }, shape), failsWith('ARGUMENT_INVALID'));
    assert.deepEqual(JSON.parse(await readFile(out, 'utf8')), { birth: 1 });
    await rm(out);
    await writeForAnother(out, { undo: 1 }, shape);
    assert.deepEqual(JSON.parse(await readFile(out, 'utf8')), { undo: 1 });
  });

  it('may be written again as it is', async () => {
    const out = join(folder, 'death.json');
    await writeOpening(out, { death: 1 });
    await writeOpening(out, { death: 1 });
    assert.deepEqual(JSON.parse(await readFile(out, 'utf8')), { death: 1 });
  });
});
