import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { judgedBody, viewOf } from '../../node/test/requests.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { sign } from '../../protocol/signing.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { JudgedBody } from '../ports.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ seed: 'judged bodies' });
  care = await startCare(network);
});
after(async () => await network.close());

/** Ends of rights that the laboratory keeps. */
async function ends(): Promise<readonly string[]> {
  const database = network.database('laboratory', 'kept');
  return await database.keys({ gt: 'end/', lt: 'end0' }).all();
}

describe('a view of a patient’s own chart', () => {
  it('leaves no end of a right behind that an agent puts beside it', async () => {
    const { patient, handle, right } = care;
    const before = await ends();
    const { coordinator } = network.services('laboratory');
    for (const planted of [handle, word('another'), `${handle}/${'x'.repeat(100_000)}`]) {
      const view = sign(
        patient,
        patient,
        'View',
        viewOf(care, { grant: ZERO32, purpose: 'PATRQT' }),
      );
      const opening = { ...right.grant, handle: planted };
      const body = { ...judgedBody(network, care, view), opening } as JudgedBody;
      const { refused } = await coordinator.judge({ log: 'care/hospital', bodies: [body] });
      assert.deepEqual(refused, []);
    }
    assert.deepEqual(await ends(), before);
  });
});
