import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { forgetAdded, nameOfContent } from './addedOnce.ts';
import { addRecord } from './addRecord.ts';
import { grantRight } from '../rights/grantRight.ts';
import type { Party } from '../party/Party.ts';
import { readChart } from './readChart.ts';
import type { NewVersion } from './sealVersion.ts';
import { lyingTo } from '../test/lyingTo.ts';

let network: TestNetwork;
let care: Care;
before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

async function versionOf(text: string, party: Party = care.doctor): Promise<NewVersion> {
  const { handle, right } = care;
  const content = utf8ToBytes(text);
  const once = await nameOfContent(party, handle, [content], 'vitals');
  return { handle, category: 'vitals', content, purpose: 'TREAT', grant: right.grant, once };
}

async function countOnChart(): Promise<number> {
  const { handle, patient } = care;
  return (await readChart(patient, { handle, purpose: 'PATRQT' })).records.length;
}

/** A party whose agent loses what is sent to it, or what it answers. */
function losing(party: Party, what: 'request' | 'answer'): Party {
  return lyingTo(network, party, {
    async submit(submissions) {
      if (what === 'answer') await party.agent.submit(submissions);
      throw new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' });
    },
  });
}

/** The doctor, with the same device, at another organisation’s node. */
function movedTo(organisation: string): Party {
  return {
    ...behind(care.doctor, network.services(organisation).agent),
    log: `care/${organisation}`,
  };
}

describe('a record that is added once', () => {
  it('is not added again by the same device, which gives the first answer', async () => {
    const version = await versionOf('the same');
    const first = await addRecord(care.doctor, version);
    const many = await countOnChart();
    const again = await addRecord(care.doctor, version);
    assert.deepEqual(again, { ...first, already: true });
    assert.equal(await countOnChart(), many);
  });

  it('is on the chart once where the first answer was lost', async () => {
    const version = await versionOf('answered to nobody');
    const many = await countOnChart();
    await assert.rejects(
      addRecord(losing(care.doctor, 'answer'), version),
      failsWith('PEER_UNREACHABLE'),
    );
    assert.equal(await countOnChart(), many + 1);
    const again = await addRecord(care.doctor, version);
    assert.equal(again.already, true);
    assert.equal(await countOnChart(), many + 1);
  });

  it('is on the chart once where the request was lost', async () => {
    const version = await versionOf('sent to nobody');
    const many = await countOnChart();
    const lost = losing(care.doctor, 'request');
    await assert.rejects(addRecord(lost, version), failsWith('PEER_UNREACHABLE'));
    await assert.rejects(addRecord(lost, version), failsWith('PEER_UNREACHABLE'));
    assert.equal(await countOnChart(), many);
    await addRecord(care.doctor, version);
    await addRecord(care.doctor, version);
    assert.equal(await countOnChart(), many + 1);
  });

  it('is sealed again where what was signed can be taken no more', async () => {
    const version = await versionOf('too late');
    const many = await countOnChart();
    await assert.rejects(
      addRecord(losing(care.doctor, 'request'), version),
      failsWith('PEER_UNREACHABLE'),
    );
    network.clock.advance(900_000);
    await addRecord(care.doctor, version);
    assert.equal(await countOnChart(), many + 1);
  });

  it('is on the chart once where its author went to another organisation’s node before the answer came', async () => {
    const version = await versionOf('answered to nobody, here');
    const many = await countOnChart();
    const lost = losing(care.doctor, 'answer');
    await assert.rejects(addRecord(lost, version), failsWith('PEER_UNREACHABLE'));
    await network.checkpoint();
    const again = await addRecord(movedTo('insurer'), version);
    assert.equal(again.already, true);
    assert.equal(again.acknowledgement.log, 'care/hospital');
    assert.equal(await countOnChart(), many + 1);
  });

  it('waits where its author went to another node until the former log shows that it has no such request', async () => {
    const version = await versionOf('sent to nobody, here');
    const many = await countOnChart();
    const lost = losing(care.doctor, 'request');
    await assert.rejects(addRecord(lost, version), failsWith('PEER_UNREACHABLE'));
    const moved = movedTo('insurer');
    await assert.rejects(addRecord(moved, version), failsWith('NOT_YET'));
    network.clock.advance(900_000);
    await assert.rejects(addRecord(moved, version), failsWith('NOT_YET'));
    await addRecord(care.doctor, await versionOf('later'));
    await network.checkpoint();
    const added = await addRecord(moved, version);
    assert.equal(added.already, undefined);
    assert.equal(added.acknowledgement.log, 'care/insurer');
    await network.checkpoint('insurer');
    assert.equal(await countOnChart(), many + 2);
  });

  it('can be added after it was refused', async () => {
    const nurse = await network.party('nurse');
    const { handle, patient } = care;
    const version = await versionOf('not yet', nurse);
    const grants = { ...everything(nurse), categories: ['vitals'] as const };
    const { grant } = await grantRight(patient, { ...grants, actions: ['read'] });
    await assert.rejects(addRecord(nurse, { ...version, grant }), failsWith('RIGHT_MISSING'));
    const given = await grantRight(patient, { ...grants, actions: ['add'] });
    const added = await addRecord(nurse, { ...version, handle, grant: given.grant });
    assert.equal(added.already, undefined);
  });

  it('can be added again once the device has forgotten it', async () => {
    const version = await versionOf('withdrawn');
    const first = await addRecord(care.doctor, version);
    await forgetAdded(care.doctor, first.record);
    const again = await addRecord(care.doctor, version);
    assert.notEqual(again.record, first.record);
    await forgetAdded(care.doctor, `0x${'00'.repeat(32)}`);
  });

  it('is another one on another chart, of another author, or under another category', async () => {
    const { doctor, patient, handle } = care;
    const content = [utf8ToBytes('what it '), utf8ToBytes('says')];
    const name = await nameOfContent(doctor, handle, content, 'vitals');
    assert.match(name, /^[0-9a-f]{32}$/);
    assert.equal(
      await nameOfContent(doctor, handle, [utf8ToBytes('what it says')], 'vitals'),
      name,
    );
    const others = [
      await nameOfContent(patient, handle, content, 'vitals'),
      await nameOfContent(doctor, `0x${'12'.repeat(32)}`, content, 'vitals'),
      await nameOfContent(doctor, handle, content, 'reports'),
      await nameOfContent(doctor, handle, [utf8ToBytes('what it said')], 'vitals'),
    ];
    assert.equal(new Set([name, ...others]).size, 5);
  });
});
