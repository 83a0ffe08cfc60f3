import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadMclPairing } from '../crypto/threshold/loadMclPairing.ts';
import { pairingCases } from '../crypto/threshold/pairing.cases.ts';
import { PairingThreads, type PairingThreadsOptions } from './PairingThreads.ts';

const MANY = 500;
const local = await loadMclPairing();

/** Threads that have started, and end with the test. */
async function open(t: TestContext, options: PairingThreadsOptions = {}): Promise<PairingThreads> {
  const threads = new PairingThreads({ threads: 2, ...options });
  t.after(async () => await threads.close());
  await threads.load(MANY);
  await threads.started();
  return threads;
}

const shared = new PairingThreads({ threads: 2 });
after(async () => await shared.close());
pairingCases('threads of pairings', async () => {
  const pairing = await shared.load(MANY);
  await shared.started();
  assert.equal(shared.running, 2);
  return pairing;
});

describe('threads of pairings', () => {
  it('start for a long chart alone, and not on one core', async (t) => {
    const threads = new PairingThreads({ threads: 2 });
    t.after(async () => await threads.close());
    assert.equal(await threads.load(), local);
    assert.equal(await threads.load(8), local);
    assert.equal(threads.running, 0);
    const alone = new PairingThreads({ threads: 1 });
    assert.equal(await alone.load(MANY), local);
    assert.equal(alone.running, 0);
    // Computed here until they have started.
    const pairing = await threads.load(MANY);
    assert.deepEqual(await pairing.hashToG1(Uint8Array.of(1)), local.hashToG1(Uint8Array.of(1)));
    await threads.started();
    assert.equal(threads.running, 2);
    assert.equal(await threads.load(MANY), pairing);
    assert.equal(threads.running, 2);
  });

  it('give many answers at once to their askers', async (t) => {
    const pairing = await (await open(t)).load(MANY);
    const messages = Array.from({ length: 40 }, (_, each) => Uint8Array.of(each));
    assert.deepEqual(
      await Promise.all(messages.map(async (each) => await pairing.hashToG1(each))),
      messages.map((each) => local.hashToG1(each)),
    );
  });

  it('are at most four, whatever the number of cores', async (t) => {
    const threads = await open(t, { threads: 9 });
    assert.equal(threads.running, 4);
  });

  it('are not missed if they die, nor if they cannot start', async (t) => {
    for (const program of ['test/failingPairingThread.ts', 'test/noSuchThread.ts']) {
      const threads = await open(t, { program: new URL(program, import.meta.url) });
      const pairing = await threads.load(MANY);
      const answers = [1, 2, 3].map(async (each) => await pairing.hashToG1(Uint8Array.of(each)));
      assert.deepEqual(
        await Promise.all(answers),
        [1, 2, 3].map((each) => local.hashToG1(Uint8Array.of(each))),
      );
    }
  });

  it('leave what they had not done to this thread when they are closed, and leave no thread behind', async (t) => {
    const threads = await open(t);
    const pairing = await threads.load(MANY);
    const answers = [1, 2, 3].map(async (each) => await pairing.hashToG1(Uint8Array.of(each)));
    await threads.close();
    assert.equal(threads.running, 0);
    await Promise.all(answers);
    assert.deepEqual(
      await (await threads.load(MANY)).hashToG1(Uint8Array.of(4)),
      local.hashToG1(Uint8Array.of(4)),
    );
    assert.equal(threads.running, 0);
  });

  it('do not keep a program from ending', async () => {
    const program = fileURLToPath(new URL('test/idleThreads.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program]);
    assert.equal(stdout, '2 threads, 4 hashes');
  });
});
