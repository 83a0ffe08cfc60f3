import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import { MedsealError } from '../../errors/MedsealError.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { network } from '../../protocol/test/sampleNetwork.ts';
import type { RunningNode } from '../openNode.ts';
import type { NodeState } from '../operate/NodeState.ts';
import { SuccessorJudge } from '../succession/SuccessorJudge.ts';
import { NodeLife } from './NodeLife.ts';
import type { OpenedNode } from './tendNode.ts';

/** The life of a node whose parts are made up; a test says when each opening ends, and how. */

const FIRST = numbered(0);
const SECOND = numbered(1);
const THIRD = numbered(2);
const SUCCESSOR = { number: 3 } as Successor;

function numbered(number: number): NetworkFile {
  const before = Array.from({ length: number }, (_, place) => ({ from: place, until: place + 1 }));
  return { ...network, before: before as unknown as NonNullable<NetworkFile['before']> };
}

/** An opening that waits. */
interface Opening {
  readonly file: NetworkFile;
  readonly signal: AbortSignal;
  readonly onUnreached: () => void;
  readonly succeed: () => void;
  readonly fail: (error: MedsealError) => void;
}

class Trial {
  readonly clock = new TestClock(1_800_000_000_000);
  readonly ended = new AbortController();
  readonly judge = new SuccessorJudge();
  /** All that happened, in its order. */
  readonly events: string[] = [];
  present: NetworkFile = FIRST;
  /** First second at which another file is in force. */
  changesAt: number | undefined;
  /** Ends once the requests under way have. */
  drained = Promise.resolve();
  settling = Promise.resolve();
  handed = Promise.resolve();
  /** Ends once the endpoint listens with the keys of the network file in force. */
  renewed = Promise.resolve();
  /** True if an opening takes the network file that is in force when it has reached the ledger. */
  opensLate = false;
  opening: Opening | undefined;
  readonly life = new NodeLife({
    clock: this.clock,
    log: {
      debug: (event) => this.#tell(event),
      info: (event) => this.#tell(event),
      warn: (event) => this.#tell(event),
      error: (event) => this.#tell(event),
    },
    waiting: { waits: (event) => this.#tell(event) },
    judge: this.judge,
    ended: this.ended.signal,
    known: this,
    hold: (milliseconds) => this.#tell(`hold ${milliseconds}`),
    open: async (signal, onUnreached) => await this.#open(signal, onUnreached),
    turnAway: async () => {
      this.#tell('turn away');
      await this.drained;
    },
    renew: async () => {
      this.#tell('renew');
      await this.renewed;
    },
    onFailure: (error) => assert.fail(String(error)),
  });

  /** Opens the node for the first time, under the first file. */
  async begin(): Promise<void> {
    const opened = await this.first();
    this.at().succeed();
    await opened.node;
    await this.life.settle();
    this.events.length = 0;
  }

  /** Begins the first opening. */
  async first(): Promise<{ readonly node: Promise<RunningNode> }> {
    const node = this.life.open();
    await soon();
    return { node };
  }

  /** The opening under way. */
  at(): Opening {
    return this.opening ?? assert.fail('nothing is being opened');
  }

  /** Lets a second pass, and what is due be done. */
  async look(milliseconds = 1000): Promise<void> {
    this.clock.advance(milliseconds);
    await soon();
  }

  #tell(event: string): void {
    this.events.push(event);
  }

