import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { TrustedProxies } from '../callers/TrustedProxies.ts';
import { Connections } from './Connections.ts';

/** The parts of a socket that are used. */
class TestSocket extends EventEmitter {
  readonly remoteAddress: string;
  destroyed = false;
  writableLength = 0;
  bytesWritten = 0;

  constructor(remoteAddress: string) {
    super();
    this.remoteAddress = remoteAddress;
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }
}

/** Connections of which there may be 16, two of one address, and what is done with them. */
function start(proxies: readonly string[] = []) {
  const clock = new TestClock(0);
  const options = { most: 16, leastRate: 1000, proxies: new TrustedProxies(proxies), clock };
  const connections = new Connections(options);
  return {
    clock,
    connections,
    connect: (address: string): TestSocket => {
      const socket = new TestSocket(address);
      connections.add(socket as unknown as Socket);
      return socket;
    },
    /** Lets a request arrive, whole or in part; call the result when its answer is sent. */
    ask: (socket: TestSocket, complete = true): (() => void) => {
      const answer = Object.assign(new EventEmitter(), { req: { complete } });
      const request = { socket } as unknown as IncomingMessage;
      connections.begin(request, answer as unknown as ServerResponse);
      return () => answer.emit('close');
    },
    answersOf: (socket: TestSocket) => connections.answersOf(socket as unknown as Socket).length,
  };
}

const OTHERS = ['a', 'b', 'c', 'd', 'e', 'f', '7', '8'].map((last) => `2001:db8:0:${last}::1`);

describe('connections of one address', () => {
  it('are an eighth of all: one more takes the place of the oldest idle one', () => {
    const { connect, connections } = start();
    const [first, second, third] = [1, 2, 3].map(() => connect('192.0.2.1'));
    assert.deepEqual([first, second, third].map((each) => each?.destroyed), [true, false, false]); // prettier-ignore
    assert.equal(connections.count, 2);
    assert.equal(connect('192.0.2.2').destroyed, false);
    assert.equal(second?.destroyed, false);
  });

  it('of IPv6 are those of its network', () => {
    const { connect } = start();
    const first = connect('2001:db8::1');
    connect('2001:db8::2');
    connect('2001:db8::ffff:3');
    assert.equal(first.destroyed, true);
  });

  it('are not cut off while they are answered: the new one is', () => {
    const { connect, ask } = start();
    const busy = [connect('192.0.2.1'), connect('192.0.2.1')];
    const [end] = busy.map((each) => ask(each));
    ask(busy[1] as TestSocket, false);
    assert.equal(connect('192.0.2.1').destroyed, true);
    end?.();
    assert.equal(connect('192.0.2.1').destroyed, false);
    assert.deepEqual(busy.map((each) => each.destroyed), [true, false]); // prettier-ignore
  });

  it('are the older, the longer ago they asked for something', () => {
    const { connect, ask } = start();
    const [first, second] = [connect('192.0.2.1'), connect('192.0.2.1')];
    ask(first)();
    connect('192.0.2.1');
    assert.deepEqual([first.destroyed, second.destroyed], [false, true]);
  });

  it('that is a proxy’s may be more', () => {
    const { connect, connections } = start(['192.0.2.0/24']);
    const all = Array.from({ length: 16 }, (_, i) => connect(`192.0.2.${i % 2}`));
    assert.ok(all.every(({ destroyed }) => !destroyed));
    assert.equal(connect('192.0.2.1').destroyed, false);
    assert.equal(connections.count, 16);
  });
});

describe('all connections together', () => {
  it('give a new one the place of an idle one, of the caller that has the most', () => {
    const { connect, connections } = start();
    const all = OTHERS.map((address) => [connect(address), connect(address)]).flat();
    all[0]?.destroy();
    const newcomer = connect('192.0.2.1');
    assert.equal(connections.count, 16);
    const another = connect('192.0.2.2');
    assert.deepEqual([newcomer, another, all[1]].map((each) => each?.destroyed), [false, false, false]); // prettier-ignore
    assert.equal(all[2]?.destroyed, true, 'the oldest of those who have the most');
    assert.equal(connections.count, 16);
  });

  it('give it the place of one whose request has not arrived, of a caller that has more', () => {
    const { connect, ask } = start();
    const all = OTHERS.map((address) => [connect(address), connect(address)]).flat();
    for (const socket of all) ask(socket, socket !== all[5]);
    const newcomer = connect('192.0.2.1');
    assert.equal(newcomer.destroyed, false);
    ask(newcomer);
    assert.deepEqual(all.filter(({ destroyed }) => destroyed), [all[5]]); // prettier-ignore
    assert.equal(connect('192.0.2.2').destroyed, true, 'all others are answered');
  });

  it('are counted until they are closed, by whomever', () => {
    const { connect, connections } = start();
    for (const address of OTHERS) connect(address).destroy();
    assert.equal(connections.count, 0);
  });
});

describe('a connection', () => {
  it('knows the answers that are yet to go', () => {
    const { connect, ask, answersOf } = start();
    const socket = connect('192.0.2.1');
    const ends = [ask(socket), ask(socket)];
    assert.equal(answersOf(socket), 2);
    ends[0]?.();
    assert.equal(answersOf(socket), 1);
    socket.destroy();
    assert.equal(answersOf(socket), 0);
    ends[1]?.();
  });

  it('is cut off if its answer stands still, and not while it moves', () => {
    const { connect, clock, connections } = start();
    const [still, moving, done] = OTHERS.map((address) => connect(address)) as [
      TestSocket,
      TestSocket,
      TestSocket,
    ];
    for (const socket of [still, moving]) socket.writableLength = 30_000;
    still.bytesWritten = 30_000;
    for (let second = 0; second < 88; second += 2.5) {
      moving.bytesWritten += 1;
      clock.advance(2500);
    }
    assert.deepEqual([still.destroyed, moving.destroyed, done.destroyed], [false, false, false]);
    for (let second = 0; second < 10; second += 2.5) {
      moving.bytesWritten += 1;
      clock.advance(2500);
    }
    assert.deepEqual([still.destroyed, moving.destroyed, done.destroyed], [true, false, false]);
    connections.close();
    assert.equal(clock.pending, 0);
  });
});
