import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { readChart } from '../client/records/readChart.ts';
import { readPatientState } from '../client/state/PatientState.ts';
import type { Acknowledgement } from '../protocol/evidence/evidence.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { examineFolder } from '../fsck/examineFolder.ts';
import { FaultList } from '../services/examination/FolderFault.ts';
import { openFolder } from '../folder/openFolder.ts';
import { plainKeys } from '../folder/keyGuard.ts';
import { machinePorts } from '../folder/NodePorts.ts';
import { validatorHome } from '../node/validator/validatorHome.ts';
import { parseConfiguration } from '../node/configuration/parseConfiguration.ts';
import { openNodeValidatorKeys, openValidatorKeys } from '../node/validator/validatorKeys.ts';
import { openNetwork } from '../node/openNetwork.ts';
import { addTo, foundFolder, partyAt } from '../node/test/foundFolder.ts';
import { scratchFolder } from '../node/test/scratchFolder.ts';
import { backUp, type BackupMade } from './backUp.ts';
import { folderTarget } from './folderTarget.ts';
import { openBackup } from './openBackup.ts';
import type { RestoredBackup } from './compareCopy.ts';
import { restoreBackup } from './restoreBackup.ts';
import { encodeTarHeader, paddingOf } from './tarFormat.ts';
import { tarTarget } from './tarTarget.ts';
import { someOf, timesOf } from '../protocol/test/share.ts';

const ports = await machinePorts();
let root: string;
/** A folder whose node was stopped, and a backup of it as a folder. */
let data: string;
let backup: string;
let made: BackupMade;

before(async () => {
  root = await scratchFolder();
  data = join(root, 'data');
  backup = join(root, 'backup');
  await foundFolder(data);
  made = await back(data, backup);
});
after(async () => await rm(root, { recursive: true }));

async function back(folder: string, to: string): Promise<BackupMade> {
  const target = to.endsWith('.tar') ? await tarTarget(to, ports.clock) : await folderTarget(to);
  return await backUp({ data: folder, target, ports, progress: () => undefined });
}

async function restore(from: string, folder: string): Promise<RestoredBackup> {
  const source = await openBackup(from);
  return await restoreBackup({ source, from, data: folder, ports, progress: () => undefined });
}

/** All files below a folder that a backup has, with their bytes. */
async function contents(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    if (!entry.isFile() || /^lock\/|(?:^|\/)LOG(?:\.old)?$|\/LOCK$|^restored\.json$/.test(path))
      continue;
    // It follows from the ledger, so that no backup has it.
    if (path.startsWith('node/ledger/index/')) continue;
    // It says when the folder was backed up last, and each later backup changes that.
    if (path === 'backed-up.json') continue;
    found.set(path, (await readFile(join(folder, path))).toString('base64'));
  }
  return found;
}

async function faultsIn(folder: string, stoppedInOrder = true): Promise<readonly string[]> {
  const faults = new FaultList();
  const hearer = {
    fault: (fault: Parameters<FaultList['add']>[0]) => faults.add(fault),
    part: () => undefined,
    progress: () => undefined,
  };
  await examineFolder({ data: folder, ports, hearer, stoppedInOrder });
  return faults.told.map(({ what }) => what);
}

