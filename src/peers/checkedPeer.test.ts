import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../protocol/test/failsWith.ts';
import { word } from '../protocol/test/sampleNetwork.ts';
import { checkedPeer } from './checkedPeer.ts';
import { peerCalls, type PeerPorts } from '../services/peers/peerCalls.ts';

/** A peer that answers every question with the same. */
function answering(answer: unknown): PeerPorts {
  const services = Object.entries(peerCalls).map(([service, calls]) => {
    const methods = Object.keys(calls).map((name) => [
      name,
      async () => await Promise.resolve(answer),
    ]);
    return [service, Object.fromEntries(methods)];
  });
  return checkedPeer(Object.fromEntries(services) as PeerPorts);
}

describe('what a peer answers', () => {
  it('is passed on where it is of its form', async () => {
    assert.equal(await answering(7).coordinator.knownSize('care/hospital'), 7);
    const files = [{ hash: word('file'), size: 3 }];
    assert.deepEqual(await answering(files).contributor.stats([word('file')]), files);
    assert.deepEqual(await answering(['', null]).contributor.smallFiles([]), ['', null]);
    for (const nothing of [undefined, null]) {
      const { contributor } = answering(nothing);
      assert.equal(await contributor.latestCheckpoint('care/hospital'), undefined);
      assert.equal(await contributor.keep({} as never), undefined);
    }
    assert.equal(await answering('whatever').contributor.notice({} as never), undefined);
  });

  it('is an error where it is of another form, whatever was asked', async () => {
    const odd: unknown[] = [true, -1, 1.5, 'x', {}, { a: { toString: 1 } }, [[]], [{ hash: 7 }]];
    for (const answer of odd) {
      const peer = answering(answer) as unknown as Record<
        string,
        Record<string, (argument: unknown) => Promise<unknown>>
      >;
      for (const [service, calls] of Object.entries(peerCalls)) {
        for (const [method, call] of Object.entries(calls as Record<string, { gives: unknown }>)) {
          // Answers of nothing are not read, a file streams, and each copy is checked for itself.
          if (call.gives === 'nothing' || ['file', 'keptCopies'].includes(method)) continue;
          // A coordinator that judged no set of views has an empty list for it.
          if (method === 'listed' && Array.isArray(answer) && Array.isArray(answer[0])) continue;
          const asked = peer[service]?.[method]?.({});
          await assert.rejects(async () => await asked, failsWith('PEER_MALFORMED'), method);
        }
      }
    }
  });

  it('has no more in it than what was asked for may have', async () => {
    const many = Array.from({ length: 5000 }, () => ({ hash: word('file'), size: 3 }));
    await assert.rejects(answering(many).contributor.stats([]), failsWith('PEER_MALFORMED'));
    const edge = {
      size: 1,
      root: word('root'),
      peaks: Array.from({ length: 65 }, () => word('a')),
    };
    await assert.rejects(answering(edge).coordinator.lastSigned('x'), failsWith('PEER_MALFORMED'));
  });
});
