import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { noblePairing } from '../../crypto/threshold/noblePairing.ts';
import { BASE_G2, type LoadPairing } from '../../crypto/threshold/PairingPort.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { MessageEnd } from './PairingCalls.ts';
import { pairingIn } from './pairingIn.ts';
import { servePairing } from './servePairing.ts';

/** The end of a channel whose other end is served. */
function ends(t: TestContext, load: LoadPairing): { page: MessageEnd } {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  for (const port of [port1, port2]) port.start();
  servePairing(port2, load);
  return { page: port1 };
}

const nobles: LoadPairing = async () => await Promise.resolve(noblePairing);

describe('pairing arithmetic in another thread', () => {
  it('gives what it would give here, whatever the order of the answers', async (t) => {
    const pairing = await pairingIn(ends(t, nobles).page);
    const secret = 12_345n;
    const messages = ['a', 'b', 'c'].map((text) => new TextEncoder().encode(text));
    const hashed = await Promise.all(messages.map(async (each) => await pairing.hashToG1(each)));
    assert.deepEqual(
      hashed,
      messages.map((each) => noblePairing.hashToG1(each)),
    );
    const [point = new Uint8Array()] = hashed;
    const multiple = await pairing.multiplyG1(point, secret);
    assert.deepEqual(multiple, noblePairing.multiplyG1(point, secret));
    const key = await pairing.multiplyBaseG2(secret);
    assert.equal(await pairing.pairEqual([multiple, BASE_G2], [point, key]), true);
    assert.deepEqual(
      await pairing.sumG1([{ point, scalar: 2n }]),
      noblePairing.sumG1([{ point, scalar: 2n }]),
    );
    await pairing.requireG1(point);
  });

  it('refuses what arithmetic here would refuse, with the same code', async (t) => {
    const pairing = await pairingIn(ends(t, nobles).page);
    const infinity = new Uint8Array(48);
    infinity[0] = 0xc0;
    for (const refused of [
      async () => await pairing.requireG1(infinity),
      async () => await pairing.pair(infinity, BASE_G2),
      async () => await pairing.multiplyBaseG2(0n),
      async () => await pairing.sumG1([]),
    ]) {
      await assert.rejects(refused, failsWith('REQUEST_MALFORMED'));
    }
  });

  it('is not given if the other end can load none', async (t) => {
    const { page } = ends(t, async () => await Promise.reject(new Error('no WebAssembly')));
    await assert.rejects(pairingIn(page), failsWith('INTERNAL'));
  });

  it('fails at once, now and later, when the other end dies', async () => {
    const listeners = new Map<string, (event: { data?: unknown }) => void>();
    const sent: { pairing: number }[] = [];
    const dying: MessageEnd = {
      postMessage: (message) => void sent.push(message as { pairing: number }),
      addEventListener: (type, listener) => void listeners.set(type, listener),
    };
    const opening = pairingIn(dying);
    listeners.get('message')?.({ data: { answered: sent[0]?.pairing, value: true } });
    const pairing = await opening;
    const asked = pairing.hashToG1(new Uint8Array()) as Promise<Uint8Array>;
    listeners.get('error')?.({});
    await assert.rejects(asked, failsWith('INTERNAL'));
    await assert.rejects(
      pairing.hashToG1(new Uint8Array()) as Promise<Uint8Array>,
      failsWith('INTERNAL'),
    );
  });

  it('answers nothing but calls, and computes no other function', async (t) => {
    const { page } = ends(t, nobles);
    const answers: unknown[] = [];
    page.addEventListener('message', ({ data }) => answers.push(data));
    for (const odd of [
      undefined,
      'pair',
      {},
      { pairing: 1, call: 'constructor', given: [] },
      { pairing: 2, call: 'pair' },
      { pairing: '3', call: 'load', given: [] },
    ]) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has none
      page.postMessage(odd);
    }
    await pairingIn(page);
    assert.deepEqual(answers, [{ answered: 1, value: true }]);
  });
});
