import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import type { PeerPorts } from '../peers/peerCalls.ts';
import type { CoordinatorPort } from '../ports.ts';
import { askQuorum, type Question } from './askQuorum.ts';
import { Circuits } from './Circuits.ts';
import { fulfilled } from './fulfilled.ts';

/** Organisations whose answers come when a test says so. */
class Peers {
  readonly clock = new TestClock(1_800_000_000_000);
  readonly circuits = new Circuits(this.clock);
  readonly ports: CoordinatorPort[] = [];
  /** Questions to each, in their order. */
  readonly asked: PromiseWithResolvers<number>[][] = [];

  constructor(count: number) {
    for (let place = 0; place < count; place++) {
      const asked: PromiseWithResolvers<number>[] = [];
      const knownSize = async (): Promise<number> => {
        const next = Promise.withResolvers<number>();
        asked.push(next);
        return await next.promise;
      };
      const services = { coordinator: { knownSize }, contributor: {}, authority: {} };
      const ports = services as unknown as PeerPorts;
      this.asked.push(asked);
      this.ports.push(this.circuits.guard(`peer ${place}`, ports).coordinator);
    }
  }

  /** Asks all for a number, until two say the same. */
  async ask(
    change: Partial<Question<CoordinatorPort, number>> = {},
  ): Promise<readonly PromiseSettledResult<number>[]> {
    return await askQuorum(this, this.ports, {
      ask: async (port) => await port.knownSize('care/hospital'),
      least: 2,
      isDecided: (answers) => {
        const numbers = fulfilled(answers);
        return numbers.some((each) => numbers.filter((other) => other === each).length >= 2);
      },
      ...change,
    });
  }

  /** The newest call of a peer. */
  last(place: number): PromiseWithResolvers<number> {
    return this.asked[place]?.at(-1) ?? assert.fail(`peer ${place} was not asked`);
  }

  async say(place: number, number: number): Promise<void> {
    this.last(place).resolve(number);
    await turn();
  }

  /** Has a peer be silent while it owes an answer. */
  silence(): void {
    for (let look = 0; look < 10; look++) this.clock.advance(500);
  }
}

async function turn(): Promise<void> {
  await new Promise(setImmediate);
}

/** Tells whether two said 1, or one said 0 and no two can say 1 any more. */
function agree(
  answers: readonly PromiseSettledResult<number>[],
  _left: number,
  hopeful: number,
): boolean {
  const numbers = fulfilled(answers);
  const ayes = numbers.filter((each) => each === 1).length;
  return ayes >= 2 || (numbers.includes(0) && ayes + hopeful < 2);
}

/** Tells whether a question has ended. */
async function isOver(question: Promise<unknown>): Promise<boolean> {
  let over = false;
  void question.finally(() => (over = true));
  await turn();
  return over;
}

