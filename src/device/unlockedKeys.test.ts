import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { after, before, describe, it, type TestContext } from 'node:test';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import type { LockedKey } from './keystore.ts';
import { addressOfSeed } from '../crypto/keys/addressOfSeed.ts';
import { listenInFolder } from '../folder/listenInFolder.ts';
import { systemClock } from '../folder/systemClock.ts';
import { holdSeed, type SeedHolder } from './holdSeed.ts';
import { endUnlocked, keepUnlocked, unlockedIn, unlockedUntil } from './unlockedKeys.ts';

const SEED = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
const KEY: LockedKey = {
  format: 'medseal-key/1',
  demo: false,
  name: 'anna',
  role: 'patient',
  organisation: 'hospital',
  address: addressOfSeed(primitives, SEED),
  sealed: 'AAAA',
};
const QUARTER = 15 * 60_000;

/** A clock that stands until a test moves it. */
class StandingClock {
  time = 1_000_000;
  #waiting: { readonly at: number; readonly run: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(milliseconds: number, run: () => void): () => void {
    this.#waiting.push({ at: this.time + milliseconds, run });
    return () => undefined;
  }

  /** As on a machine that slept: the time is later, and what was waiting for it runs only now. */
  pass(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.#waiting.filter(({ at }) => at <= this.time);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.time);
    for (const { run } of due) run();
  }
}

