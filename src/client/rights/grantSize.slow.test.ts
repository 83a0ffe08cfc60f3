import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { grantOn, type GrantTaken } from '../test/grantOn.ts';
import { sameGrants } from '../test/sameGrants.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ seed: 'grant of ten thousand' });
});
after(async () => await network.close());

/** With `EVERY=1` as many as the promise names. */
const MANY = process.env['EVERY'] === '1' ? 10_000 : 2_000;

describe('a grant of a chart', () => {
  it(`takes for ${MANY} records what it takes for 10: the same calls, bytes and gas, and no more time`, async (t) => {
    await grantOn(network, 1);
    const few = await grantOn(network, 10);
    const many = await grantOn(network, MANY);
    sameGrants(few, many);
    t.diagnostic(`10 records: ${told(few)}; ${MANY} records: ${told(many)}`);
    // Of 10,000, half a millisecond for each would show, on a busy machine too.
    assert.ok(many.milliseconds < few.milliseconds + 5000, told(many));
  });
});

function told({ gas, milliseconds }: GrantTaken): string {
  return `${gas} gas, ${milliseconds.toFixed(0)} ms`;
}
