// Over 400 lines: one table, with each alteration beside what is found of it.

import assert from 'node:assert/strict';
import {
  chmod,
  cp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ClassicLevel } from 'classic-level';
import { LevelDatabase } from '../database/LevelDatabase.ts';
import { BINARY } from '../database/synced.ts';
import { openDeviceFolder } from '../device/deviceFolder.ts';
import { machinePorts } from '../folder/NodePorts.ts';
import { forkFileName } from '../consortium/forkOf.ts';
import { forkProof } from '../consortium/test/forgeBlock.ts';
import { announceChange } from '../node/test/announceChange.ts';
import { foundFolder } from '../node/test/foundFolder.ts';
import { scratchFolder } from '../node/test/scratchFolder.ts';
import type { ExaminedFoundation } from './examineFoundation.ts';
import { examineFolder } from './examineFolder.ts';
import {
  FaultList,
  type FolderFault,
  type FolderFaultKind,
} from '../services/examination/FolderFault.ts';
import { repairFolder } from './repairFolder.ts';

const ports = await machinePorts();
let root: string;
/** A folder with records, files large and small, a right, and checkpoints; its node was stopped in order. */
let whole: string;

interface Examined {
  readonly faults: readonly FolderFault[];
  readonly list: FaultList;
  readonly foundation: ExaminedFoundation;
  readonly parts: readonly string[];
}

async function examine(data: string, stoppedInOrder = true): Promise<Examined> {
  const list = new FaultList();
  const parts: string[] = [];
  const foundation = await examineFolder({
    data,
    ports,
    stoppedInOrder,
    hearer: {
      fault: (fault) => list.add(fault),
      part: ({ name }) => void parts.push(name),
      progress: () => undefined,
    },
  });
  return { faults: list.told, list, foundation, parts };
}

/** A copy of the folder that is changed, and what is found there. */
async function changed(
  change: (folder: string) => Promise<void>,
  stoppedInOrder?: boolean,
): Promise<Examined> {
  const folder = join(root, 'changed');
  await rm(folder, { recursive: true, force: true });
  await cp(whole, folder, { recursive: true });
  await change(folder);
  return await examine(folder, stoppedInOrder);
}

/** Changes rows of a database by its folder. */
async function rows(
  path: string,
  change: (
    database: LevelDatabase<Uint8Array, Uint8Array>,
    all: [Uint8Array, Uint8Array][],
  ) => Promise<unknown>,
): Promise<void> {
  const database = new LevelDatabase<Uint8Array, Uint8Array>(path, {
    keyEncoding: 'view',
    valueEncoding: 'view',
  });
  await database.open();
  await change(database, await database.iterator().all());
  await database.close();
}

/** All files below a folder with their bytes. */
async function contents(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) found.set(path, (await readFile(path)).toString('base64'));
  }
  return found;
}

async function flip(path: string, at = 0.5): Promise<void> {
  const bytes = await readFile(path);
  const place = Math.floor(bytes.length * at);
  await writeFile(path, bytes.with(place, (bytes[place] ?? 0) ^ 1));
}

/** Writes another text into the first row whose key begins so. */
async function rewrite(
  path: string,
  first: string,
  change: (text: string) => string,
): Promise<void> {
  await rows(path, async (level, all) => {
    const found = all.find(([each]) => Buffer.from(each).toString().startsWith(first));
    const [key, value] = found ?? assert.fail('no such row');
    await level.put(key, Buffer.from(change(Buffer.from(value).toString())));
  });
}

async function onlyFile(folder: string, name: RegExp): Promise<string> {
  const found = (await readdir(folder, { recursive: true })).find((each) => name.test(each));
  return join(folder, found ?? assert.fail(`${folder} has no ${name}`));
}

/** Writes another text into a file. */
async function replace(path: string, what: RegExp, by: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  assert.match(text, what);
  await writeFile(path, text.replace(what, by));
}

const NODE = 'node/hospital';
const SIGNED = 'signed-successor.json';

