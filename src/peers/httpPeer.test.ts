import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestClock } from '../ledger/test/TestClock.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { context, ORGANISATIONS, signatory, word } from '../protocol/test/sampleNetwork.ts';
import { peerCalls, type PeerMethod, type PeerPorts } from '../services/peers/peerCalls.ts';
import { systemRandom } from '../folder/systemRandom.ts';
import { httpPeer } from './httpPeer.ts';

describe('a peer across the network', () => {
  it('that cannot be reached, or breaks off, is unreachable', async () => {
    const down = peerWith(async () => await Promise.reject(new TypeError('fetch failed')));
    const unreachable = failsWith('PEER_UNREACHABLE', { peer: 'laboratory' });
    await assert.rejects(down.coordinator.knownSize('care/hospital'), unreachable);
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('cut')) });
    const breaking = peerWith(answering(broken));
    await assert.rejects(breaking.coordinator.knownSize('care/hospital'), unreachable);
  });

  it('that answers in another form is malformed', async () => {
    for (const [body, init] of [
      ['<html>', {}],
      ['', {}],
      ['<html>', { status: 502 }],
      ['{"code":"NO_SUCH_CODE"}', { status: 500 }],
    ] as const) {
      const peer = peerWith(answering(body, init));
      const asked = peer.coordinator.knownSize('care/hospital');
      await assert.rejects(asked, failsWith('PEER_MALFORMED'));
    }
  });

  // @actor a peer answers a call of 1 kB with 64 MiB of small objects, so that the node is held for seconds and its memory fills | bytes, values and names follow from the shape of the answer; nothing is made of what is over them
  it('cannot have more parsed than its call can be answered with, whatever the call', async (t) => {
    // Eight MiB of small objects: parsed, they would take a second, and forty times the memory.
    const many = `[${'{},'.repeat((8 * 2 ** 20) / 3)}{}]`;
    const peer = peerWith(async () => await Promise.resolve(new Response(many)));
    const ports = peer as unknown as Record<string, Record<string, (argument: null) => unknown>>;
    const parse = t.mock.method(JSON, 'parse');
    try {
      for (const [service, calls] of Object.entries(peerCalls)) {
        for (const [method, { gives }] of Object.entries<PeerMethod>(calls)) {
          if (gives === 'bytes') continue;
          const asked = Promise.resolve(ports[service]?.[method]?.(null));
          await assert.rejects(asked, failsWith('PEER_MALFORMED'), `${service}.${method}`);
        }
      }
      assert.equal(parse.mock.callCount(), 0);
    } finally {
      parse.mock.restore();
    }
  });

  it('cannot fill the memory with an answer', async () => {
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(64));
      },
    });
    const peer = peerWith(answering(endless));
    const asked = peer.coordinator.knownSize('care/hospital');
    await assert.rejects(asked, {
      code: 'PEER_MALFORMED',
      message: 'The peer sent a malformed answer: it has more than 144 bytes.',
    });
    assert.ok(sent < 25, `${sent} pieces`);
  });

  it('is given up when it does not answer in time, a file when it stands still', async () => {
    const clock = new TestClock(0);
    const asked = peerWith(silent, clock).coordinator.knownSize('care/hospital');
    clock.advance(30_000);
    await assert.rejects(asked, failsWith('PEER_UNREACHABLE'));

    const parts = peerWith(stuck, clock).contributor.file(word('file'))[Symbol.asyncIterator]();
    const first = await parts.next();
    assert.equal(first.done, false);
    clock.advance(60_000);
    const second = parts.next();
    clock.advance(30_000);
    await assert.rejects(second, failsWith('PEER_UNREACHABLE'));
  });

  it('is given up when a file comes in drops, however steadily', async () => {
    const clock = new TestClock(0);
    const drops = new ReadableStream({
      pull(controller) {
        clock.advance(1000);
        controller.enqueue(new Uint8Array(10));
      },
    });
    let came = 0;
    const drinking = async (): Promise<void> => {
      for await (const part of peerWith(answering(drops), clock).contributor.file(word('file'))) {
        came += part.length;
      }
    };
    await assert.rejects(drinking(), failsWith('PEER_UNREACHABLE'));
    assert.ok(came <= 300, `${came} bytes`);
  });

  it('has a method for each call', () => {
    const peer = peerWith(answering('{}')) as unknown as Record<string, Record<string, unknown>>;
    for (const [service, calls] of Object.entries(peerCalls)) {
      assert.deepEqual(Object.keys(peer[service] ?? {}), Object.keys(calls));
    }
    assert.equal(ORGANISATIONS.length, 3);
  });
});

function peerWith(fetch: typeof globalThis.fetch, clock = new TestClock(0)): PeerPorts {
  const caller = { ...context, key: signatory('coordinator of hospital'), caller: 'hospital' };
  return httpPeer({
    ...caller,
    receiver: 'laboratory',
    url: 'http://laboratory.example/',
    clock,
    random: systemRandom,
    fetch,
  });
}

function answering(body: BodyInit, init?: ResponseInit): typeof globalThis.fetch {
  return async () => await Promise.resolve(new Response(body, init));
}

/** Never answers, until it is given up. */
const silent: typeof globalThis.fetch = async (_, init) =>
  await new Promise((_resolve, reject) => {
    init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
  });

/** Gives ten bytes of a file, and then none. */
const stuck: typeof globalThis.fetch = async (_, init) => {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(10));
      init?.signal?.addEventListener('abort', () => controller.error(new Error('aborted')));
    },
  });
  return await Promise.resolve(new Response(body));
};