describe('a backup of a folder whose node is stopped', () => {
  for (const name of ['copy', 'copy.tar']) {
    it(`gives every byte back, from ${name}`, async () => {
      const to = join(root, name);
      const { files, bytes, logs, paused } = await back(data, to);
      assert.equal(paused, undefined);
      assert.equal(logs.length, 9);
      assert.deepEqual(
        logs.find(({ size }) => size > 0),
        { ...logs[0], organisation: 'hospital', log: 'care/hospital' },
      );
      const restored = join(root, `restored ${name}`);
      const found = await restore(to, restored);
      assert.deepEqual([found.files, found.bytes, found.logs], [files, bytes, logs]);
      assert.deepEqual(await contents(restored), await contents(data));
      assert.equal((await stat(join(restored, 'node/hospital/keys.json'))).mode & 0o777, 0o600);
      assert.equal((await stat(restored)).mode & 0o777, 0o700);
      assert.deepEqual(await faultsIn(restored), []);
      const marker = JSON.parse(await readFile(join(restored, 'restored.json'), 'utf8')) as object;
      assert.partialDeepStrictEqual(marker, { format: 'medseal-restored/2', rejoined: [] });
    });
  }

  it('says where what it reads is damaged, and leaves nothing', async () => {
    const damaged = join(root, 'damaged');
    await cp(data, damaged, { recursive: true });
    await writeFile(join(damaged, 'node/hospital/logs/hospital/CURRENT'), 'MANIFEST-9\n');
    const reason = 'node/hospital/logs/hospital cannot be read; `medseal fsck` tells its fault';
    await assert.rejects(back(damaged, join(root, 'half')), failsWith('BACKUP_FAILED', { reason }));
    assert.ok(!(await readdir(root)).includes('half'));
    await rm(damaged, { recursive: true });
  });

  // @attack a restored copy signs blocks with its original's key | no backup has the key of a validator, and a restored folder makes another one
  it('has no key of a validator: a restored folder makes another one', async () => {
    const folder = join(root, 'validating');
    await cp(data, folder, { recursive: true });
    const guarded = { ...ports, guard: plainKeys };
    const { key, node, seeds } = await openValidatorKeys(validatorHome({ path: folder }), guarded);
    for (const name of ['validating copy', 'validating copy.tar']) {
      const to = join(root, name);
      await back(folder, to);
      const isFolder = (await stat(to)).isDirectory();
      const files = isFolder ? [...(await contents(to)).values()] : [await readFile(to, 'base64')];
      const bytes = files.map((each) => Buffer.from(each, 'base64').toString('latin1')).join('');
      assert.ok(bytes.includes('node/hospital/keys.json'));
      assert.ok(!bytes.includes('validator/'));
      const secrets = Object.values(seeds).map((seed) => Buffer.from(seed));
      for (const secret of secrets) {
        assert.ok(!bytes.toLowerCase().includes(secret.toString('hex')));
        assert.ok(!bytes.includes(secret.toString('latin1')));
        assert.ok(!bytes.includes(secret.toString('base64').replace(/=+$/, '')));
      }
      const restored = join(root, `restored ${name}`);
      await restore(to, restored);
      const made = await openValidatorKeys(validatorHome({ path: restored }), guarded);
      assert.notEqual(made.key, key);
      assert.notEqual(made.node, node);
    }
  });

  it('has the id of a validator whose key is at a remote signer: restored, it is the same peer with the same key', async () => {
    const folder = join(root, 'signed elsewhere');
    await cp(data, folder, { recursive: true });
    const guarded = { ...ports, guard: plainKeys };
    const settings = {
      ...parseConfiguration({}).validator,
      privValidatorLaddr: 'unix:///run/signer.sock',
      signerKey: `0x${'5a'.repeat(32)}`,
    } as const;
    const keys = await openNodeValidatorKeys(await openFolder(folder), guarded, settings);
    const to = join(root, 'signed elsewhere copy');
    await back(folder, to);
    const restored = join(root, 'signed elsewhere again');
    await restore(to, restored);
    const same = await openNodeValidatorKeys(await openFolder(restored), guarded, settings);
    assert.deepEqual(same, keys);
  });

  it('leaves nothing in the folder', async () => {
    const names = await readdir(data);
    assert.ok(!names.includes('snapshot') && !names.includes('process.json'));
  });
});