describe('a key that stays unlocked', () => {
  let keystore: string;
  let folder: string;
  let socket: string;
  const find = async (): Promise<Uint8Array | undefined> => await unlockedIn(keystore)(KEY);

  before(async () => {
    keystore = await mkdtemp(join(tmpdir(), 'medseal-unlocked-'));
    folder = join(keystore, 'anna');
    socket = join(folder, 'unlocked.sock');
    await mkdir(folder, { mode: 0o700 });
  });
  after(async () => {
    await endUnlocked(keystore, KEY);
    await rm(keystore, { recursive: true });
  });

  it('is held by a process of its own, behind a socket that its owner alone can reach', async () => {
    const until = await keepUnlocked(keystore, KEY, SEED, QUARTER);
    assert.ok(Math.abs(until - Date.now() - QUARTER) < 30_000);
    assert.deepEqual(await find(), SEED);
    assert.equal(await unlockedUntil(keystore, KEY), until);
    assert.equal((await stat(socket)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(folder), ['unlocked.sock']);
  });

  it('stays unlocked longer when it is unlocked again', async () => {
    const first = await keepUnlocked(keystore, KEY, SEED, QUARTER);
    const inode = (await stat(socket)).ino;
    const second = await keepUnlocked(keystore, KEY, SEED, 4 * QUARTER);
    assert.ok(second - first >= 3 * QUARTER);
    assert.equal(await unlockedUntil(keystore, KEY), second);
    assert.equal((await stat(socket)).ino, inode, 'the same process goes on');
  });

  it('is locked again when its owner says so, as often as that is said', async () => {
    await keepUnlocked(keystore, KEY, SEED, QUARTER);
    assert.equal(await endUnlocked(keystore, KEY), true);
    assert.deepEqual(await readdir(folder), []);
    assert.equal(await find(), undefined);
    assert.equal(await unlockedUntil(keystore, KEY), undefined);
    assert.equal(await endUnlocked(keystore, KEY), false);
  });

  for (const milliseconds of [Number.NaN, -1, 0, 999, 24 * 3_600_000 + 1, Infinity]) {
    it(`is not unlocked for ${milliseconds} ms`, async () => {
      const unlocking = keepUnlocked(keystore, KEY, SEED, milliseconds);
      await assert.rejects(unlocking, failsWith('UNLOCK_FAILED'));
      assert.deepEqual(await readdir(folder), []);
    });
  }

  it('is not unlocked where its folder is missing, or others can write there', async (t) => {
    const missing = keepUnlocked(keystore, { ...KEY, name: 'nobody' }, SEED, QUARTER);
    await assert.rejects(missing, failsWith('KEYSTORE_INVALID'));
    await chmod(folder, 0o770);
    t.after(async () => {
      await chmod(folder, 0o700);
    });
    await assert.rejects(keepUnlocked(keystore, KEY, SEED, QUARTER), failsWith('KEYSTORE_INVALID'));
  });

  it('is not taken from a socket that others can reach', async (t) => {
    await holding(t);
    await chmod(socket, 0o666);
    await assert.rejects(find(), failsWith('KEYSTORE_INVALID'));
    await chmod(socket, 0o600);
    assert.deepEqual(await find(), SEED);
    await chmod(folder, 0o777);
    t.after(async () => {
      await chmod(folder, 0o700);
    });
    await assert.rejects(find(), failsWith('KEYSTORE_INVALID'));
  });

  it('is not taken from what answers in another way, or without end', async (t) => {
    let said: Buffer = Buffer.alloc(0);
    const server = createServer((connection) => {
      connection.on('error', () => undefined);
      connection.resume().end(said);
    });
    const place = await listenInFolder(server, folder, 'unlocked.sock');
    t.after(async () => await place.close());
    for (said of [
      Buffer.alloc(8, 0xff),
      Buffer.alloc(7),
      Buffer.alloc(40, 0xff),
      Buffer.alloc(2 ** 24),
    ]) {
      await assert.rejects(unlockedUntil(keystore, KEY), failsWith('UNLOCK_FAILED'));
      await assert.rejects(find(), failsWith('UNLOCK_FAILED'));
    }
  });

  it('is not looked for behind a link', async (t) => {
    await mkdir(join(keystore, 'linked'), { mode: 0o700 });
    await holding(t);
    await symlink(socket, join(keystore, 'linked/unlocked.sock'));
    assert.equal(await unlockedIn(keystore)({ name: 'linked' }), undefined);
  });

  describe('in the process that holds it', () => {
    it('is overwritten at its time, though the machine slept through it', async (t) => {
      const { clock, seed, ended } = await holding(t);
      clock.pass(QUARTER - 1);
      assert.deepEqual(await find(), SEED);
      clock.time += 8 * 3_600_000;
      assert.equal((await ask('seed\n')).length, 0, 'nothing is handed out after its time');
      assert.deepEqual(seed, new Uint8Array(32));
      assert.equal(ended(), 1);
      assert.deepEqual(await readdir(folder), []);
    });

    it('is overwritten at its time when nobody asks', async (t) => {
      const { clock, seed } = await holding(t);
      clock.pass(QUARTER);
      assert.deepEqual(seed, new Uint8Array(32));
      assert.deepEqual(await readdir(folder), []);
    });

    it('is overwritten before the answer to "lock" arrives', async (t) => {
      const { seed } = await holding(t);
      assert.equal(await endUnlocked(keystore, KEY), true);
      assert.deepEqual(seed, new Uint8Array(32));
    });

    it('is overwritten when another process took the place of its socket, or it was removed', async (t) => {
      const first = await holding(t);
      const second = await holding(t);
      first.clock.pass(5000);
      assert.deepEqual(first.seed, new Uint8Array(32));
      assert.deepEqual(await find(), SEED, 'the other one goes on');
      await rm(socket);
      second.clock.pass(5000);
      assert.deepEqual(second.seed, new Uint8Array(32));
    });

    it('is not handed out for anything but the question, and the process goes on', async (t) => {
      await holding(t);
      const questions = ['', '\n', 'seed', 'SEED\n', 'seed\nseed\n', 'extend\n', 'extend -1\n'];
      for (const question of [...questions, 'extend 1e9\n', 'seed\n'.padEnd(100_000, 'x')]) {
        assert.equal((await ask(question)).length, 0, question.slice(0, 20));
      }
      assert.deepEqual(await find(), SEED);
    });
  });

  describe('as a process', () => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      it(`ends at ${signal}, with its socket`, async (t) => {
        const holder = await startProcess(t);
        assert.deepEqual(await find(), SEED);
        holder.kill(signal);
        assert.deepEqual(await once(holder, 'exit'), [0, null]);
        assert.deepEqual(await readdir(folder), []);
      });
    }

    it('lets no debugger in, and shows the seed neither in its arguments nor in its environment', async (t) => {
      if (process.platform !== 'linux') {
        t.skip('what a process shows is read from /proc');
        return;
      }
      const holder = await startProcess(t);
      for (const file of ['cmdline', 'environ']) {
        const shown = await readFile(`/proc/${holder.pid}/${file}`);
        assert.equal(shown.includes(Buffer.from(SEED)), false);
        assert.equal(shown.includes(Buffer.from(SEED).toString('hex')), false);
        assert.equal(shown.includes(Buffer.from(SEED).toString('base64')), false);
      }
      holder.kill('SIGUSR1');
      assert.deepEqual(await find(), SEED);
      holder.kill();
      const [, , errors] = holder.stdio;
      assert.equal(await textOf(errors), '');
    });

    it('leaves a socket when it is killed, which the next one replaces', async (t) => {
      const holder = await startProcess(t);
      holder.kill('SIGKILL');
      await once(holder, 'exit');
      assert.deepEqual(await readdir(folder), ['unlocked.sock']);
      assert.equal(await find(), undefined);
      assert.equal(await endUnlocked(keystore, KEY), false);
      await keepUnlocked(keystore, KEY, SEED, QUARTER);
      assert.deepEqual(await find(), SEED);
    });
  });

  /** Holds the seed in this process until the test ends. */
  async function holding(t: TestContext): Promise<{
    readonly clock: StandingClock;
    readonly seed: Uint8Array;
    readonly holder: SeedHolder;
    readonly ended: () => number;
  }> {
    const clock = new StandingClock();
    const seed = SEED.slice();
    let ends = 0;
    const ended = (): void => void (ends += 1);
    const holder = await holdSeed({ folder, seed, milliseconds: QUARTER, clock, ended });
    t.after(() => holder.end());
    return { clock, seed, holder, ended: () => ends };
  }

  /** Sends a holder whatever, and gives what comes back. */
  async function ask(question: string): Promise<Buffer> {
    const parts: Buffer[] = [];
    await new Promise<void>((resolve) => {
      const connection = connect(socket, () => connection.end(question));
      connection.on('data', (part) => parts.push(part));
      connection.on('error', () => undefined);
      connection.on('close', () => resolve());
    });
    return Buffer.concat(parts);
  }

  async function startProcess(
    t: TestContext,
  ): Promise<ChildProcessByStdio<Writable, Readable, Readable>> {
    const program = join(import.meta.dirname, 'holderProcess.ts');
    const argv = ['--disable-sigusr1', program, String(QUARTER)];
    const holder = spawn(process.execPath, argv, { cwd: folder, stdio: 'pipe', env: {} });
    t.after(() => holder.kill('SIGKILL'));
    holder.stdin.end(SEED);
    const [line] = (await once(holder.stdout, 'data')) as [Buffer];
    assert.ok(Number(line.toString()) > systemClock.now());
    return holder;
  }
});

async function textOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const part of stream) text += String(part);
  return text;
}