/** Alters the first row whose key begins so, whose file then has the right checksums. */
async function spoil(path: string, first: number): Promise<void> {
  const engine = new ClassicLevel<Uint8Array, Uint8Array>(path, BINARY);
  await engine.open();
  const [row] = await engine.iterator({ gte: Uint8Array.of(first), limit: 1 }).all();
  const [key, value] = row ?? assert.fail('no such row');
  assert.equal(key[0], first);
  await engine.put(key, value.with(0, (value[0] ?? 0) ^ 1));
  await engine.close();
}

/** Loses the first row whose key begins so. */
async function lose(path: string, first: number | string): Promise<void> {
  await rows(path, async (level, all) => {
    const prefix = typeof first === 'number' ? Buffer.of(first) : Buffer.from(first);
    const isOne = (key: Uint8Array): boolean => prefix.equals(key.subarray(0, prefix.length));
    const [key] = all.find(([each]) => isOne(each)) ?? assert.fail('no such row');
    await level.del(key);
  });
}

/** Cuts off the end of the last write to a database. */
async function cut(folder: string): Promise<void> {
  const path = await onlyFile(join(folder, NODE, 'contributor'), /\.log$/);
  const { size } = await stat(path);
  await truncate(path, size - 3);
}

/**
 * Tests the findings of the examination of a folder.
 *
 * @param share - `every` alteration is tried; or of each kind of fault the first, and half of the others (`half`); or the first of
 * every second kind (`few`).
 */