describe('a question to three with a threshold of two', () => {
  it('goes on without the one that hangs, after a grace for it', async () => {
    const peers = new Peers(3);
    const question = peers.ask();
    await peers.say(0, 7);
    await peers.say(1, 7);
    assert.equal(await isOver(question), false, 'the third may be in time');
    peers.clock.advance(50);
    assert.deepEqual(fulfilled(await question), [7, 7]);
  });

  it('waits no longer than the grace once all have answered', async () => {
    const peers = new Peers(3);
    const question = peers.ask();
    for (const place of [2, 0, 1]) await peers.say(place, place);
    assert.deepEqual(fulfilled(await question), [0, 1, 2], 'in the order of those who were asked');
  });

  it('gives a grace as long again as the others took, and half a second at most', async () => {
    for (const [took, grace] of [
      [10, 50],
      [200, 200],
      [3000, 500],
    ] as const) {
      const peers = new Peers(3);
      const question = peers.ask();
      await peers.say(0, 7);
      peers.clock.advance(took);
      await peers.say(1, 7);
      peers.clock.advance(grace - 1);
      assert.equal(await isOver(question), false);
      peers.clock.advance(1);
      assert.equal(await isOver(question), true);
    }
  });

  it('gives no grace to one that was late before, until it is in time again', async () => {
    const peers = new Peers(3);
    const first = peers.ask();
    for (const place of [0, 1]) await peers.say(place, 7);
    peers.clock.advance(50);
    await first;
    const second = peers.ask();
    for (const place of [0, 1]) await peers.say(place, 7);
    assert.equal(await isOver(second), true);
    peers.clock.advance(20);
    await peers.say(2, 7);
    const third = peers.ask();
    for (const place of [0, 1]) await peers.say(place, 7);
    assert.equal(await isOver(third), false);
    await peers.say(2, 7);
    assert.equal(fulfilled(await third).length, 3);
  });

  // @attack one organisation answers fast and falsely, to be the quorum | k that agree count, not the first k
  it('is not decided by the first two who answer, but by two who agree', async () => {
    const peers = new Peers(3);
    const question = peers.ask();
    await peers.say(0, 7);
    await peers.say(1, 8);
    peers.clock.advance(4000);
    assert.equal(await isOver(question), false);
    await peers.say(2, 7);
    assert.deepEqual(fulfilled(await question), [7, 8, 7]);
  });

  it('takes what a peer says at last, if nothing is decided without it', async () => {
    const peers = new Peers(3);
    const question = peers.ask();
    peers.last(0).reject(new MedsealError('PEER_UNREACHABLE', { peer: 'peer 0' }));
    await peers.say(1, 7);
    peers.clock.advance(4000);
    assert.equal(await isOver(question), false);
    await peers.say(2, 7);
    assert.deepEqual(fulfilled(await question), [7, 7]);
  });

  it('ends with what there is when all have answered, decided or not', async () => {
    const peers = new Peers(3);
    const question = peers.ask();
    for (const place of [0, 1, 2]) await peers.say(place, place);
    assert.equal(fulfilled(await question).length, 3);
    assert.equal(peers.clock.pending, 0);
  });

  it('asks no peer that is silent, but for a probe each second', async () => {
    const peers = new Peers(3);
    const first = peers.ask();
    for (const place of [0, 1]) await peers.say(place, 7);
    peers.clock.advance(50);
    await first;
    peers.silence();
    for (let times = 0; times < 5; times++) {
      const question = peers.ask();
      for (const place of [0, 1]) await peers.say(place, 7);
      assert.equal(await isOver(question), true, 'nobody waits');
    }
    assert.equal(peers.asked[2]?.length, 1);
    peers.clock.advance(1000);
    const probing = peers.ask();
    for (const place of [0, 1]) await peers.say(place, 7);
    assert.equal(await isOver(probing), true, 'nobody waits for a probe');
    assert.equal(peers.asked[2]?.length, 2);
  });

  it('asks a silent peer all the same where it takes it', async () => {
    const peers = new Peers(3);
    const first = peers.ask();
    for (const place of [0, 1]) await peers.say(place, 7);
    peers.clock.advance(50);
    await first;
    peers.silence();
    const question = peers.ask();
    await peers.say(0, 7);
    peers.last(1).reject(new MedsealError('PEER_UNREACHABLE', { peer: 'peer 1' }));
    await turn();
    assert.equal(peers.asked[2]?.length, 2);
    await peers.say(2, 7);
    assert.deepEqual(fulfilled(await question), [7, 7]);
  });

  it('gives nobody a grace where an answer proves itself, and holds it against nobody', async () => {
    const peers = new Peers(3);
    const question = peers.ask({
      least: 1,
      isProven: (answers) => answers.length > 0,
    });
    await peers.say(1, 7);
    assert.deepEqual(fulfilled(await question), [7]);
    const next = peers.ask();
    for (const place of [0, 1]) await peers.say(place, 7);
    assert.equal(await isOver(next), false, 'the third gets its grace');
    await peers.say(2, 7);
    await next;
  });

  // @attack an organisation says at once that it is too early, so that one far away is not waited for | a "no" ends nothing while those that are not silent can still make k
  it('is not ended by a "no" while another may still make it two', async () => {
    const peers = new Peers(3);
    for (let times = 0; times < 3; times++) {
      const question = peers.ask({ isDecided: agree });
      await peers.say(0, 1);
      await peers.say(1, 0);
      peers.clock.advance(60);
      assert.equal(await isOver(question), false, 'late as it is each time, it is waited for');
      await peers.say(2, 1);
      assert.deepEqual(fulfilled(await question), [1, 0, 1]);
    }
    assert.equal(peers.clock.pending, 0);
  });

  it('is ended by a "no" where one hangs: after half a second, then at once, until it answers soon again', async () => {
    const peers = new Peers(3);
    const ask = async (): Promise<{ question: Promise<unknown> }> => {
      const question = peers.ask({ isDecided: agree });
      await peers.say(0, 1);
      await peers.say(1, 0);
      return { question };
    };
    const first = await ask();
    peers.clock.advance(499);
    assert.equal(await isOver(first.question), false);
    peers.clock.advance(1);
    assert.equal(await isOver(first.question), true);
    const late = peers.last(2);
    assert.equal(await isOver((await ask()).question), true);
    late.resolve(1);
    await turn();
    assert.equal(await isOver((await ask()).question), true, 'that was late');
    await peers.say(2, 1);
    assert.equal(await isOver((await ask()).question), false);
    await peers.say(2, 1);
  });

  it('is ended by a "no" at once where the circuit of the other is open', async () => {
    const peers = new Peers(3);
    const first = peers.ask();
    for (const place of [0, 1]) await peers.say(place, 7);
    peers.clock.advance(50);
    await first;
    peers.silence();
    const question = peers.ask({ isDecided: agree });
    await peers.say(0, 1);
    await peers.say(1, 0);
    assert.equal(await isOver(question), true);
    assert.equal(peers.asked[2]?.length, 1);
  });

  it('has one’s own services answer without a circuit', async () => {
    const peers = new Peers(1);
    const own = { knownSize: async () => await Promise.resolve(7) } as unknown as CoordinatorPort;
    const asked = askQuorum(peers, [own, ...peers.ports], {
      ask: async (port) => await port.knownSize('care/hospital'),
      least: 2,
      isDecided: () => true,
    });
    await peers.say(0, 7);
    assert.deepEqual(fulfilled(await asked), [7, 7]);
  });
});
