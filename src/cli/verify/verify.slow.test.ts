import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LevelDatabase } from '../../database/LevelDatabase.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import type { Body, Receipt } from '../../protocol/evidence/evidence.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { folderStore } from '../../vault/folderStore.ts';
import { openVault } from '../../vault/openVault.ts';
import { runMedseal, type Run } from '../test/runMedseal.ts';
import { readFindings } from '../test/readFindings.ts';

const MAIN = join(import.meta.dirname, '../main.ts');

/** Runs the command in a folder, in a process of its own. */
function apart(folder: string, ...args: readonly string[]): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { cwd: folder });
  return { code: status, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** Runs the command in a folder, within this process. */
async function inFolder(folder: string, ...args: readonly string[]): Promise<Run> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await runMedseal(...args);
  } finally {
    process.chdir(before);
  }
}

/** Names the network file of the folder that the command is run in. */
const NAMED = ['--network', 'network.json'] as const;

/** A scenario that was played: its network, its receipts, and a folder with nothing but `network.json`. */
interface Played {
  readonly data: string;
  readonly receipts: string;
  readonly empty: string;
  readonly names: readonly string[];
  /** Number of receipts that the scenario told. */
  readonly said: number;
}

async function play(folder: string): Promise<Played> {
  const [data, receipts, empty] = ['data', 'receipts', 'empty'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const run = await runMedseal('scenario', '--data', data, '--receipts', receipts, '--json');
  const printed = JSON.parse(run.stdout) as { ok: boolean; receipts: readonly unknown[] };
  assert.deepEqual([run.code, printed.ok], [0, true], run.stderr);
  await mkdir(empty);
  await copyFile(join(data, 'network.json'), join(empty, 'network.json'));
  const names = await readdir(receipts);
  return { data, receipts, empty, names, said: printed.receipts.length };
}

describe('medseal verify FILE…', () => {
  let folder: string;
  let played: Played;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-cli-'));
    played = await play(folder);
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  it('finds every receipt of a scenario safe, from a folder with nothing but network.json', async () => {
    const { receipts, empty, names, said } = played;
    assert.equal(names.length, said);
    // Nobody else wrote to the log: every entry that it has came with a receipt.
    const all = Array.from({ length: said }, (_, index) => `care-hospital-${index}.json`);
    assert.deepEqual(names.toSorted(), all.toSorted());
    assert.ok(said >= 40);
    const files = names.map((name) => join(receipts, name));
    const run = apart(empty, 'verify', '--offline', '--json', ...NAMED, ...files);
    const { ok, findings } = readFindings(run);
    assert.deepEqual([run.code, run.stderr, ok], [0, '', true]);
    assert.deepEqual(
      findings.map(({ what }) => what),
      files,
    );
    const text = (await inFolder(empty, 'verify', '--offline', ...NAMED, ...files)).stdout;
    assert.match(text, /^Safe {6}.*care-hospital-0\.json\n.*was refused to see the chart/);
    assert.match(text, new RegExp(`${said} of ${said} safe`));
    assert.match(text, /Not checked:\n {2}- that the ledger holds the checkpoints/);

    // One byte of one of them.
    const [first = '', second = ''] = files;
    const bytes = await readFile(first);
    for (const at of [40, Math.floor(bytes.length / 2), bytes.length - 1]) {
      await writeFile(first, bytes.with(at, (bytes[at] ?? 0) ^ 4));
      const changed = await inFolder(
        empty,
        'verify',
        '--offline',
        '--json',
        ...NAMED,
        first,
        second,
      );
      assert.equal(changed.code, 1);
      assert.deepEqual(
        readFindings(changed).findings.map(({ safe }) => safe),
        [false, true],
        `byte ${at}`,
      );
    }
    await writeFile(first, bytes);

    // Another network file, and one whose coordinators were replaced.
    const network = JSON.parse(await readFile(join(empty, 'network.json'), 'utf8')) as NetworkFile;
    const channels = network.channels.map((channel) => ({
      ...channel,
      coordinators: channel.coordinators.map((each, place) => ({
        ...each,
        address: `0x${String(place + 1).repeat(40)}`,
      })),
    }));
    for (const replaced of [
      { ...network, channels },
      { ...network, networkId: `0x${'11'.repeat(32)}` },
    ]) {
      await writeFile(join(empty, 'network.json'), JSON.stringify(replaced));
      const run = await inFolder(empty, 'verify', '--offline', ...NAMED, first);
      assert.equal(run.code, 1);
      assert.match(run.stdout, /^Not safe/);
    }
  });

  // @attack a false receipt comes with a false network file beside it | the pinned or the named file counts: `NETWORK_FILE_AMBIGUOUS`
  it('does not believe a network file for lying in the present folder', async () => {
    const { data, receipts } = played;
    const right = join(data, 'network.json');
    const receipt = join(receipts, 'care-hospital-0.json');
    // A folder that somebody gave: a receipt, with the network file that makes it look right.
    const given = join(folder, 'given');
    await mkdir(given);
    await copyFile(right, join(given, 'network.json'));
    const home = join(folder, 'device');
    const before = process.env['MEDSEAL_HOME'];
    process.env['MEDSEAL_HOME'] = home;
    try {
      // Nothing is pinned: it has to be named.
      const unnamed = await inFolder(given, 'verify', '--offline', receipt);
      assert.equal(unnamed.code, 1);
      assert.match(unnamed.stderr, /\[NETWORK_FILE_UNNAMED\]/);
      const named = await inFolder(given, 'verify', '--offline', ...NAMED, '--json', receipt);
      assert.equal(named.code, 0, named.stdout);
      assert.ok(unnamed.stderr.includes(readFindings(named).network), 'its fingerprint is told');

      // Another is pinned: both fingerprints are told, and none is chosen.
      await mkdir(home);
      const network = JSON.parse(await readFile(right, 'utf8')) as NetworkFile;
      const pinned = { ...network, networkId: `0x${'11'.repeat(32)}` } as const;
      await writeFile(join(home, 'network.json'), JSON.stringify(pinned));
      const fingerprint = fingerprintOf(await createNativePrimitives(), pinned);
      for (const args of [
        ['verify', '--offline', receipt],
        ['verify', 'network'],
        ['verify', 'log', '--url', 'http://127.0.0.1:9'],
        ['verify', 'chain', receipt, '--offline'],
        ['log', '--url', 'http://127.0.0.1:9'],
      ]) {
        const refused = await inFolder(given, ...args);
        assert.equal(refused.code, 1, args.join(' '));
        assert.match(refused.stderr, /\[NETWORK_FILE_AMBIGUOUS\]/, args.join(' '));
        assert.ok(refused.stderr.includes(fingerprint), args.join(' '));
        assert.ok(refused.stderr.includes(readFindings(named).network), args.join(' '));
      }
      assert.equal((await inFolder(given, 'verify', '--offline', ...NAMED, receipt)).code, 0);

      // The pinned one counts from any other folder, if the device is named, and if the file here is malformed.
      const elsewhere = await inFolder(receipts, 'verify', '--offline', '--json', receipt);
      assert.deepEqual([elsewhere.code, readFindings(elsewhere).network], [1, fingerprint]);
      const device = await inFolder(
        given,
        'verify',
        '--offline',
        '--json',
        '--home',
        home,
        receipt,
      );
      assert.deepEqual([device.code, readFindings(device).network], [1, fingerprint]);
      await writeFile(join(given, 'network.json'), '{"format":"medseal-network/1"}');
      const broken = await inFolder(given, 'verify', '--offline', '--json', receipt);
      assert.deepEqual([broken.code, readFindings(broken).network], [1, fingerprint]);

      // A network file that somebody gave is compared with the pinned one.
      const other = await runMedseal('verify', 'network', right, '--json');
      assert.equal(other.code, 1);
      assert.deepEqual(
        readFindings(other).findings.map(({ what, safe }) => [what, safe]),
        [
          [right, true],
          ['pinned', false],
        ],
      );
      assert.ok(other.stdout.includes(`this device has pinned another file, ${fingerprint}`));
      // A fingerprint that was told decides; the output names the file looked at, and says that another is pinned.
      const own = readFindings(named).network;
      const told = await runMedseal('verify', 'network', right, '--fingerprint', own);
      assert.equal(told.code, 0);
      assert.ok(told.stdout.includes(right));
      assert.ok(told.stdout.includes(own));
      assert.ok(told.stdout.includes(`this device has pinned another file, ${fingerprint}`));
      const wrong = await inFolder(receipts, 'verify', 'network', '--fingerprint', own);
      assert.equal(wrong.code, 1);
      assert.ok(wrong.stdout.includes(join(home, 'network.json')), 'the pinned one was looked at');
      assert.ok(wrong.stdout.includes(fingerprint));
      assert.ok(wrong.stdout.includes(`not ${own}`));
      await writeFile(join(given, 'network.json'), JSON.stringify(network));
      const between = await inFolder(given, 'verify', 'network', '--fingerprint', own);
      assert.equal(between.code, 1);
      assert.match(between.stderr, /\[NETWORK_FILE_AMBIGUOUS\]/);
      assert.match(between.stderr, /medseal verify network <file>/);
      await copyFile(right, join(home, 'network.json'));
      const same = await runMedseal('verify', 'network', right, '--json');
      assert.equal(same.code, 0);
      assert.equal((await inFolder(receipts, 'verify', 'network')).code, 0);
    } finally {
      if (before === undefined) delete process.env['MEDSEAL_HOME'];
      else process.env['MEDSEAL_HOME'] = before;
    }
  });

  it('compares a sealed file with the one that the receipt names', async () => {
    const { data, receipts, names, empty } = played;
    const network = join(data, 'network.json');
    const written: { path: string; write: Write }[] = [];
    for (const name of names) {
      const path = join(receipts, name);
      const { acknowledgement } = JSON.parse(await readFile(path, 'utf8')) as Receipt;
      const { request, flag } = JSON.parse(acknowledgement.body) as Body;
      if (request.type === 'Write' && flag === 'A')
        written.push({ path, write: request.message as Write });
    }
    const [one, other] = written;
    assert.ok(one && other);
    const sealed = await sealedFile(data, one.write.file);
    const pinned = ['--network', network, '--json'];
    const verify = async (record: string): Promise<Run> =>
      await inFolder(empty, 'verify', one.path, '--record', record, ...pinned);
    const same = await verify(sealed);
    assert.equal(same.code, 0);
    assert.match(readFindings(same).findings[0]?.detail ?? '', /is the sealed file that it names/);
    const swapped = await verify(await sealedFile(data, other.write.file));
    assert.equal(swapped.code, 1);
    assert.match(
      readFindings(swapped).findings[0]?.detail ?? '',
      /the sealed file has (another hash|\d+ bytes)/,
    );
    const altered = join(empty, 'altered.age');
    const bytes = await readFile(sealed);
    await writeFile(altered, bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1));
    assert.equal(
      readFindings(await verify(altered)).findings[0]?.detail,
      'the sealed file has another hash',
    );
    assert.equal((await verify(join(empty, 'absent'))).code, 2);
  });

  it('examines a stopped network at rest: one byte of a log, a body or a sealed file is named', async () => {
    const copy = join(folder, 'copy');
    const examined = async (): Promise<Run> =>
      await runMedseal('verify', 'node', '--data', copy, '--json');
    const altered = async (path: string, at: number): Promise<string> => {
      await cp(played.data, copy, { recursive: true });
      const file = join(copy, 'node/hospital', path);
      const bytes = await readFile(file);
      const place = Math.floor(bytes.length * at);
      await writeFile(file, bytes.with(place, (bytes[place] ?? 0) ^ 1));
      const run = await examined();
      await rm(copy, { recursive: true });
      const bad = readFindings(run).findings.filter(({ safe }) => !safe);
      return bad.map(({ what, detail }) => `${what}: ${detail}`).join('\n');
    };
    const isTold = async (path: string): Promise<void> => {
      const told = await altered(path, 0.5);
      assert.ok(told.includes(`node/hospital/${path}`), told);
    };
    /** The largest file of a database. */
    const databaseFile = async (name: string): Promise<string> => {
      const names = await readdir(join(played.data, 'node/hospital', name));
      const sizes = await Promise.all(
        names.map(
          async (each) => (await stat(join(played.data, 'node/hospital', name, each))).size,
        ),
      );
      return `${name}/${names[sizes.indexOf(Math.max(...sizes))] ?? assert.fail()}`;
    };
    await cp(played.data, copy, { recursive: true });
    const { ok, findings } = readFindings(await examined());
    await rm(copy, { recursive: true });
    assert.deepEqual([ok, findings.length], [true, 27]);

    await isTold(await databaseFile('vault-index'));
    await isTold(await databaseFile('logs/hospital'));
    await isTold(await databaseFile('coordinator'));
  });

  it('refuses a command line that asks for nothing, or for what does not go together', async () => {
    for (const args of [
      [],
      ['x.json', '--offline', '--rpc', 'http://127.0.0.1:1'],
      ['a', 'b', '--record', 'c'],
      ['--what'],
    ]) {
      const run = await runMedseal('verify', ...args);
      assert.equal(run.code, 2, args.join(' '));
    }
  });
});

/** Takes a sealed file out of a vault; returns where it lies now. */
async function sealedFile(data: string, hash: `0x${string}`): Promise<string> {
  const vault = await openVault({
    store: folderStore(await openFolder(join(data, 'node/hospital/vault'))),
    database: new LevelDatabase(join(data, 'node/hospital/vault-index')),
    quota: 2 ** 30,
  });
  const path = join(data, `${hash}.age`);
  await writeFile(path, await collectBytes(vault.get(hash)));
  await vault.close();
  return path;
}
