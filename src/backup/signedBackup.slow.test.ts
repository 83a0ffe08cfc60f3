import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createNoteKey } from '../crypto/note/NoteKey.ts';
import { fingerprintOf } from '../protocol/network/fingerprintOf.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { parseNetworkFile } from '../protocol/network/parseNetworkFile.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { folderFileOf } from '../folder/FolderFile.ts';
import { openFolder } from '../folder/openFolder.ts';
import { openOrganisationKeys } from '../folder/organisationKeys.ts';
import { readNetworkFiles } from '../folder/readNewestNetwork.ts';
import { lockKeys } from '../folder/keyGuard.ts';
import { openNodeFolder } from '../node/NodeFolder.ts';
import { machinePorts } from '../folder/NodePorts.ts';
import { openNetwork } from '../node/openNetwork.ts';
import { announceChange } from '../node/test/announceChange.ts';
import { foundFolder } from '../node/test/foundFolder.ts';
import { scratchFolder } from '../node/test/scratchFolder.ts';
import { TestClock } from '../ledger/test/TestClock.ts';
import { backUp } from './backUp.ts';
import { folderTarget } from './folderTarget.ts';
import type { BackedUpFile, BackupEnd, BackupHead } from './Manifest.ts';
import { openBackup } from './openBackup.ts';
import { readRestored } from './Restored.ts';
import type { RestoredBackup } from './compareCopy.ts';
import { restoreBackup } from './restoreBackup.ts';
import { signManifest } from './signManifest.ts';

const ports = await machinePorts();
const progress = (): void => undefined;
const HOSTS = ['hospital', 'laboratory', 'insurer'];
let root: string;
let data: string;
let backup: string;

before(async () => {
  root = await scratchFolder();
  [data, backup] = [join(root, 'data'), join(root, 'backup')];
  await foundFolder(data);
  await backUp({ data, target: await folderTarget(backup), ports, progress });
});
after(async () => await rm(root, { recursive: true }));

async function restore(from: string, to: string): Promise<string> {
  const folder = join(root, to);
  await restoreRequiring(from, folder);
  return folder;
}

async function restoreRequiring(
  from: string,
  folder: string,
  requires?: Bytes32,
): Promise<RestoredBackup> {
  await rm(folder, { recursive: true, force: true });
  const source = await openBackup(from);
  return await restoreBackup({ source, from, data: folder, ports, requires, progress });
}

/** The backup as somebody changes it who has no key of the folder, but for its signatures as it should be. */
async function forged(
  change: (at: string, lines: object[]) => Promise<unknown> | undefined,
  signatures?: (head: BackupHead, sha256: `0x${string}`) => BackupEnd['signatures'],
  original = backup,
): Promise<string> {
  const copy = join(root, 'forged');
  await rm(copy, { recursive: true, force: true });
  await cp(original, copy, { recursive: true });
  const path = join(copy, 'manifest.jsonl');
  const all = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const lines = all.map((line) => JSON.parse(line) as object);
  const end = lines.pop() as BackupEnd;
  await change(copy, lines);
  const files = lines.slice(1) as BackedUpFile[];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const sha256 = hashOf(text);
  const changed: BackupEnd = {
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    sha256,
    signatures: signatures?.(lines[0] as BackupHead, sha256) ?? end.signatures,
  };
  await writeFile(path, `${text}${JSON.stringify(changed)}\n`);
  return copy;
}

/** Writes a file of a backup, and what its manifest says of it. */
async function put(at: string, lines: object[], path: string, content: string): Promise<void> {
  await mkdir(join(at, path, '..'), { recursive: true });
  await writeFile(join(at, path), content);
  const line = { path, size: Buffer.byteLength(content), sha256: hashOf(content) };
  const place = lines.findIndex((each) => (each as Partial<BackedUpFile>).path === path);
  if (place < 0) lines.push(line);
  else lines[place] = line;
}

/** Takes files out of a backup, and what its manifest says of them. */
async function leaveOut(at: string, lines: object[], which: RegExp): Promise<void> {
  const [head, ...files] = lines as [object, ...BackedUpFile[]];
  for (const { path } of files.filter((each) => which.test(each.path))) await rm(join(at, path));
  lines.splice(0, lines.length, head, ...files.filter((each) => !which.test(each.path)));
}

/** Seeds of log keys that are not the folder's. */
const THEIRS = new Map(HOSTS.map((name) => [name, [new Uint8Array(32).fill(7)]]));

/** The network file as it would be with these keys. */
async function theirFile(): Promise<object> {
  const written = JSON.parse(await readFile(join(data, 'network.json'), 'utf8')) as {
    channels: { logs: { origin: string; key: string }[] }[];
  };
  for (const log of written.channels.flatMap(({ logs }) => logs)) {
    log.key = createNoteKey(log.origin, new Uint8Array(32).fill(7)).verifierKey;
  }
  return written;
}

