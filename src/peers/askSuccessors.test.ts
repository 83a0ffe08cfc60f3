import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Hono } from 'hono';
import { systemClock } from '../folder/systemClock.ts';
import { listen } from '../http/listen.ts';
import type { Successor } from '../protocol/network/Successor.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { network } from '../protocol/test/sampleNetwork.ts';
import { fileOf, signedBy, termsOf } from '../protocol/test/sampleSuccessors.ts';
import { askSuccessors, successorsPage } from './askSuccessors.ts';

const one = signedBy(network, termsOf(network, 1_800_100_000), ['hospital', 'laboratory']);

/** Serves an answer, and asks for it. */
async function asking(app: Hono, patience = 2000): Promise<Asking> {
  const listening = await listen(app, 0);
  const { url } = listening;
  const asked = { organisation: 'laboratory', url, clock: systemClock, patience };
  return {
    ask: async () => await askSuccessors(asked, 1),
    close: async () => await listening.close(),
  };
}

interface Asking {
  readonly ask: () => Promise<readonly Successor[]>;
  readonly close: () => Promise<void>;
}

describe('the question for successors', () => {
  it('takes an answer of sixteen at most, of one shape, of four MiB, in time', async () => {
    const many = Array.from({ length: 17 }, (_, place) => ({ ...one, number: place + 1 }));
    const malformed = failsWith('PEER_MALFORMED');
    const unreachable = failsWith('PEER_UNREACHABLE');
    const cases: [Hono['fetch'], typeof malformed][] = [
      [() => Response.json(fileOf(...many)), malformed],
      [() => Response.json({ ...(fileOf(one) as object), more: true }), malformed],
      [() => Response.json([one]), malformed],
      [() => new Response('{'), malformed],
      [() => new Response(new Uint8Array(4 * 2 ** 20 + 1)), malformed],
      [() => new Response('', { status: 503 }), unreachable],
      [() => Response.redirect('http://127.0.0.1:1/'), unreachable],
    ];
    for (const [answer, fails] of cases) {
      const { ask, close } = await asking(
        new Hono().all('*', async (c) => await answer(c.req.raw)),
      );
      await assert.rejects(ask(), fails);
      await close();
    }
    const { ask, close } = await asking(
      new Hono().all('*', () => {
        const body = new ReadableStream({ start: (to) => to.enqueue(new Uint8Array(9)) });
        return new Response(body);
      }),
      200,
    );
    await assert.rejects(ask(), unreachable);
    await close();
  });

  it('is answered in pages, from a number on', () => {
    const many = Array.from({ length: 40 }, (_, place) => ({ ...one, number: place + 1 }));
    assert.deepEqual(
      successorsPage(many, 30).successors.map(({ number }) => number),
      [30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40],
    );
    assert.equal(successorsPage(many, 1).successors.length, 16);
    assert.deepEqual(successorsPage(many, 41).successors, []);
    const large = many.map((each) => ({
      ...each,
      signatures: [`0x${'0'.repeat(2 ** 21)}`] as const,
    }));
    assert.equal(successorsPage(large, 1).successors.length, 1);
  });
});
