import assert from 'node:assert/strict';
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Acknowledgement, History } from '../../protocol/evidence/evidence.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { keepEvidence } from '../evidence/keepEvidence.ts';
import { writeFileWhole } from './writeFileWhole.ts';

let folder: string;
let path: string;
/** A file of somebody that is not to be touched. */
let victim: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medseal-kept-'));
  path = join(folder, 'receipt.json');
  victim = join(folder, 'victim');
  await writeFile(victim, 'as it was');
});
afterEach(async () => await rm(folder, { recursive: true }));

async function modeOf(file: string): Promise<number> {
  return (await stat(file)).mode & 0o777;
}

describe('a file that is kept', () => {
  it('is for its owner alone, also if one lay there that was for all', async () => {
    await writeFileWhole(path, 'first');
    assert.equal(await modeOf(path), 0o600);
    await chmod(path, 0o644);
    await writeFileWhole(path, 'second');
    assert.deepEqual([await readFile(path, 'utf8'), await modeOf(path)], ['second', 0o600]);
    assert.deepEqual((await readdir(folder)).toSorted(), ['receipt.json', 'victim']);
  });

  // @attack another user of the machine reads kept evidence, or has it written elsewhere by a link | mode 0600, and a link is replaced
  it('goes to no other place by a link that lies there', async () => {
    for (const put of [symlink, link]) {
      await put(victim, path);
      await writeFileWhole(path, 'mine');
      assert.deepEqual(
        [await readFile(path, 'utf8'), await readFile(victim, 'utf8')],
        ['mine', 'as it was'],
      );
      await rm(path);
    }
    await symlink(join(folder, 'nowhere'), path);
    await writeFileWhole(path, 'mine');
    assert.deepEqual((await readdir(folder)).toSorted(), ['receipt.json', 'victim']);
  });

  it('takes the place of nothing but a file, and names the option that named it', async () => {
    await mkdir(path);
    const argument = '--history';
    await assert.rejects(
      writeFileWhole(path, 'mine', argument),
      failsWith('ARGUMENT_INVALID', { argument }),
    );
    await assert.rejects(writeFileWhole('/dev/null', 'mine'), failsWith('ARGUMENT_INVALID'));
    await assert.rejects(
      writeFileWhole(join(folder, 'no/such/folder'), 'mine'),
      failsWith('ARGUMENT_INVALID'),
    );
    assert.deepEqual((await readdir(folder)).toSorted(), ['receipt.json', 'victim']);
  });

  it('is what evidence of misbehaviour is kept in', async () => {
    const entry = word('entry');
    const acknowledgement = { log: 'care/hospital', entry } as Acknowledgement;
    const history = { checkpoint: { size: 7, root: word('root') } } as History;
    const below = join(folder, 'evidence');
    const broken = { acknowledgement, history, later: [] };
    const files = await keepEvidence(below, broken);
    assert.equal(await modeOf(below), 0o700);
    for (const file of files) {
      assert.equal(await modeOf(file), 0o600);
      await rm(file);
      await symlink(victim, file);
    }
    await keepEvidence(below, broken);
    assert.equal(await readFile(victim, 'utf8'), 'as it was');
  });
});
