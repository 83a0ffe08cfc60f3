import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assemble } from './test/assemble.ts';
import { founders, secretOf, senderAt } from './test/askValidators.ts';
import { probe } from './test/probe.ts';
import { engineMissing, startEngines, type Engines, type TestEngine } from './test/startEngines.ts';

describe('a validator turns away', { skip: engineMissing ?? false }, () => {
  let network: Engines;
  let engine: TestEngine;

  before(async () => {
    network = await startEngines({ validators: 1, senders: founders });
    engine = network.engines[0] ?? assert.fail('no validator');
  });
  after(async () => {
    await network.close();
  });

  it('code of an account’s own, and takes that of the network’s contracts', async () => {
    const sender = await senderAt(engine, secretOf(2));
    const { creation } = assemble('0 0 LOG0 STOP');
    await assert.rejects(sender.send({ data: creation, gas: 200_000 }), {
      code: 'LEDGER_REJECTED',
      values: { code: -32003, reason: "the code is not one of the network's contracts" },
    });
    assert.ok((await sender.send({ data: probe.creation })).contract !== undefined);
  });
});
