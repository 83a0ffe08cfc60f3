import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFolderFile } from '../../../src/folder/FolderFile.ts';
import { listen } from '../../../src/http/listen.ts';
import { networkApp } from '../../../src/http/networkApp.ts';
import { openNetwork } from '../../../src/node/openNetwork.ts';
import { foundFolder, partyAt } from '../../../src/node/test/foundFolder.ts';
import { canonicalJson } from '../../../src/protocol/wire/canonicalJson.ts';
import { openFolder } from '../../../src/folder/openFolder.ts';
import { damageFile } from '../damageFile.ts';
import { TargetFault, type OpenTarget } from '../FuzzTarget.ts';
import { contentOf } from '../foldersAlike.ts';
import { typeMedseal } from '../typeMedseal.ts';

/** Files in a member's folder that are read. */
const FILES = ['network.json', 'folder.json', 'authority/hospital/keys.json'];

/** A suspension on its way from member to member of the authority, and the folder of a member that is to sign it. */
export const openSuspensionTarget: OpenTarget = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-fuzz-'));
  const [demo, member, here] = ['demo', 'member', 'here'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await foundFolder(demo);
  const network = await openNetwork({ folder: demo, demo: true });
  const { address } = await partyAt(network, demo, 'doctor');
  const server = await listen(networkApp(network.agents), 0);
  await mkdir(join(member, 'authority/hospital'), { recursive: true });
  for (const file of FILES) await cp(join(demo, file), join(member, file));
  await writeFolderFile(await openFolder(member), { demo: true, hosts: ['hospital'] });
  const round = join(here, 'round.json');
  const line = [
    'party',
    'suspend',
    address,
    '--data',
    here,
    '--file',
    round,
    '--url',
    server.url,
    '--yes',
  ];
  const begin = async (): Promise<void> => {
    await rm(here, { recursive: true, force: true });
    await cp(member, here, { recursive: true });
  };
  await begin();
  if ((await typeMedseal(line)).code !== 0) throw new Error('the first member cannot sign');
  await cp(here, member, { recursive: true });
  const readRound = async (): Promise<string> =>
    canonicalJson(JSON.parse((await readFile(round)).toString()));
  const signed = await readRound();
  return {
    async enter(dice, note) {
      await begin();
      const file = dice.chance(0.7) ? 'round.json' : dice.pick(FILES);
      const became = await damageFile(dice, join(here, file));
      note(Buffer.concat([Buffer.from(`${file}: `), Buffer.from(became)]));
      const before = await contentOf(here);
      const { code } = await typeMedseal(line);
      if (code !== 0 && before !== (await contentOf(here))) throw new TargetFault('half-written');
      // The member has signed already, so what goes on is what there was.
      if (code === 0 && typeof became !== 'string' && signed !== (await readRound())) {
        throw new TargetFault(`signed again: ${await readRound()}`);
      }
    },
    async close() {
      await server.close();
      await network.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
