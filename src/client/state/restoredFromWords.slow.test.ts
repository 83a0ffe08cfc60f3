import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { cutDeed, deedsOn } from '../test/cutDeeds.ts';
import { placesToCut } from '../test/placesToCut.ts';

/** Cuts each deed off after every fourteenth change, and once after each kind of change; after all with `EVERY=1`. */
const EVERY = Number(process.env['EVERY'] ?? 14);

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ seed: 'every word' });
});
after(async () => await network.close());

describe('a patient whose device died at one of its calls', () => {
  for (const name of deedsOn({} as TestNetwork).keys()) {
    // @attack a device dies at any call of any deed, and the 24 words bring nothing back | whatever state nodes have opens all that the ledger has
    // @attack keys turn after an erasure broke off, and nodes release packets of the wrong keys | packets that were sealed ahead stay good
    it(`of ${name} has everything again from the words alone`, async (t) => {
      const deed = deedsOn(network).get(name);
      if (deed === undefined) throw new Error('no such deed');
      const { calls, cuts } = await cutDeed(network, deed, (names) => placesToCut(names, EVERY));
      t.diagnostic(`${cuts} cuts of ${calls} calls`);
      assert.ok(cuts > 0);
    });
  }
});
