import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { signManifest } from '../../../src/backup/signManifest.ts';
import { encodeTarHeader, paddingOf } from '../../../src/backup/tarFormat.ts';
import { folderFileOf } from '../../../src/folder/FolderFile.ts';
import { network, noteKeyOf, primitives } from '../../../src/protocol/test/sampleNetwork.ts';
import { TargetFault, type OpenTarget } from '../FuzzTarget.ts';
import { contentOf } from '../foldersAlike.ts';
import { mutateBytes } from '../mutateBytes.ts';
import { typeMedseal } from '../typeMedseal.ts';

const AT = 1_800_000_000;

/** A backup that is to be restored, as an archive or a folder. The folder that it becomes is whole, or is not there. */
export const openRestoreTarget: OpenTarget = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-fuzz-'));
  const good = join(folder, 'good');
  await mkdir(join(good, 'node/hospital'), { recursive: true });
  const files: Readonly<Record<string, string>> = {
    'folder.json': JSON.stringify(folderFileOf({ demo: false, hosts: ['hospital'] })),
    'network.json': JSON.stringify(network),
    'node/hospital/keys.json': 'x'.repeat(700),
    'node/hospital/empty': '',
  };
  const lines: string[] = [
    JSON.stringify({
      format: 'medseal-backup/2',
      at: AT,
      logs: [],
    }),
  ];
  let bytes = 0;
  for (const [path, text] of Object.entries(files)) {
    await writeFile(join(good, path), text);
    lines.push(JSON.stringify({ path, size: text.length, sha256: sha256(text) }));
    bytes += text.length;
  }
  const above = lines.map((line) => `${line}\n`).join('');
  const hash = sha256(above);
  const seeds = new Map([['hospital', [noteKeyOf('hospital').seed]]]);
  const signatures = signManifest(primitives, network, seeds, { at: AT, sha256: hash });
  const end = { files: Object.keys(files).length, bytes, sha256: hash, signatures };
  const manifest = `${above}${JSON.stringify(end)}\n`;
  await writeFile(join(good, 'manifest.jsonl'), manifest);
  const archive = Buffer.concat([
    ...Object.entries({ ...files, 'manifest.jsonl': manifest }).flatMap(([path, text]) => [
      encodeTarHeader({ path, size: Buffer.byteLength(text) }, AT),
      Buffer.from(text),
      new Uint8Array(paddingOf(Buffer.byteLength(text))),
    ]),
    new Uint8Array(1024),
  ]);
  const names = ['manifest.jsonl', ...Object.keys(files)];
  const data = join(folder, 'restored');
  const outside = async (): Promise<string> =>
    (await readdir(folder)).filter((name) => !/^(?:given|restored)/.test(name)).join(' ');
  const whole = await restored(good, data);
  if (whole === undefined) throw new Error('the good one cannot be restored');
  const around = await outside();
  return {
    async enter(dice, note) {
      const given = join(folder, 'given');
      if (dice.chance(0.5)) {
        const content = mutateBytes(dice, archive);
        note(content);
        await writeFile(given, content);
      } else {
        await cp(good, given, { recursive: true });
        const name = dice.pick(names);
        await rm(join(given, name));
        if (dice.chance(0.2)) await mkdir(join(given, name));
        else {
          const content = mutateBytes(dice, await readFile(join(good, name)));
          note(Buffer.concat([Buffer.from(`${name}\n`), content]));
          await writeFile(join(given, name), content);
        }
      }
      const made = await restored(given, data);
      await rm(given, { recursive: true });
      if (made !== undefined && made !== whole) throw new TargetFault(`half-written: ${made}`);
      if ((await outside()) !== around) throw new TargetFault('it wrote elsewhere');
    },
    async close() {
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Content of the folder after a restoration; undefined if it was refused and nothing is there. */
async function restored(from: string, data: string): Promise<string | undefined> {
  const { code } = await typeMedseal(['restore', from, '--data', data]);
  const made = (await contentOf(data)).replaceAll(/.*restored\.json.*\n?/g, '');
  await rm(data, { recursive: true, force: true });
  await rm(`${data}.restoring`, { recursive: true, force: true });
  if (code === 0) return made;
  if (made !== '') throw new TargetFault(`refused, and yet there: ${made}`);
  return undefined;
}

function sha256(text: string): `0x${string}` {
  return `0x${createHash('sha256').update(text).digest('hex')}`;
}