function hashOf(content: string): `0x${string}` {
  return `0x${createHash('sha256').update(content).digest('hex')}`;
}

describe('a backup that somebody changed who has no key of its folder', () => {
  const forgeries: [string, (at: string, lines: object[]) => Promise<unknown> | undefined][] = [
    [
      'its moment',
      (_, lines) => {
        lines[0] = { ...lines[0], at: 1 };
        return undefined;
      },
    ],
    [
      'a file too many',
      async (at, lines) => await put(at, lines, 'authority/hospital/approved/mallory.json', '{}'),
    ],
    ['the configuration', async (at, lines) => await put(at, lines, 'medseal.json', '{}')],
    [
      'a file too few',
      async (at, lines) => {
        const [gone] = lines.splice(5, 1) as BackedUpFile[];
        await rm(join(at, gone?.path ?? ''));
      },
    ],
    [
      'whose folder it is',
      async (at, lines) => {
        const folder = folderFileOf({ demo: false, hosts: ['mallory'] });
        await put(at, lines, 'folder.json', JSON.stringify(folder));
      },
    ],
    [
      'the network file, which is left out',
      async (at, lines) => {
        const place = lines.findIndex((each) => (each as BackedUpFile).path === 'network.json');
        lines.splice(place, 1);
        await rm(join(at, 'network.json'));
      },
    ],
    [
      // @attack a thief takes the network file and the logs out of a backup, so that nobody need have signed it | only who left nothing of a network needs no signature
      'the network file and the logs, which are left out',
      async (at, lines) => {
        await leaveOut(at, lines, /^network\.json$|^node\/[^/]+\/logs\//);
        await put(at, lines, 'authority/hospital/approved/mallory.json', '{}');
      },
    ],
    [
      'all that tells of a network but whom its authority approves',
      async (at, lines) => {
        await leaveOut(at, lines, /^(?:network|founding)\.json$|^node\/[^/]+\/[^/]+\//);
        await put(at, lines, 'authority/hospital/approved/mallory.json', '{}');
      },
    ],
    [
      'all that tells of a network but the head of its manifest',
      async (at, lines) => {
        await leaveOut(at, lines, /^(?!folder\.json$|node\/[^/]+\/keys\.json$)/);
        await put(at, lines, 'medseal.json', '{}');
      },
    ],
  ];
  for (const [what, change] of forgeries) {
    it(`is not restored: ${what}`, async () => {
      const from = await forged(change);
      await assert.rejects(restore(from, 'never'), failsWith('BACKUP_DAMAGED'));
      await assert.rejects(stat(join(root, 'never')));
    });
  }

  // @attack a backup is changed on its way, with a manifest to match | the folder's organisations sign the manifest
  it('is not restored with other signatures, or without one of an organisation', async () => {
    const network = parseNetworkFile(await theirFile());
    const real = await forged(() => undefined);
    assert.ok((await readdir(await restore(real, 'unchanged'))).includes('restored.json'));
    const sets: ((head: BackupHead, sha256: `0x${string}`) => BackupEnd['signatures'])[] = [
      () => [],
      ({ at }, sha256) => signManifest(ports.primitives, network, THEIRS, { at, sha256 }),
      ({ at }, sha256) =>
        signManifest(ports.primitives, network, THEIRS, { at, sha256 }).map((each) => ({
          ...each,
          organisation: 'hospital',
        })),
    ];
    for (const signatures of sets) {
      const from = await forged(() => undefined, signatures);
      await assert.rejects(restore(from, 'never'), failsWith('BACKUP_DAMAGED'));
    }
    await forged(() => undefined);
    const path = join(real, 'manifest.jsonl');
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const end = JSON.parse(lines.pop() ?? '') as BackupEnd;
    for (const missing of HOSTS) {
      const signatures = end.signatures.filter(({ organisation }) => organisation !== missing);
      await writeFile(path, `${[...lines, JSON.stringify({ ...end, signatures })].join('\n')}\n`);
      await assert.rejects(
        restore(real, 'never'),
        failsWith('BACKUP_DAMAGED', {
          path: real,
          what: `its manifest was altered: ${missing} did not sign it`,
        }),
      );
    }
  });

  // @attack a changed backup brings the network file that its signatures fit | a node starts only if that names its own keys, the log's too
  it('starts no node where the network file names keys of theirs, and they signed with those', async () => {
    const written = await theirFile();
    const network = parseNetworkFile(written);
    const from = await forged(
      async (at, lines) => await put(at, lines, 'network.json', JSON.stringify(written)),
      ({ at }, sha256) => signManifest(ports.primitives, network, THEIRS, { at, sha256 }),
    );
    const folder = await restore(from, 'theirs');
    await assert.rejects(
      openNetwork({ folder, demo: true }),
      failsWith('NETWORK_FILE_INVALID', {
        reason: 'it names other keys of hospital than this folder has',
      }),
    );
  });

  it('is said to be of an older version, if it is', async () => {
    const from = await forged((_, lines) => {
      lines[0] = { ...lines[0], format: 'medseal-backup/1', hosts: [] };
      return undefined;
    });
    await assert.rejects(
      restore(from, 'never'),
      failsWith('BACKUP_DAMAGED', {
        path: from,
        what: 'an older version made it: restore it with that version, then upgrade',
      }),
    );
  });
});

describe('a backup of which somebody who has a former key of the log took the newest change out', () => {
  let changed: string;
  let known: readonly NetworkFile[];

  /** As the thief makes it: the rest is as it was, and has its signatures. */
  async function thieves(): Promise<string> {
    const first = known[0] ?? assert.fail();
    const seeds = new Map<string, readonly Uint8Array[]>();
    for (const name of HOSTS) {
      const { note } = await openOrganisationKeys(
        await openFolder(join(data, 'node', name)),
        ports,
      );
      seeds.set(name, [note]);
    }
    return await forged(
      async (at, lines) => await leaveOut(at, lines, /^succes|^signed-successor/),
      ({ at }, sha256) => signManifest(ports.primitives, first, seeds, { at, sha256 }),
      changed,
    );
  }

  before(async () => {
    const folder = join(root, 'announced');
    await cp(data, folder, { recursive: true });
    await announceChange(folder, ports);
    known = await readNetworkFiles(await openFolder(folder), ports);
    changed = join(root, 'of announced');
    await backUp({ data: folder, target: await folderTarget(changed), ports, progress });
  });

  it('is refused if a network file is required that it does not know, and tells its newest one otherwise', async () => {
    const [first, next] = known.map((each) => fingerprintOf(ports.primitives, each));
    const from = await thieves();
    const to = join(root, 'of a thief');
    const { network } = await restoreRequiring(from, to);
    assert.deepEqual(network, { number: 0, fingerprint: first });
    await assert.rejects(
      restoreRequiring(from, to, next),
      failsWith('BACKUP_DAMAGED', {
        path: from,
        what: `its newest network file is number 0, ${first}, and it does not know ${next}: it is older, or somebody took that out`,
      }),
    );
    await assert.rejects(stat(to));
  });

  it('differs from a whole one, which is restored if any of its network files is required', async () => {
    const [first, next] = known.map((each) => fingerprintOf(ports.primitives, each));
    for (const required of [undefined, first, next]) {
      const { network } = await restoreRequiring(changed, join(root, 'whole'), required);
      assert.deepEqual(network, { number: 1, fingerprint: next });
    }
    const other = `0x${'11'.repeat(32)}` as const;
    await assert.rejects(
      restoreRequiring(changed, join(root, 'whole'), other),
      failsWith('BACKUP_DAMAGED'),
    );
  });
});

describe('a folder that is a backup', () => {
  // @attack a backup is started, and goes on where it ends | a folder with a manifest does not start
  it('is not started, whatever its manifest says, nor backed up', async () => {
    const refused = failsWith('FOLDER_BACKUP', { path: backup });
    const before = await readdir(backup);
    await assert.rejects(openNetwork({ folder: backup, demo: true }), refused);
    await assert.rejects(openNodeFolder(backup, { ports }), refused);
    const target = await folderTarget(join(root, 'of a backup'));
    await assert.rejects(backUp({ data: backup, target, ports, progress }), refused);
    assert.deepEqual(await readdir(backup), before);
    const empty = join(root, 'empty manifest');
    await cp(data, empty, { recursive: true });
    await writeFile(join(empty, 'manifest.jsonl'), '');
    await assert.rejects(openNodeFolder(empty, { ports }), failsWith('FOLDER_BACKUP'));
  });
});

describe('a link that lies where a backup is restored first', () => {
  // @attack a link lies where a backup is restored first, and leads to what is then deleted | no link is followed there
  it('is not followed: what it leads to stays as it is', async () => {
    const [victim, to] = [join(root, 'of somebody'), join(root, 'linked')];
    await mkdir(victim);
    await writeFile(join(victim, 'precious'), 'precious');
    await symlink(victim, `${to}.restoring`);
    await assert.rejects(restore(backup, 'linked'), failsWith('FOLDER_OUTSIDE'));
    assert.deepEqual(await readdir(victim), ['precious']);
    await assert.rejects(stat(to));
    await rm(`${to}.restoring`);
  });
});

describe('a folder whose network is not founded yet', () => {
  it('is backed up and restored without signatures, for there is nobody to know', async () => {
    const [folder, to] = [join(root, 'not founded'), join(root, 'of not founded')];
    const create = { demo: false, hosts: ['clinic'] };
    await (await openNodeFolder(folder, { ports, create })).close();
    await backUp({ data: folder, target: await folderTarget(to), ports, progress });
    const manifest = await readFile(join(to, 'manifest.jsonl'), 'utf8');
    assert.match(manifest, /"signatures":\[\]\}\n$/);
    const required = restoreRequiring(to, join(root, 'required'), `0x${'11'.repeat(32)}`);
    await assert.rejects(required, failsWith('BACKUP_DAMAGED'));
    const restored = await openNodeFolder(await restore(to, 'restored not founded'), { ports });
    assert.deepEqual(restored.restored?.rejoined, []);
    await restored.close();
  });

  it('is not backed up while it is being founded, for nobody could restore that', async () => {
    const folder = join(root, 'being founded');
    await (await openNodeFolder(folder, { ports, create: { demo: false, hosts: ['c'] } })).close();
    await writeFile(join(folder, 'founding.json'), '{}');
    const target = await folderTarget(join(root, 'of being founded'));
    await assert.rejects(
      backUp({ data: folder, target, ports, progress }),
      failsWith('BACKUP_FAILED', {
        reason: 'its network is being founded: finish that first, with `medseal init`',
      }),
    );
  });
});

describe('a folder that was restored', () => {
  // @attack a manifest or a note says that nobody in a restored folder missed anything | who has to ask follows from the folder's own files
  it('has everybody whose folder it is learn what they missed, whatever the backup says', async () => {
    const from = await forged(() => undefined);
    // Beside the files that are signed; it is not read.
    await writeFile(join(from, 'restored.json'), '{"rejoined":["hospital"]}');
    const folder = await openNodeFolder(await restore(from, 'restored'), { ports });
    assert.deepEqual(folder.restored?.rejoined, []);
    for (const name of HOSTS) {
      assert.ok((await folder.files.size('restored.json')) !== undefined);
      await folder.rejoined(name);
    }
    assert.equal(await folder.files.size('restored.json'), undefined);
    await folder.close();
  });

  it('does not believe a note of another form that anybody knows anything', async () => {
    const clock = new TestClock(1_800_000_000_000);
    const at = join(root, 'notes');
    await mkdir(at);
    const files = await openFolder(at);
    assert.equal(await readRestored(files, clock), undefined);
    const unknown = { format: 'medseal-restored/2', at: 1_800_000_000, rejoined: [] };
    for (const note of [
      { format: 'medseal-restored/1', at: 5, backedUpAt: 4, pending: [] },
      { format: 'medseal-restored/2', at: 5, rejoined: 'hospital' },
      { format: 'medseal-restored/2', at: -1, rejoined: ['hospital'] },
      {},
      null,
      [],
    ]) {
      await writeFile(join(at, 'restored.json'), JSON.stringify(note));
      assert.deepEqual(await readRestored(files, clock), unknown, JSON.stringify(note));
    }
    const good = { format: 'medseal-restored/2', at: 5, rejoined: ['hospital'] };
    await writeFile(join(at, 'restored.json'), JSON.stringify(good));
    assert.deepEqual(await readRestored(files, clock), good);
  });
});

describe('a backup of a stopped node whose keys are under a passphrase', () => {
  it('asks for it, and leaves nothing without it', async () => {
    const folder = join(root, 'locked');
    await cp(data, folder, { recursive: true });
    const files = await openFolder(folder);
    const guard = await lockKeys(files, ports.random, 'correct horse battery', { workFactor: 2 });
    for (const name of HOSTS) {
      const path = join(folder, `node/${name}/keys.json`);
      const keys = JSON.parse(await readFile(path, 'utf8')) as object;
      await writeFile(path, JSON.stringify(await guard.wrap(keys)));
    }
    const to = join(root, 'of locked');
    const make = async (askPassphrase?: () => Promise<string>): Promise<unknown> =>
      await backUp({
        data: folder,
        target: await folderTarget(to),
        ports,
        progress,
        ...(askPassphrase && { askPassphrase }),
      });
    await assert.rejects(make(), failsWith('PASSPHRASE_MISSING'));
    await assert.rejects(
      make(async () => await Promise.resolve('another passphrase')),
      failsWith('PASSPHRASE_WRONG'),
    );
    await assert.rejects(stat(to));
    await make(async () => await Promise.resolve('correct horse battery'));
    await restore(to, 'restored locked');
    await rm(join(folder, 'node/insurer/keys.json'));
    await rm(to, { recursive: true });
    await assert.rejects(
      make(async () => await Promise.resolve('correct horse battery')),
      failsWith('BACKUP_FAILED', { reason: 'node/insurer/keys.json is lost' }),
    );
  });
});