describe('a backup of a folder whose node runs', () => {
  it('is of one moment, under load: whole, with all that was acknowledged before', async () => {
    const folder = join(root, 'running');
    await cp(data, folder, { recursive: true });
    const network = await openNetwork({ folder, demo: true });
    const patient = await partyAt(network, folder);
    const { handle } = await readPatientState(patient);
    const loading = new AbortController();
    const { signal } = loading;
    const restored: [string, number][] = [];
    const acknowledged: Acknowledgement[] = [];
    const load = (async () => {
      for (let n = 0; !signal.aborted; n++) {
        // Some while each backup is made, and not for ever.
        while (!signal.aborted && n >= 6 * (restored.length + 1)) await setImmediate();
        acknowledged.push(await addTo(patient, new Uint8Array(n % 3 === 0 ? 30_000 : 300).fill(n)));
      }
    })();
    for (const name of someOf(['one.tar', 'two', 'three.tar'], 2)) {
      while (acknowledged.length < 3 * (restored.length + 1)) await setImmediate();
      const to = join(root, `live ${name}`);
      const before = acknowledged.length;
      const { paused } = await back(folder, to);
      assert.ok(paused !== undefined);
      await restore(to, join(root, `restored live ${name}`));
      restored.push([join(root, `restored live ${name}`), before]);
    }
    loading.abort();
    await load;
    await network.close();
    assert.ok(!(await readdir(folder)).some((name) => /snapshot|sock/.test(name)));
    for (const [path, before] of restored) {
      assert.deepEqual(await faultsIn(path), [], path);
      await rm(join(path, 'restored.json'));
      const again = await openNetwork({ folder: path, demo: true });
      const { records } = await readChart(await partyAt(again, path), {
        handle,
        purpose: 'PATRQT',
      });
      const entries = new Set(records.map((record) => record.acknowledgement.entry));
      for (const { entry } of acknowledged.slice(0, before)) assert.ok(entries.has(entry));
      await again.close();
    }
  });

  it('is one at a time; who goes away lets the next one in, and the node goes on', async () => {
    const folder = join(root, 'held');
    await cp(data, folder, { recursive: true });
    const network = await openNetwork({ folder, demo: true });
    const holder = connect(join(folder, 'backup.sock'));
    await new Promise((resolve) => {
      holder.once('data', resolve);
    });
    assert.ok((await readdir(folder)).includes('snapshot'));
    await assert.rejects(
      back(folder, join(root, 'second')),
      failsWith('BACKUP_FAILED', { reason: 'another backup is being made' }),
    );
    await assert.rejects(back(folder, join(root, 'second.tar')), failsWith('BACKUP_FAILED'));
    assert.ok(!(await readdir(root)).some((name) => name.startsWith('second')));
    holder.destroy();
    while ((await readdir(folder)).includes('snapshot')) await setImmediate();
    await back(folder, join(root, 'second'));
    await addTo(await partyAt(network, folder), new Uint8Array(10));
    await network.close();
  });
});

