import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { suspend } from '../../node/test/suspend.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { Handle } from '../../protocol/ids.ts';
import { lastEpoch } from '../../protocol/rights/lastEpoch.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addRecord } from '../records/addRecord.ts';
import { commitEpochs } from './commitEpochs.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { grantRight, type GrantGiven } from '../rights/grantRight.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { readChart, type Chart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { refreshPackets } from './refreshPackets.ts';
import { revokeRight } from '../rights/revokeRight.ts';

const MINUTE = 60;
let network: TestNetwork;
let patient: Party;
let author: Party;
let handle: Handle;
let writing: GrantGiven;
/** A reader for one minute, and one for two. */
let first: Party;
let second: Party;
let one: GrantGiven;
let two: GrantGiven;

before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());
beforeEach(async () => {
  patient = await network.party('patient');
  [author, first, second] = [
    await network.party('doctor'),
    await network.party('doctor'),
    await network.party('doctor'),
  ];
  await commitEpochs(patient, 2);
  ({ handle } = await readPatientState(patient));
  writing = await give(author, ['add'], 60);
  two = await give(second, ['read'], 2);
  one = await give(first, ['read'], 1);
});

async function give(
  party: Party,
  actions: readonly ('read' | 'add')[],
  minutes: number,
): Promise<GrantGiven> {
  const until = Math.floor(network.clock.now() / 1000) + minutes * MINUTE;
  return await grantRight(patient, { ...everything(party), actions, until });
}

async function add(note: string): Promise<number> {
  await addRecord(author, {
    handle,
    category: 'vitals',
    content: utf8ToBytes(note),
    purpose: 'TREAT',
    grant: writing.grant,
  });
  return (await confirmFacts(author, { handle })).patient?.epoch ?? 0;
}

async function chartFor(party: Party, { grant }: GrantGiven): Promise<Chart> {
  return await readChart(party, { handle, grant, purpose: 'TREAT' });
}

async function newest(party: Party, chart: Chart): Promise<string> {
  const record = chart.records.at(-1);
  assert.ok(record);
  return bytesToUtf8((await readRecord(party, chart, record)).content);
}

async function keptEpochs({ digest }: GrantGiven): Promise<number[]> {
  const range = { gte: `packet/${digest}/`, lt: `packet/${digest}0` };
  const keys = await network.database('insurer', 'kept').keys(range).all();
  return [...new Set(keys.map((key) => Number(key.split('/')[2])))];
}

describe('packets that are sealed ahead', () => {
  it('lie with the nodes for those whose right outlives another, and for no one else', async () => {
    assert.deepEqual(await keptEpochs(one), [1]);
    assert.deepEqual(await keptEpochs(two), [1, 2]);
    assert.deepEqual(await keptEpochs(writing), []);
  });

  it('are not released before their epoch has begun', async () => {
    const chart = await chartFor(second, two);
    assert.ok(chart.identityFor(1, 'vitals'));
    assert.throws(() => chart.identityFor(2, 'vitals'), failsWith('KEY_PENDING'));
  });

  it('let whoever keeps a right read on when another ends, while no device of the patient is there', async () => {
    network.clock.advance(MINUTE * 1000);
    assert.equal(await add('after the first end'), 2);
    assert.equal(await newest(second, await chartFor(second, two)), 'after the first end');
    await assert.rejects(chartFor(first, one), failsWith('RIGHT_ENDED'));
    network.clock.advance(MINUTE * 1000);
    assert.equal(await add('after the second end'), 3);
    await assert.rejects(chartFor(second, two), failsWith('RIGHT_ENDED'));
  });

  it('open nothing if the right that they were sealed for is ended before its date', async () => {
    const { pending } = await revokeRight(patient, two.digest);
    assert.deepEqual(pending, []);
    assert.equal(await add('after the revocation'), 3);
    const chart = await chartFor(first, one);
    assert.equal(await newest(first, chart), 'after the revocation');
    assert.deepEqual(await keptEpochs(two), [1, 2]);
  });

  it('open nothing if their grantee is suspended; who gets no key by that waits for the patient', async () => {
    await suspend(network, second, 1);
    assert.equal(await add('while suspended'), 3);
    const waiting = await chartFor(first, one);
    assert.throws(() => waiting.identityFor(3, 'vitals'), failsWith('KEY_PENDING'));
    const { sealed, pending } = await refreshPackets(patient);
    assert.equal(sealed, 1);
    assert.deepEqual(pending, [two.digest]);
    assert.equal(await newest(first, await chartFor(first, one)), 'while suspended');
    await suspend(network, second, 2);
    assert.deepEqual((await refreshPackets(patient)).pending, []);
    assert.equal(await newest(second, await chartFor(second, two)), 'while suspended');
  });
});

describe('a device of the patient that connects', () => {
  it('does nothing if there is nothing to do', async () => {
    const { revision } = await readPatientState(patient);
    assert.deepEqual(await refreshPackets(patient), { sealed: 0, pending: [] });
    assert.equal((await readPatientState(patient)).revision, revision);
  });

  it('finds more epochs committed to than the known ends of rights can take', async () => {
    const facts = (await confirmFacts(patient, { handle })).patient;
    assert.ok(facts);
    assert.ok(lastEpoch(facts) >= 4, `${lastEpoch(facts)} epochs`);
    const readers = await Promise.all([1, 2, 3].map(async () => await network.party('nurse')));
    for (const [index, reader] of readers.entries()) await give(reader, ['read'], 3 + index);
    for (let minute = 0; minute < 6; minute++) {
      network.clock.advance(MINUTE * 1000);
      // The last of them has no key of epoch 5, so its end turns nothing.
      assert.equal(await add(`minute ${minute}`), Math.min(minute + 2, 5));
    }
  });

  it('seals to those who waited when more rights ended than packets were sealed ahead for', async () => {
    const late = await network.party('nurse');
    const brief = await Promise.all([1, 2, 3].map(async () => await network.party('nurse')));
    for (const [index, reader] of brief.entries()) await give(reader, ['read'], 3 + index);
    const right = await give(late, ['read'], 30);
    for (let minute = 0; minute < 5; minute++) {
      network.clock.advance(MINUTE * 1000);
      await add(`minute ${minute}`);
    }
    const waiting = await chartFor(late, right);
    assert.ok(waiting.identityFor(4, 'vitals'));
    assert.throws(() => waiting.identityFor(6, 'vitals'), failsWith('KEY_PENDING'));
    assert.equal((await refreshPackets(patient)).sealed, 1);
    assert.equal(await newest(late, await chartFor(late, right)), 'minute 4');
  });
});
