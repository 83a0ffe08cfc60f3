import { after, before, describe, it } from 'node:test';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { cutDeed, deedsOn } from '../test/cutDeeds.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

describe('a patient whose device died on the way', () => {
  // `restoredFromWords.slow.test.ts` cuts off every deed, and more often.
  it('has everything again from the words alone, though an erasure was cut off in its middle', async () => {
    const deed = deedsOn(network).get('an erasure');
    if (deed === undefined) throw new Error('no such deed');
    await cutDeed(network, deed, ({ length }) => [3 + Math.ceil(length / 2)]);
  });
});
