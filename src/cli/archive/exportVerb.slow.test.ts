import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { copyFile, open, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { memoryOf } from '../../../scripts/sensors/memoryOf.ts';
import { until } from '../test/ChannelNodes.ts';
import { collectRun, startMedseal } from '../test/runMedseal.ts';
import { startPeople, type People, type Person } from '../test/startPeople.ts';

const LARGE = 256 * 2 ** 20;

let people: People;
let anna: Person;
let network: string;

before(async () => {
  people = await startPeople();
  anna = await people.enrolled('anna', 'patient');
  network = join(people.network, 'network.json');
  const scan = at('scan.bin');
  await using file = await open(scan, 'w');
  const piece = Buffer.alloc(2 ** 20, 'a scan ');
  for (let place = 0; place < LARGE; place += piece.length) await file.write(piece);
  await writeFile(at('note.txt'), 'Cough since Monday.');
  await anna.ask('record', 'add', at('note.txt'), '--yes', '-c', 'other');
  await anna.ask('record', 'add', scan, '--yes', '-c', 'imaging');
});
after(async () => {
  await people.end();
});

function at(name: string): string {
  return join(people.folder, name);
}

interface Exported {
  readonly records: number;
  readonly before: number;
  readonly bytes: number;
}

interface Verified {
  readonly ok: boolean;
  readonly findings: readonly { readonly what: string; readonly safe: boolean }[];
}

/** Runs a command in a process of its own, and returns the most memory that it took. */
async function peakOf(...args: readonly string[]): Promise<number> {
  const child = startMedseal(args);
  const ended = collectRun(child);
  let [most, isRunning] = [0, true];
  void ended.then(() => (isRunning = false));
  await until('the command', async () => {
    const { peak } = await memoryOf(child).catch(() => ({ peak: 0 }));
    // Its last moments have no memory any more.
    if (peak > most) most = peak;
    return !isRunning;
  });
  const { code, stderr, stdout } = await ended;
  assert.equal(code, 0, stdout + stderr);
  return most;
}

describe('medseal export', () => {
  it('writes an archive for its owner alone that any tar program lists and unpacks', async () => {
    const file = at('anna.tar');
    const { records, before: there } = await anna.ask<Exported>('export', file);
    assert.deepEqual([records, there], [4, 0]);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const listed = spawnSync('tar', ['-tf', file], { encoding: 'utf8' });
    assert.equal(listed.status, 0, listed.stderr);
    const names = listed.stdout.trim().split('\n');
    assert.deepEqual([names[0], names.at(-1)], ['README.txt', 'manifest.json']);
    const large = names.find((name) => name.includes('-imaging-') && name.endsWith('content.bin'));
    assert.ok(large);
    const got = spawnSync('tar', ['-xOf', file, large], { maxBuffer: 2 * LARGE });
    assert.equal(got.stdout.length, LARGE);
    assert.deepEqual(got.stdout.subarray(-64), Buffer.alloc(2 ** 20, 'a scan ').subarray(-64));
  });

  it('is verified with the network file alone, and says what was altered', async () => {
    const offline = ['--network', network, '--home', at('nobody'), '--json'];
    const verify = async (file: string): Promise<Verified & { readonly code: number | null }> => {
      const child = await collectRun(startMedseal(['verify', 'export', file, ...offline]));
      return { code: child.code, ...(JSON.parse(child.stdout) as Verified) };
    };
    const { code, ok } = await verify(at('anna.tar'));
    assert.deepEqual([code, ok], [0, true]);
    const altered = at('altered.tar');
    await copyFile(at('anna.tar'), altered);
    await using file = await open(altered, 'r+');
    const { size } = await file.stat();
    await file.write(Buffer.from('!'), 0, 1, Math.floor(size / 2));
    const found = await verify(altered);
    assert.equal(found.code, 1);
    assert.ok(
      found.findings.some(({ what, safe }) => !safe && /-imaging-.*content\.bin$/.test(what)),
    );
  });

  it('goes on after it was killed in the middle, and has nothing twice', async () => {
    const file = at('killed.tar');
    const child = startMedseal(['export', file, '--home', at('anna')]);
    const ended = collectRun(child);
    const sizeNow = async (): Promise<number> => {
      return await stat(file).then(
        ({ size }) => size,
        () => 0,
      );
    };
    await until('the archive', async () => (await sizeNow()) > LARGE / 8);
    child.kill('SIGKILL');
    await ended;
    const cut = await sizeNow();
    const again = await anna.ask<Exported>('export', file);
    assert.ok(cut < again.bytes, `${cut} of ${again.bytes}`);
    assert.ok(again.before < 4 && again.records === 4);
    const verified = await anna.ask<Verified>('verify', 'export', file);
    assert.ok(verified.ok);
    const whole = await anna.ask<Exported>('export', file);
    assert.deepEqual([whole.before, whole.bytes], [4, again.bytes]);
  });

  it('takes memory that does not grow with the chart, nor does verifying', async () => {
    const carl = await people.enrolled('carl', 'patient');
    await carl.ask('record', 'add', at('note.txt'), '--yes', '-c', 'other');
    for (const verb of [['export'], ['verify', 'export']]) {
      const small = await peakOf(...verb, at('small.tar'), '--home', at('carl'));
      const large = await peakOf(...verb, at('large.tar'), '--home', at('anna'));
      assert.ok(large - small < LARGE / 2, `${verb.join(' ')}: ${small} and ${large} bytes`);
    }
  });

  it('leaves files alone that are something else: a note, a link, another patient’s archive', async () => {
    const bertha = await people.enrolled('bertha', 'patient');
    await symlink(at('note.txt'), at('link.tar'));
    const refusals = [
      [anna, at('note.txt')],
      [anna, at('link.tar')],
      [anna, people.folder],
      [bertha, at('anna.tar')],
    ] as const;
    for (const [person, file] of refusals) {
      const { code, stderr } = await person.run('export', file);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /not an archive of this chart|not a plain file/);
    }
    assert.equal(await readFile(at('note.txt'), 'utf8'), 'Cough since Monday.');
    let last = 0;
    for await (const piece of createReadStream(at('anna.tar'))) last += (piece as Buffer).length;
    assert.ok(last > LARGE);
  });

  it('is verified as unsafe if it is cut off, empty, or not an archive', async () => {
    const begun = (await readFile(at('anna.tar'))).subarray(0, 20_000);
    for (const bytes of [begun, Buffer.alloc(0), Buffer.from('my diary')]) {
      await writeFile(at('cut.tar'), bytes);
      const { code, stdout } = await anna.run('verify', 'export', at('cut.tar'));
      assert.equal(code, 1);
      assert.match(stdout, /Not safe {2}manifest\.json\n {12}the file is missing/);
    }
    const { code, stderr } = await anna.run('verify', 'export', at('absent.tar'));
    assert.deepEqual([code, /the file is not there/.test(stderr)], [2, true]);
  });
});