describe('a restoration', () => {
  it('refuses a folder that has something in it, and leaves it alone', async () => {
    const folder = join(root, 'not empty');
    await mkdir(folder);
    await writeFile(join(folder, 'thesis.txt'), 'mine');
    await assert.rejects(restore(backup, folder), failsWith('FOLDER_FOREIGN'));
    assert.deepEqual(await readdir(folder), ['thesis.txt']);
    const empty = join(root, 'empty');
    await mkdir(empty);
    await restore(backup, empty);
    assert.deepEqual(await contents(empty), await contents(data));
  });

  const damages: [string, (at: string) => Promise<unknown>][] = [
    ['a byte of a file', async (at) => await flip(join(at, 'node/hospital/keys.json'), 30)],
    ['a file that is cut off', async (at) => await writeFile(join(at, 'network.json'), '{}')],
    ['a file that is lost', async (at) => await rm(join(at, 'founding.json'))],
    ['a byte of the manifest', async (at) => await flip(join(at, 'manifest.jsonl'), 4000)],
    ['the head of the manifest', async (at) => await change(at, (lines) => lines.slice(1))],
    ['the end of the manifest', async (at) => await change(at, (lines) => lines.slice(0, -1))],
    [
      'a file too few in the manifest',
      async (at) => await change(at, (lines) => lines.toSpliced(3, 1)),
    ],
    [
      'a manifest that goes on',
      async (at) => await change(at, (lines) => [...lines, lines[2] ?? '']),
    ],
    ['no manifest: it was interrupted', async (at) => await rm(join(at, 'manifest.jsonl'))],
    ['nothing', async (at) => await rm(at, { recursive: true })],
  ];
  for (const [name, damage] of damages) {
    it(`restores nothing of a backup with ${name}`, async () => {
      const copy = join(root, 'damaged');
      await rm(copy, { recursive: true, force: true });
      await cp(backup, copy, { recursive: true });
      await damage(copy);
      const folder = join(root, 'never');
      await assert.rejects(restore(copy, folder), failsWith('BACKUP_DAMAGED'));
      await assert.rejects(stat(folder));
      await restore(backup, folder);
      assert.deepEqual(await contents(folder), await contents(data));
      await rm(folder, { recursive: true });
    });
  }

  it('restores nothing of an archive that was altered anywhere, or cut off', async () => {
    const archive = join(root, 'whole.tar');
    await back(data, archive);
    const bytes = await readFile(archive);
    const altered = join(root, 'altered.tar');
    const folder = join(root, 'never tar');
    const places = timesOf(12);
    for (let n = 0; n < places; n++) {
      const at = Math.floor((bytes.length - 1025) * ((n + 0.37) / places));
      await writeFile(altered, bytes.with(at, (bytes[at] ?? 0) ^ 8));
      const outcome = await restore(altered, folder).then(
        () => 'restored',
        (error: { code: string }) => error.code,
      );
      // Between the end of a file and the next header nothing is said.
      if (outcome === 'restored') {
        assert.equal(bytes[at], 0);
        await rm(folder, { recursive: true });
      } else assert.equal(outcome, 'BACKUP_DAMAGED');
    }
    await writeFile(altered, bytes.subarray(0, bytes.length / 2));
    await assert.rejects(restore(altered, folder), failsWith('BACKUP_DAMAGED'));
    await writeFile(altered, 'not an archive'.repeat(100));
    await assert.rejects(restore(altered, folder), failsWith('BACKUP_DAMAGED'));
  });

  it('writes nothing outside of the folder, whatever a backup names', async () => {
    for (const path of [
      '../outside',
      '/tmp/outside',
      'a/../../outside',
      'lock/CURRENT',
      'copied.jsonl',
    ]) {
      const archive = join(root, 'foreign.tar');
      const header = encodeTarHeader({ path, size: 3 }, 0);
      await writeFile(
        archive,
        Buffer.concat([header, Buffer.from('abc'), new Uint8Array(paddingOf(3) + 1024)]),
      );
      const folder = join(root, 'foreign');
      await assert.rejects(restore(archive, folder), (error: { code: string }) =>
        ['FOLDER_OUTSIDE', 'BACKUP_DAMAGED'].includes(error.code),
      );
      await assert.rejects(stat(folder));
    }
    await assert.rejects(stat(join(root, 'outside')));
  });

  it('goes on after one that was interrupted, and lets no other in meanwhile', async () => {
    const folder = join(root, 'twice');
    const source = await openBackup(backup);
    const [begun, refused] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const stopped = restoreBackup({
      source: {
        async *files() {
          let count = 0;
          for await (const file of source.files()) {
            if (count++ === 5) {
              begun.resolve();
              await refused.promise;
              throw new Error('interrupted');
            }
            yield file;
          }
        },
      },
      from: backup,
      data: folder,
      ports,
      progress: () => undefined,
    });
    await begun.promise;
    await assert.rejects(restore(backup, folder), failsWith('FOLDER_LOCKED'));
    refused.resolve();
    await assert.rejects(stopped, /interrupted/);
    await assert.rejects(stat(folder));
    await restore(backup, folder);
    assert.deepEqual(await contents(folder), await contents(data));
    assert.ok(!(await readdir(root)).includes('twice.restoring'));
    assert.equal(made.files, (await contents(data)).size);
  });
});

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  await writeFile(path, bytes.with(at, (bytes[at] ?? 0) ^ 1));
}

async function change(at: string, edit: (lines: string[]) => string[]): Promise<void> {
  const path = join(at, 'manifest.jsonl');
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  await writeFile(path, `${edit(lines).join('\n')}\n`);
}
