import { after, before, describe, it } from 'node:test';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { cutDeed, deedsOn } from '../test/cutDeeds.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ seed: 'every word' });
});
after(async () => await network.close());

describe('a patient whose device died at any call', () => {
  for (const name of deedsOn({} as TestNetwork).keys()) {
    it(`of ${name} has everything again from the words alone`, async (t) => {
      const deed = deedsOn(network).get(name);
      if (deed === undefined) throw new Error('no such deed');
      const steps = await cutDeed(network, deed, () => true);
      t.diagnostic(`${steps} calls`);
    });
  }
});
