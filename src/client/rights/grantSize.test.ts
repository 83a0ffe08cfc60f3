import { after, before, describe, it } from 'node:test';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { grantOn } from '../test/grantOn.ts';
import { sameGrants } from '../test/sameGrants.ts';
import { timesOf } from '../../protocol/test/share.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

describe('a grant', () => {
  it('is the same calls with the same bytes and gas, however many records it opens', async () => {
    sameGrants(await grantOn(network, 0), await grantOn(network, timesOf(500)));
  });
});
