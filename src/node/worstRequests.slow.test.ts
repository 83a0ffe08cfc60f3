import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measureWorst } from './test/worst/measureWorst.ts';

/** The longest time that anybody may wait for one request of another, milliseconds. */
const BAR = 200;

describe('while any single request is worked on', () => {
  it('nothing holds up the process for long, and the others are answered', async (t) => {
    let alone = 0;
    for await (const { name, took, pause, honest } of measureWorst()) {
      t.diagnostic(`${name}: ${[took, pause, honest].map(Math.round).join(', ')} ms`);
      if (name === 'nothing') alone = honest;
      assert.ok(pause < BAR, `${name} holds up the process for ${pause} ms`);
      // On a machine that others use, they are slow without it.
      assert.ok(honest < BAR + 2 * alone, `${name} keeps others waiting for ${honest} ms`);
    }
  });
});