  async #open(signal: AbortSignal, onUnreached: () => void): Promise<OpenedNode> {
    let file = this.present;
    let number = file.before?.length;
    const { promise, resolve: succeed, reject: fail } = Promise.withResolvers<void>();
    assert.equal(this.opening, undefined, 'two openings at once');
    this.opening = { file, signal, onUnreached, succeed, fail };
    this.#tell(`open ${number}`);
    await promise.finally(() => {
      this.opening = undefined;
    });
    if (this.opensLate) {
      file = this.present;
      number = file.before?.length;
    }
    const confirm = async (): Promise<void> =>
      await Promise.resolve(this.#tell(`compare at ${number}`));
    const handOver = async (): Promise<void> => {
      this.#tell(`hand over ${number}`);
      await this.handed;
    };
    let isSettled = false;
    return {
      node: {
        file,
        organisations: new Map(),
        removed: [],
        confirm,
        handOver,
      } as unknown as RunningNode,
      get isSettled() {
        return isSettled;
      },
      state: async () => await Promise.resolve({ ready: isSettled } as NodeState),
      settle: async () => {
        await this.settling;
        isSettled = true;
      },
      close: async () => await Promise.resolve(this.#tell(`close ${number}`)),
    };
  }
}

/** The failure of an opening whose wait for the ledger is ended. */
const CUT_OFF = new MedsealError('CLOSED', { what: 'node' });

test('a node is closed and opened again in order when another network file is in force', async () => {
  const trial = new Trial();
  await trial.begin();
  assert.equal(trial.life.node?.file, FIRST);
  await trial.look();
  assert.deepEqual(trial.events, []);
  trial.present = SECOND;
  await trial.look();
  assert.deepEqual(trial.events, [
    'network file changes',
    'turn away',
    'close 0',
    'renew',
    'open 1',
  ]);
  assert.equal(await trial.life.state(), undefined);
  trial.at().succeed();
  await soon();
  assert.deepEqual(trial.events.slice(5), ['network file changed', 'ready']);
  assert.equal(trial.life.node?.file, SECOND);
  assert.equal((await trial.life.state())?.ready, true);
});

test('parties wait from a second before a change, which begins at its moment', async () => {
  const trial = new Trial();
  await trial.begin();
  trial.changesAt = trial.clock.now() / 1000 + 4;
  await trial.look();
  await trial.look(600);
  assert.deepEqual(trial.events, []);
  await trial.look();
  await trial.look(399);
  assert.deepEqual(trial.events, []);
  await trial.look(1);
  assert.deepEqual(trial.events, ['hold 2000']);
  await trial.look(999);
  trial.present = SECOND;
  trial.changesAt = undefined;
  await trial.look(1);
  assert.deepEqual(trial.events.slice(1, 3), ['network file changes', 'turn away']);
});

test('a network file that comes in force while the node is being opened never makes two of it', async () => {
  const trial = new Trial();
  const first = await trial.first();
  trial.present = SECOND;
  await trial.look();
  // The ledger was reached already: what is left of the opening takes its time.
  assert.equal(trial.at().signal.aborted, true);
  await trial.look();
  assert.deepEqual(trial.events, ['renew', 'open 0']);
  trial.at().succeed();
  await soon();
  // Its endpoint has the keys of before, so nothing of it is kept.
  assert.deepEqual(trial.events.slice(2), ['turn away', 'close 0', 'renew', 'open 1']);
  assert.equal(trial.life.node, undefined);
  trial.at().succeed();
  assert.equal((await first.node).file, SECOND);
});

test('a node is opened for the first time with the keys of the network file that is in force then', async () => {
  const trial = new Trial();
  const { promise, resolve } = Promise.withResolvers<void>();
  trial.renewed = promise;
  const first = await trial.first();
  assert.deepEqual(trial.events, ['renew']);
  resolve();
  await soon();
  trial.at().succeed();
  assert.equal((await first.node).file, FIRST);
  assert.deepEqual(trial.events, ['renew', 'open 0']);
});

test('a node that took a newer network file than its endpoint has the keys of is opened again', async () => {
  const trial = new Trial();
  trial.opensLate = true;
  const first = await trial.first();
  // No look falls between this moment and the end of the opening.
  trial.present = SECOND;
  trial.at().succeed();
  await soon();
  assert.deepEqual(trial.events.slice(2), ['turn away', 'close 1', 'renew', 'open 1']);
  trial.at().succeed();
  assert.equal((await first.node).file, SECOND);
});

test('an opening that fails after another network file came in force is tried again under that', async () => {
  const trial = new Trial();
  const first = await trial.first();
  // No look falls between this moment and the failure.
  trial.present = SECOND;
  trial.at().fail(new MedsealError('NETWORK_FILE_INVALID', { reason: 'no key' }));
  await soon();
  assert.deepEqual(trial.events, ['renew', 'open 0', 'renew', 'open 1']);
  trial.at().succeed();
  assert.equal((await first.node).file, SECOND);
});

test('a process that ends while a node is discarded opens no other', async () => {
  const trial = new Trial();
  const { promise, resolve } = Promise.withResolvers<void>();
  trial.drained = promise;
  const first = await trial.first();
  trial.present = SECOND;
  await trial.look();
  trial.at().succeed();
  await soon();
  trial.ended.abort();
  resolve();
  await assert.rejects(first.node, failsWith('CLOSED'));
  assert.deepEqual(trial.events.slice(2), ['turn away', 'close 0']);
  await trial.life.endChanges();
  assert.equal(trial.clock.pending, 0);
});

test('a wait for the ledger ends, and begins again with other keys, under another network file', async () => {
  const trial = new Trial();
  const first = await trial.first();
  await trial.look();
  assert.equal(trial.at().signal.aborted, false);
  trial.present = SECOND;
  await trial.look();
  assert.equal(trial.at().signal.aborted, true);
  trial.at().fail(CUT_OFF);
  await soon();
  assert.deepEqual(trial.events, ['renew', 'open 0', 'renew', 'open 1']);
  trial.at().succeed();
  assert.equal((await first.node).file, SECOND);
});

test('a node that adopts a network file and cannot reach the ledger goes on under a newer one', async () => {
  const trial = new Trial();
  await trial.begin();
  trial.present = SECOND;
  await trial.look();
  assert.equal(trial.at().file, SECOND);
  trial.present = THIRD;
  await trial.look();
  assert.equal(trial.at().signal.aborted, true);
  trial.at().fail(CUT_OFF);
  await soon();
  trial.at().succeed();
  await soon();
  assert.equal(trial.life.node?.file, THIRD);
  assert.deepEqual(trial.events.slice(-4), ['renew', 'open 2', 'network file changed', 'ready']);
});

test('a node that loses the ledger after it reached it opens again, also under another network file', async () => {
  const trial = new Trial();
  const first = await trial.first();
  trial.at().fail(new MedsealError('LEDGER_UNREACHABLE', {}));
  await soon();
  assert.deepEqual(trial.events.splice(0), ['renew', 'open 0', 'waiting for the ledger']);
  await trial.look();
  trial.at().succeed();
  await first.node;
  trial.present = SECOND;
  await trial.look();
  // The node that keeps the ledger adopts the file at the same moment.
  trial.at().fail(new MedsealError('CLOSED', { what: 'ledger' }));
  await soon();
  await trial.look();
  trial.at().succeed();
  await soon();
  assert.equal(trial.life.node?.file, SECOND);
  assert.ok(!trial.events.includes('cannot go on'));
});

test('a node whose ledger has no room for its calls opens again', async () => {
  const trial = new Trial();
  const first = await trial.first();
  trial.at().fail(new MedsealError('OVERLOADED', {}));
  await soon();
  assert.deepEqual(trial.events.splice(0), ['renew', 'open 0', 'waiting for the ledger']);
  await trial.look();
  trial.at().succeed();
  assert.equal((await first.node).file, FIRST);
});

test('the end of a process ends a wait for a ledger that was lost', async () => {
  const trial = new Trial();
  const first = await trial.first();
  trial.at().fail(new MedsealError('LEDGER_UNREACHABLE', {}));
  await soon();
  trial.ended.abort();
  await assert.rejects(first.node, failsWith('LEDGER_UNREACHABLE'));
  await trial.life.endChanges();
  assert.equal(trial.clock.pending, 0);
});

test('an opening that fails on its own is not tried again', async () => {
  const trial = new Trial();
  const first = await trial.first();
  trial.at().fail(new MedsealError('LEDGER_OTHER', {}));
  await assert.rejects(first.node, failsWith('LEDGER_OTHER'));
  assert.deepEqual(trial.events, ['renew', 'open 0']);
});

test('a node that cannot go on under another network file says so, and whoever runs it is told', async () => {
  const trial = new Trial();
  await trial.begin();
  trial.present = SECOND;
  await trial.look();
  trial.at().fail(new MedsealError('NETWORK_FILE_INVALID', { reason: 'no key' }));
  assert.equal((await trial.life.failed).code, 'NETWORK_FILE_INVALID');
  assert.equal(trial.events.at(-1), 'cannot go on');
  await trial.life.endChanges();
});

test('a node whose requests under way have not ended yet is turned to another file once', async () => {
  const trial = new Trial();
  await trial.begin();
  const { promise, resolve } = Promise.withResolvers<void>();
  trial.drained = promise;
  trial.present = SECOND;
  await trial.look();
  await trial.look();
  assert.deepEqual(trial.events, ['network file changes', 'turn away']);
  assert.equal(trial.life.node?.file, FIRST, 'its state is told meanwhile');
  resolve();
  await soon();
  assert.equal(trial.at().file, SECOND);
});

test('a process that ends changes nothing more, and closes what is open', async () => {
  const trial = new Trial();
  await trial.begin();
  const { promise, resolve } = Promise.withResolvers<void>();
  trial.drained = promise;
  trial.present = SECOND;
  await trial.look();
  trial.ended.abort();
  resolve();
  await trial.life.endChanges();
  assert.deepEqual(trial.events, ['network file changes', 'turn away']);
  await trial.life.close();
  assert.equal(trial.events.at(-1), 'close 0');
  assert.equal(trial.clock.pending, 0);
});

test('a process that ends waits until others have its last entries, and two seconds at most', async () => {
  const trial = new Trial();
  await trial.life.handOver();
  await trial.begin();
  await trial.life.handOver();
  assert.equal(trial.events.at(-1), 'hand over 0');
  trial.handed = Promise.withResolvers<void>().promise;
  const late = trial.life.handOver();
  trial.clock.advance(2000);
  await late;
});

test('a process that ended opens nothing', async () => {
  const trial = new Trial();
  trial.ended.abort();
  await assert.rejects(trial.life.open(), failsWith('CLOSED'));
  assert.equal(trial.clock.pending, 0);
});

test('the end of a process ends a wait for the ledger, and nothing is said of it', async () => {
  const trial = new Trial();
  await trial.begin();
  trial.present = SECOND;
  await trial.look();
  trial.ended.abort();
  assert.equal(trial.at().signal.aborted, true);
  trial.at().fail(CUT_OFF);
  await trial.life.endChanges();
  assert.ok(!trial.events.includes('cannot go on'));
});

test('a node that settles when another has taken its place does not count as ready', async () => {
  const trial = new Trial();
  const { promise, resolve } = Promise.withResolvers<void>();
  const opened = await trial.first();
  trial.at().succeed();
  await opened.node;
  trial.settling = promise;
  const settled = trial.life.settle();
  trial.present = SECOND;
  await trial.look();
  trial.at().succeed();
  await soon();
  trial.settling = Promise.resolve();
  resolve();
  await soon();
  assert.ok(!trial.events.includes('ready'));
  await trial.look();
  await settled;
  assert.deepEqual(
    trial.events.filter((event) => event === 'ready'),
    ['ready'],
  );
});

test('a successor that is heard before the first opening waits for the node, which compares it', async () => {
  const trial = new Trial();
  const heard = trial.judge.confirm(SUCCESSOR);
  const first = await trial.first();
  trial.at().succeed();
  await first.node;
  await heard;
  assert.deepEqual(trial.events, ['renew', 'open 0', 'compare at 0']);
});

test('a successor waits if the ledger is reached a little late at the first opening, as after an ordinary start', async () => {
  const trial = new Trial();
  const heard = trial.judge.confirm(SUCCESSOR);
  const first = await trial.first();
  for (let second = 0; second < 59; second += 1) {
    trial.at().onUnreached();
    await trial.look();
  }
  trial.at().succeed();
  await first.node;
  await heard;
  assert.deepEqual(trial.events, ['renew', 'open 0', 'compare at 0']);
});

test('a successor is taken by its signatures if the ledger is not reached in the first minute', async () => {
  const trial = new Trial();
  const heard = trial.judge.confirm(SUCCESSOR);
  const first = await trial.first();
  await trial.look(60_000);
  trial.at().onUnreached();
  await heard;
  assert.deepEqual(trial.events, ['renew', 'open 0']);
  trial.at().succeed();
  await first.node;
  await trial.judge.confirm(SUCCESSOR);
  assert.equal(trial.events.at(-1), 'compare at 0');
});

test('a successor that is heard while the network file changes is compared by the node under the next one', async () => {
  const trial = new Trial();
  await trial.begin();
  trial.present = SECOND;
  await trial.look();
  const heard = trial.judge.confirm(SUCCESSOR);
  // The node that has the ledger is closed for the same change.
  for (let second = 0; second < 59; second += 1) {
    await trial.look();
    trial.at().onUnreached();
  }
  assert.ok(!trial.events.some((event) => event.startsWith('compare')));
  trial.at().succeed();
  await heard;
  assert.ok(trial.events.includes('compare at 1'));
});

test('after a minute without the ledger a successor is taken by its signatures, for it may name other keys', async () => {
  const trial = new Trial();
  await trial.begin();
  trial.present = SECOND;
  await trial.look();
  const heard = trial.judge.confirm(SUCCESSOR);
  await trial.look(60_000);
  trial.at().onUnreached();
  await heard;
  assert.ok(!trial.events.some((event) => event.startsWith('compare')));
});

test('a successor that waits when the process ends is not taken', async () => {
  const trial = new Trial();
  await trial.begin();
  trial.present = SECOND;
  await trial.look();
  const heard = trial.judge.confirm(SUCCESSOR);
  trial.judge.end();
  await assert.rejects(heard, failsWith('CLOSED'));
  trial.at().succeed();
  await soon();
  await assert.rejects(trial.judge.confirm(SUCCESSOR), failsWith('CLOSED'));
});
