import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFile, chmod, mkdir, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { after, beforeEach, describe, it } from 'node:test';
import { openFolder } from '../../folder/openFolder.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { EnginePrograms } from './EnginePrograms.ts';
import { PLATFORM_HERE, platformOf } from './platforms.ts';

const here = PLATFORM_HERE;
const MACHINES: Readonly<Record<string, number>> = { 'linux/amd64': 62, 'linux/arm64': 183 };
const folders: string[] = [];
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

/** Bytes that begin as a program for Linux does. */
function elf(platform: string, rest: string): Buffer {
  const head = Buffer.alloc(20);
  head.write('\x7fELF', 'latin1');
  head.writeUInt16LE(MACHINES[platform] ?? 0, 18);
  return Buffer.concat([head, Buffer.from(rest)]);
}

const hashOf = (content: Uint8Array): Bytes32 =>
  `0x${createHash('sha256').update(content).digest('hex')}`;

describe('the engine’s programs of a validator', { skip: MACHINES[here] === undefined }, () => {
  const [old, next] = [elf(here, 'old'), elf(here, 'next')];
  const upgrade = { height: 70, programs: { [here]: hashOf(next) } };
  const running = { sha256: hashOf(old), pid: undefined };
  let folder: string;
  let setting: string;
  let given: string;
  let programs: EnginePrograms;

  async function reopened(): Promise<EnginePrograms> {
    return new EnginePrograms(await openFolder(`${folder}/node`), setting);
  }

  beforeEach(async () => {
    folder = await scratchFolder();
    folders.push(folder);
    await mkdir(`${folder}/node`);
    [setting, given] = [`${folder}/medseal-engine`, `${folder}/given`];
    await writeFile(setting, old);
    await writeFile(given, next);
    programs = await reopened();
  });

  it('runs that of the settings, whichever it is, until an upgrade is near', async () => {
    assert.equal(await programs.next(), setting);
    await writeFile(setting, next);
    assert.equal(await (await reopened()).next(), setting);
  });

  it('takes a program by its hash, and runs it from the block of its upgrade on, also after a restart', async () => {
    const added = await programs.add(given);
    assert.deepEqual(added, { sha256: hashOf(next), platform: here });
    assert.equal(await programs.next(), setting);
    assert.equal(await programs.hold(upgrade, running), true);
    const kept = `${folder}/node/validator/programs`;
    assert.equal(await programs.next(), `${kept}/${hashOf(old)}`);
    await programs.switchTo(upgrade);
    assert.equal(await programs.next(), `${kept}/${hashOf(next)}`);
    assert.equal(await (await reopened()).next(), `${kept}/${hashOf(next)}`);
  });

  it('keeps the present program for the time until then, though a package puts the next one in its place', async () => {
    await programs.add(given);
    await programs.hold(upgrade, running);
    await writeFile(setting, next);
    const path = (await (await reopened()).next()) ?? assert.fail();
    assert.equal(path, `${folder}/node/validator/programs/${hashOf(old)}`);
  });

  it('keeps the next program too before it holds it, though it lay at the path of the settings alone', async () => {
    await programs.add(setting);
    await writeFile(setting, next);
    assert.equal(await programs.hold(upgrade, running), true);
    await rm(setting);
    await programs.switchTo(upgrade);
    const kept = `${folder}/node/validator/programs/${hashOf(next)}`;
    assert.equal(await (await reopened()).next(), kept);
  });

  it('takes a program and pins another at the same time, each whole', async () => {
    const kept = `${folder}/node/validator/programs`;
    const large = Buffer.concat([elf(here, 'large'), Buffer.alloc(4_000_000, 7)]);
    await writeFile(given, large);
    await writeFile(`${folder}/next`, next);
    await programs.add(`${folder}/next`);
    for (let round = 0; round < 10; round++) {
      await rm(`${kept}/${hashOf(old)}`, { force: true });
      const [held, added] = await Promise.all([
        programs.hold(upgrade, running),
        (await reopened()).add(given),
      ]);
      assert.deepEqual([held, added.sha256], [true, hashOf(large)]);
      const all = [old, next, large].map((each) => hashOf(each));
      assert.deepEqual((await readdir(kept)).sort(), all.sort());
    }
  });

  it('holds no program that it lacks, that is for another machine, or whose present one is gone', async () => {
    assert.equal(await programs.hold(upgrade, running), false);
    await programs.add(given);
    const other = { height: 70, programs: { 'plan9/mips': hashOf(next) } };
    assert.equal(await programs.hold(other, running), false);
    await rm(setting);
    assert.equal(await programs.hold(upgrade, running), false);
    assert.deepEqual(await readdir(`${folder}/node/validator/programs`), [hashOf(next)]);
  });

  // @actor another user of the machine | puts another program in the place of one that the network agreed on
  it('starts no program that was altered after it was stated, and says which one it lacks', async () => {
    await programs.add(given);
    await programs.hold(upgrade, running);
    const kept = `${folder}/node/validator/programs/${hashOf(next)}`;
    await chmod(kept, 0o700);
    await appendFile(kept, 'altered');
    await programs.switchTo(upgrade);
    assert.equal(await programs.next(), undefined);
    assert.deepEqual(programs.lacking, { height: 70, platform: here, sha256: hashOf(next) });
    await programs.add(given);
    assert.equal(await programs.next(), kept);
    assert.equal(programs.lacking, undefined);
  });

  // @attack an upgrade is decided while the node still pins the program that ends for it | the switch holds, and the pin of before is not written back
  it('does not take the switch back if the present program is pinned at the same moment', async () => {
    const { sha256 } = await programs.add(given);
    for (const isFirst of [true, false]) {
      const parts = [
        async () => await programs.hold(upgrade, running),
        async () => await programs.switchTo(upgrade),
      ];
      await Promise.all((isFirst ? parts : parts.toReversed()).map(async (each) => await each()));
      assert.equal(await programs.next(), await programs.find(sha256));
      programs = await reopened();
      assert.equal(await programs.next(), await programs.find(sha256));
    }
  });

  it('finds the program at the path of the settings too, once it is there', async () => {
    await programs.switchTo(upgrade);
    assert.equal(await programs.next(), undefined);
    assert.equal(await programs.next(), undefined);
    await writeFile(setting, elf(here, 'a third one'));
    assert.equal(await programs.next(), undefined);
    await rm(setting);
    await writeFile(setting, next);
    await programs.next();
    assert.equal(await programs.next(), setting);
  });

  it('finds it there though a file of the same size and time lay there before', async () => {
    await programs.switchTo(upgrade);
    const time = new Date(1_750_000_000_000);
    await writeFile(setting, elf(here, 'else'));
    await utimes(setting, time, time);
    assert.equal(await programs.next(), undefined);
    await utimes(given, time, time);
    await rename(given, setting);
    assert.equal(await programs.next(), setting);
  });

  it('has nothing to go on with if the upgrade names none for this machine', async () => {
    await programs.switchTo({ height: 70, programs: { 'plan9/mips': word('program') } });
    assert.equal(await programs.next(), undefined);
    assert.deepEqual(programs.lacking, { height: 70, platform: here });
  });

  it('takes no file that is not a program for this machine', async () => {
    const foreign = here === 'linux/amd64' ? 'linux/arm64' : 'linux/amd64';
    for (const content of ['', '#!/bin/sh', elf(foreign, 'x'), elf('none', 'x'), '\x7fELF']) {
      await writeFile(given, content);
      await assert.rejects(programs.add(given), failsWith('ARGUMENT_INVALID'));
    }
    await assert.rejects(programs.add(`${folder}/nowhere`), failsWith('ARGUMENT_INVALID'));
    await assert.rejects(programs.add(folder), failsWith('ARGUMENT_INVALID'));
    await writeFile(given, elf(foreign, 'x'));
    assert.equal(await platformOf(given), foreign);
  });
});
