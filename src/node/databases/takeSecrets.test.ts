import assert from 'node:assert/strict';
import { appendFile, mkdir, open, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { openOrganisationFolder } from '../../folder/OrganisationFolder.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { takeSecrets } from './takeSecrets.ts';

describe('secrets that machines share', () => {
  let root: string;
  before(async () => (root = await scratchFolder()));
  after(async () => {
    await rm(root, { recursive: true });
  });
  const take = async (place: string, fence: string, isNew = false): Promise<string> =>
    await takeSecrets(`${root}/${place}`, { fence, isNew, at: 'a database' });

  it('go to each writer in turn with all that is in them', async () => {
    await writeFile(`${await take('turns', '1', true)}/kept`, '1');
    assert.equal(await readFile(`${await take('turns', '2')}/kept`, 'utf8'), '1');
    assert.equal(await readFile(`${await take('turns', '10')}/kept`, 'utf8'), '1');
    assert.deepEqual(await readdir(`${root}/turns`), ['10']);
  });

  it('are not begun again in the place of those that were lost', async () => {
    await assert.rejects(take('lost', '4'), failsWith('DATABASE_UNUSABLE'));
    await mkdir(`${root}/lost/0`);
    assert.equal(await take('lost', '5'), `${root}/lost/5`);
  });

  // @attack secrets are moved to a place that still has those of an earlier stay at the server, which bear a higher number | both stay until the operator decides
  it('that a stopped node brought are not deleted for others that lie there', async () => {
    await writeFile(`${await take('brought', '5', true)}/kept`, 'stale');
    await mkdir(`${root}/brought/0`);
    await writeFile(`${root}/brought/0/kept`, 'own');
    for (const fence of ['2', '6']) {
      await assert.rejects(take('brought', fence), failsWith('DATABASE_UNUSABLE'));
    }
    assert.equal(await readFile(`${root}/brought/0/kept`, 'utf8'), 'own');
    await rm(`${root}/brought/5`, { recursive: true });
    assert.equal(await readFile(`${await take('brought', '7')}/kept`, 'utf8'), 'own');
  });

  it(
    'are not sought for ever in a folder whose name no writer gave',
    { timeout: 5000 },
    async () => {
      await mkdir(`${root}/named/00`, { recursive: true });
      await assert.rejects(take('named', '3'), failsWith('DATABASE_UNUSABLE'));
      await mkdir(`${root}/named/2`);
      assert.equal(await take('named', '4'), `${root}/named/4`);
    },
  );

  // @attack a writer stands still while another takes its secrets over, and wakes | it neither takes nor changes them
  it('are out of reach of a writer that lost its lease', async () => {
    const former = await take('woken', '1', true);
    const logs = await openOrganisationFolder(former);
    const database = await logs.database('logs/hospital');
    await database.put('a', '1');
    const handle = await open(`${former}/file`, 'w');
    const own = await take('woken', '2');
    // The former writer still has its database open, and its lock.
    const taken = await (await openOrganisationFolder(own)).database('logs/hospital');
    await database.put('b', '1').catch(() => undefined);
    await handle.close();
    assert.equal(await taken.get('a'), '1');
    assert.equal(await taken.get('b'), undefined);
    await assert.rejects(appendFile(`${former}/file`, 'x'), { code: 'ENOENT' });
    await assert.rejects(take('woken', '1'), failsWith('LEASE_LOST'));
    await taken.close();
    await database.close().catch(() => undefined);
  });

  it('leave behind what a woken writer made for itself', async () => {
    await writeFile(`${await take('late', '3', true)}/kept`, '3');
    await mkdir(`${root}/late/2`);
    assert.equal(await readFile(`${await take('late', '4')}/kept`, 'utf8'), '3');
    assert.deepEqual(await readdir(`${root}/late`), ['4']);
  });
});
