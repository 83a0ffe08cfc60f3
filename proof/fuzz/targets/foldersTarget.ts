import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foundFolder } from '../../../src/node/test/foundFolder.ts';
import { damageFile } from '../damageFile.ts';
import { TargetFault, type OpenTarget } from '../FuzzTarget.ts';
import { contentOf } from '../foldersAlike.ts';
import { typeMedseal } from '../typeMedseal.ts';

/**
 * The folder of a whole network that was stopped, with a few of its files damaged, before `fsck`, `verify node` and
 * `backup`: whatever they find is told, and nothing is changed that nobody asked to repair.
 */
export const openFoldersTarget: OpenTarget = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-fuzz-'));
  const [whole, data, to] = ['whole', 'data', 'to'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await foundFolder(whole);
  const files = (await readdir(whole, { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(whole.length + 1))
    .toSorted();
  const lines = [
    ['fsck', '--organisation', 'hospital'],
    ['fsck'],
    ['fsck', '--repair'],
    ['verify', 'node'],
    ['backup', '--to', to],
    ['party', 'waiting'],
    ['up', '--check'],
  ];
  return {
    async enter(dice, note) {
      await rm(data, { recursive: true, force: true });
      await cp(whole, data, { recursive: true });
      const line = dice.pick(lines);
      const became: string[] = [line.join(' ')];
      for (const path of dice.some(files, dice.between(1, 3))) {
        const content = await damageFile(dice, join(data, path));
        became.push(`${path}: ${Buffer.from(content).toString('latin1').slice(0, 300)}`);
      }
      note(became.join('\n'));
      const before = await contentOf(data);
      await typeMedseal([...line, '--data', data]);
      await rm(to, { recursive: true, force: true });
      if (line.includes('--repair')) return;
      const after = (await contentOf(data)).split('\n').filter((each) => !before.includes(each));
      const changed = after.filter((each) => !/\/data\/lock\//.test(each));
      if (changed.length > 0) throw new TargetFault(`it changed ${changed.join('\n')}`);
    },
    async close() {
      await rm(folder, { recursive: true, force: true });
    },
  };
};