export function examinationCases(share: 'every' | 'half' | 'few'): void {
  describe('the examination of a folder', () => {
    before(async () => {
      root = await scratchFolder();
      whole = join(root, 'whole');
      await foundFolder(whole);
      await announceChange(whole, ports);
    });
    after(async () => await rm(root, { recursive: true }));

    it('finds no fault in what a node wrote, and changes no byte of it', async () => {
      const before = await contents(whole);
      const { faults, parts } = await examine(whole);
      assert.deepEqual(faults, []);
      assert.deepEqual(await contents(whole), before);
      assert.equal(parts.length, 3 + 3 * 8);
    });

    type Alteration = [string, FolderFaultKind, string, (folder: string) => Promise<void>];
    const alterations: Alteration[] = [
      [
        'a byte of a log’s file',
        'database-file',
        'peers',
        async (at) => await flip(await onlyFile(join(at, NODE, 'logs/hospital'), /\.log$/)),
      ],
      [
        'a byte of the ledger’s file',
        'database-file',
        'backup',
        async (at) => await flip(await onlyFile(join(at, 'node/ledger/chain'), /\.log$/)),
      ],
      [
        'a manifest that is lost',
        'database-file',
        'backup',
        async (at) => await rm(await onlyFile(join(at, NODE, 'coordinator'), /MANIFEST/)),
      ],
      [
        'a byte of a sealed file',
        'vault-file',
        'peers',
        async (at) => await flip(await onlyFile(join(at, NODE, 'vault/sealed'), /\/\w{64}$/)),
      ],
      [
        'a sealed file that is lost',
        'vault-file',
        'peers',
        async (at) => await rm(await onlyFile(join(at, NODE, 'vault/sealed'), /\/\w{64}$/)),
      ],
      [
        'a file of nobody',
        'vault-index',
        'rebuild',
        async (at) =>
          await writeFile(
            await onlyFile(join(at, NODE, 'vault/sealed'), /\/\w{64}$/).then((path) =>
              path.replace(/\w{8}$/, '00000000'),
            ),
            'x',
          ),
      ],
      [
        'keys that are lost',
        'keys',
        'backup',
        async (at) => await rm(join(at, 'node/insurer/keys.json')),
      ],
      [
        'keys of another',
        'network-file',
        'backup',
        async (at) =>
          await cp(join(at, 'node/insurer/keys.json'), join(at, 'node/laboratory/keys.json')),
      ],
      [
        'a byte of the network file',
        'network-file',
        'backup',
        async (at) => await flip(join(at, 'network.json'), 0.3),
      ],
      [
        'a founding that is not JSON',
        'founding',
        'backup',
        async (at) => await truncate(join(at, 'founding.json'), 50),
      ],
      [
        'what the authority issued',
        'issued',
        'backup',
        async (at) =>
          await flip(await onlyFile(join(at, 'authority/hospital/issued'), /json$/), 0.2),
      ],
      [
        'what a device remembers',
        'device',
        'peers',
        async (at) =>
          await truncate(await onlyFile(join(at, 'parties/patient/device'), /json$/), 5),
      ],
      [
        'what the device of a member of the authority remembers',
        'device',
        'backup',
        async (at) => {
          const device = await openDeviceFolder(join(at, 'authority/hospital'));
          await device.write('outbox', []);
          await truncate(join(at, 'authority/hospital/device/outbox.json'), 5);
        },
      ],
      [
        'a row of an index',
        'log-index',
        'rebuild',
        async (at) => await lose(join(at, NODE, 'logs/hospital'), 0x06),
      ],
      [
        'a row that says that an entry erases',
        'log-index',
        'rebuild',
        async (at) => await lose(join(at, NODE, 'logs/hospital'), 0x0a),
      ],
      [
        'a hash of a tree',
        'log-tree',
        'rebuild',
        async (at) =>
          await rows(
            join(at, NODE, 'logs/hospital'),
            async (level) =>
              await level.put(Uint8Array.of(0x10, 1, 1, 1, 1, 1, 1, 1, 1), new Uint8Array(32)),
          ),
      ],
      [
        'a row of a log that is not as it was written',
        'database-row',
        'peers',
        async (at) => await spoil(join(at, NODE, 'logs/hospital'), 0x02),
      ],
      [
        'a row of an index that is not as it was written',
        'log-index',
        'rebuild',
        async (at) => await spoil(join(at, NODE, 'logs/hospital'), 0x06),
      ],
      [
        'a node of the ledger’s state that is not as it was written',
        'ledger-state',
        'rebuild',
        async (at) => await spoil(join(at, 'node/ledger/chain'), 0x6e),
      ],
      [
        'a body of a log',
        'log-body',
        'peers',
        async (at) => await lose(join(at, NODE, 'logs/hospital'), 0x02),
      ],
      [
        'a checkpoint that the copies have',
        'log-checkpoint',
        'peers',
        async (at) => await lose(join(at, NODE, 'logs/hospital'), 0x05),
      ],
      [
        'a body that was judged',
        'coordinator-body',
        'rebuild',
        async (at) => await lose(join(at, NODE, 'coordinator'), 0x62),
      ],
      [
        'which record a view of several was of',
        'coordinator-list',
        'peers',
        async (at) => await lose(join(at, NODE, 'coordinator'), 'pair/'),
      ],
      [
        'a node of the ledger’s state',
        'ledger-state',
        'rebuild',
        async (at) => await lose(join(at, 'node/ledger/chain'), 0x6e),
      ],
      [
        'a row of the view of the ledger that is lost',
        'ledger-index',
        'rebuild',
        async (at) => await lose(join(at, 'node/ledger/index'), 'grant/'),
      ],
      [
        'a row of the view of the ledger that says something else',
        'ledger-index',
        'rebuild',
        async (at) =>
          await rows(join(at, 'node/ledger/index'), async (level, all) => {
            const keys = all.map(([key]) => Buffer.from(key).toString());
            const key = keys.find((each) => each.startsWith('active/')) ?? assert.fail();
            await level.put(Buffer.from(key), Buffer.from('[]'));
          }),
      ],
      [
        'a byte of the file of the view of the ledger',
        'database-file',
        'rebuild',
        async (at) => await flip(await onlyFile(join(at, 'node/ledger/index'), /\.log$/)),
      ],
      [
        'a block',
        'ledger-block',
        'backup',
        async (at) => await lose(join(at, 'node/ledger/chain'), 0x62),
      ],
      [
        'a ledger that is gone',
        'database-unreadable',
        'backup',
        async (at) => await rm(join(at, 'node/ledger'), { recursive: true }),
      ],
      [
        'what a coordinator signed last',
        'coordinator-promise',
        'peers',
        async (at) => await lose(join(at, NODE, 'coordinator'), 'checkpoint/'),
      ],
      [
        'when a right ends',
        'kept',
        'peers',
        async (at) => await lose(join(at, NODE, 'kept'), 'end/'),
      ],
      ...(
        [
          ['to less', 0],
          ['to more', 9],
        ] as const
      ).map(([how, epoch]): Alteration => [
        `how far the keys of a right reach, ${how}`,
        'kept',
        'peers',
        async (at) =>
          await rewrite(join(at, NODE, 'kept'), 'end/', (text) =>
            text.replace(/"sealedTo":\d+/, `"sealedTo":${epoch}`),
          ),
      ]),
      [
        'the same in another spelling',
        'kept',
        'peers',
        async (at) => await rewrite(join(at, NODE, 'kept'), 'card/', (text) => `${text} `),
      ],
      ...(['card/', 'state/'] as const).map((first): Alteration => [
        `the source of a row ${first}`,
        'kept',
        'peers',
        async (at) =>
          await rewrite(join(at, NODE, 'kept'), first, (text) =>
            text.replace(/(?<="source":"0x)./, (digit) => (digit === '0' ? '1' : '0')),
          ),
      ]),
      [
        'a state said to be newer',
        'kept',
        'peers',
        async (at) =>
          await rewrite(join(at, NODE, 'kept'), 'state/', (text) =>
            text.replace(/"revision":\d+/, '"revision":999'),
          ),
      ],
      [
        'a version that was promised until long after',
        'coordinator-promise',
        'peers',
        async (at) =>
          await rewrite(join(at, NODE, 'coordinator'), 'claim/version/', (text) =>
            text.replace(/("includeBy":)1/, '$12'),
          ),
      ],
      ['a card', 'kept', 'peers', async (at) => await lose(join(at, NODE, 'kept'), 'card/')],
      [
        'a place in the order of what is kept',
        'kept',
        'peers',
        async (at) => await lose(join(at, NODE, 'kept'), 'feed/'),
      ],
      [
        'an owner of more than nothing',
        'vault-index',
        'rebuild',
        async (at) =>
          await rows(join(at, NODE, 'vault-index'), async (level, all) => {
            const [key] = all.find(([each]) => each[0] === 2) ?? assert.fail();
            await level.put(key, Uint8Array.of(1));
          }),
      ],
      [
        'an ID that was issued, lost',
        'issued',
        'backup',
        async (at) => await rm(await onlyFile(join(at, 'authority/hospital/issued'), /json$/)),
      ],
      [
        'a device that knows nothing',
        'device',
        'peers',
        async (at) => await rm(join(at, 'parties/patient/device/patient.json')),
      ],
      [
        'a letter of what a device remembers',
        'device',
        'peers',
        async (at) => await flip(join(at, 'parties/patient/device/patient.json'), 0.4),
      ],
      [
        'the key of another party',
        'keys',
        'backup',
        async (at) =>
          await cp(join(at, 'parties/doctor/key.json'), join(at, 'parties/patient/key.json')),
      ],
      [
        'a field of a key that has another name',
        'keys',
        'backup',
        async (at) => {
          const path = join(at, 'parties/patient/key.json');
          await writeFile(path, (await readFile(path, 'utf8')).replace('"role"', '"rope"'));
        },
      ],
      [
        'next keys that are lost, and were named',
        'keys',
        'backup',
        async (at) => await rm(join(at, NODE, 'keys-2.json')),
      ],
      [
        'next keys that are lost before later ones',
        'keys',
        'backup',
        async (at) => {
          const member = join(at, 'authority/hospital');
          await rename(join(member, 'keys-2.json'), join(member, 'keys-3.json'));
        },
      ],
      [
        'next keys that were altered',
        'keys',
        'backup',
        async (at) => await truncate(join(at, NODE, 'keys-2.json'), 40),
      ],
      [
        'next keys of another',
        'keys',
        'backup',
        async (at) =>
          await cp(join(at, 'authority/hospital/keys-2.json'), join(at, NODE, 'keys-2.json')),
      ],
      ...['keys.json', 'keys-2.json'].map((file): Alteration => [
        `${file} that others may read`,
        'keys',
        'backup',
        async (at) => await chmod(join(at, NODE, file), 0o640),
      ]),
      [
        'next keys that are a link',
        'keys',
        'backup',
        async (at) => {
          await rename(join(at, NODE, 'keys-2.json'), join(at, NODE, 'elsewhere.json'));
          await symlink('elsewhere.json', join(at, NODE, 'keys-2.json'));
        },
      ],
      [
        'a successor whose signatures were altered',
        'network-file',
        'backup',
        async (at) => {
          const path = join(at, 'successors.json');
          const text = await readFile(path, 'utf8');
          await writeFile(path, text.replace(/"from": (\d+)/, '"from": 1$1'));
        },
      ],
      [
        'a successor in another spelling',
        'network-file',
        'backup',
        async (at) => {
          const path = join(at, 'successors.json');
          await writeFile(path, `${await readFile(path, 'utf8')} `);
        },
      ],
      [
        'a proof of a fork that proves nothing',
        'network-file',
        'backup',
        async (at) => {
          const path = join(at, 'succession-fork.json');
          const { successors, ...rest } = JSON.parse(await readFile(path, 'utf8')) as {
            successors: unknown[];
          };
          const twice = { ...rest, successors: [successors[0], successors[0]] };
          await writeFile(path, `${JSON.stringify(twice, null, 2)}\n`);
        },
      ],
      [
        'a proof of a fork found under a file that is not there',
        'network-file',
        'backup',
        async (at) =>
          await replace(join(at, 'succession-fork.json'), /"inForce": 0/, '"inForce": 7'),
      ],
      [
        'a successor that the folder signed, cut off',
        'network-file',
        'backup',
        async (at) => await truncate(join(at, SIGNED), 70),
      ],
      [
        'a successor that the folder signed, altered',
        'network-file',
        'backup',
        async (at) => await replace(join(at, SIGNED), /"successor": "0x../, '"successor": "0x00'),
      ],
      [
        'a proof that another ledger forked',
        'ledger-proof',
        'backup',
        async (at) => {
          const proof = forkProof();
          const text = `${JSON.stringify(proof, null, 2)}\n`;
          await writeFile(join(at, forkFileName(proof)), text);
        },
      ],
      ...(['', NODE, 'authority/hospital', `${NODE}/vault/sealed`] as const).map(
        (path): Alteration => [
          `others who can write to ${path === '' ? 'the folder' : path}`,
          'exposed',
          'backup',
          async (at) => await chmod(join(at, path), 0o770),
        ],
      ),
      [
        'others who can write to a file that they can come to',
        'exposed',
        'backup',
        async (at) => {
          await chmod(join(at, NODE), 0o755);
          await chmod(join(at, NODE, 'keys.json'), 0o660);
        },
      ],
      ['a sheet', 'kept', 'peers', async (at) => await lose(join(at, NODE, 'kept'), 'sheet/')],
      ['a packet', 'kept', 'peers', async (at) => await lose(join(at, NODE, 'kept'), 'packet/')],
    ];
    const kinds = alterations.map(([, kind]) => kind);
    const isFirst = ([, kind]: Alteration, place: number): boolean => kinds.indexOf(kind) === place;
    const tried = {
      every: alterations,
      half: alterations.filter((each, place) => place % 2 === 0 || isFirst(each, place)),
      few: alterations.filter(isFirst).filter((_, place) => place % 2 === 0),
    }[share];
    for (const [name, kind, remedy, change] of tried) {
      const mended = remedy === 'rebuild' ? ', and rebuilds it from intact data' : '';
      // @actor whoever could write to a node's folder for a while | is named by nobody: medseal fsck opened such a folder and said that it found no faults
      it(`names ${name}: ${kind}${mended}`, async () => {
        const { faults, list, foundation } = await changed(change);
        const found = faults.map((fault) => `${fault.kind} ${fault.remedy}`);
        assert.ok(found.includes(`${kind} ${remedy}`), JSON.stringify(faults.slice(0, 5)));
        if (remedy !== 'rebuild') return;
        const data = join(root, 'changed');
        const paths = list.rebuildable;
        await repairFolder({ data, foundation, ports, paths, progress: () => undefined });
        assert.deepEqual((await examine(data)).faults, []);
      });
    }

    it('takes a write that was cut off for what a crash leaves, unless the node was stopped in order', async () => {
      const crashed = await changed(cut, false);
      assert.deepEqual(
        crashed.faults.map(({ kind, remedy }) => `${kind} ${remedy}`),
        ['database-file none'],
      );
      assert.equal(crashed.list.onlyRemarks, true);
      const stopped = await changed(cut);
      assert.ok(stopped.faults.some(({ remedy }) => remedy !== 'none'));
    });
  });
}
