import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Bundle, BundleEntry } from '@medplum/fhirtypes';
import { bytesToHex } from '../../crypto/bytes.ts';
import { encodePart } from '../../fhir/encodePart.ts';
import { exactJson } from '../../fhir/exactJson.ts';
import { splitBundle } from '../../fhir/splitBundle.ts';
import {
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { ORDINARY_CATEGORIES } from '../../protocol/vocabulary.ts';
import type { Party } from '../party/Party.ts';
import { grantRight } from '../rights/grantRight.ts';
import { checkpointing } from '../test/checkpointing.ts';
import { addBundle } from './addBundle.ts';
import { addRecord } from './addRecord.ts';
import { confirmListed } from './confirmListed.ts';
import { incompleteSets } from './incompleteSets.ts';
import { newestOfEach } from './newestOfEach.ts';
import { readBundle } from '../care/records/readBundle.ts';
import { readChart, type Chart } from './readChart.ts';
import { partIn } from './readParts.ts';
import { readRecord } from './readRecord.ts';
import { readRecords } from './readRecords.ts';

const SET = 'c0'.repeat(16);
const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' }];
const entry = (resourceType: string, id: string, more: object = {}): BundleEntry =>
  ({ fullUrl: `urn:uuid:${id}`, resource: { resourceType, id, ...more } }) as BundleEntry;
const ordinary = [entry('Condition', 'a'), entry('Goal', 'b'), entry('Condition', 'c')];
const labelled = entry('Condition', 'secret', { meta: { security } });
const bundleOf = (entries: readonly BundleEntry[]): Bundle => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: entries.length,
  entry: [...entries],
});
const whole = bundleOf([...ordinary.slice(0, 1), labelled, ...ordinary.slice(1)]);

let network: TestNetwork;
let care: Care;
before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

/** All that a reader without a right to what is labelled gets of a chart with this bundle, and the number of its requests. */
async function seenOf(bundle: Bundle): Promise<unknown> {
  care = await startCare(network);
  const { patient, doctor, stranger, handle, right } = care;
  await addBundle(doctor, { handle, bundle, purpose: 'TREAT', grant: right.grant, once: SET });
  const terms = { ...everything(stranger), categories: ORDINARY_CATEGORIES };
  const { grant } = await grantRight(patient, terms);
  let requests = 0;
  const counting: Party = behind(stranger, {
    submit: async (submissions) => {
      requests += submissions.length;
      return await stranger.agent.submit(submissions);
    },
  });
  const chart = await readChart(counting, { handle, grant, purpose: 'TREAT' });
  const contents: unknown[] = [];
  const parts = [];
  for await (const read of readRecords(counting, chart, chart.records)) {
    assert.ok('content' in read);
    contents.push(bytesToHex(read.content));
    parts.push({
      content: partIn(read.content, read.record) ?? assert.fail(),
      record: read.record,
    });
  }
  const wholes: unknown[] = [];
  for (const record of chart.records) wholes.push(await readBundle(counting, chart, record));
  const { complete, faults } = await confirmListed(checkpointing(network, counting), chart);
  return {
    listed: chart.records.map(({ category, version, size }) => [category, version, size]),
    contents,
    wholes: wholes.map(exactJson),
    incomplete: incompleteSets(chart, parts, 0),
    count: [complete, faults],
    requests,
  };
}

async function chartOf(party: Party): Promise<Chart> {
  const { handle, right } = care;
  return await readChart(party, { handle, grant: right.grant, purpose: 'TREAT' });
}

describe('what is labelled in a bundle', () => {
  // @actor a doctor without a right to `sensitive` | learns from a list, size, count, whole or error that a bundle has a psychiatric entry
  it('changes nothing of what a reader without a right to it gets: list, sizes, bytes, wholes, counts, requests', async () => {
    const without = await seenOf(bundleOf(ordinary));
    const beside = await seenOf(whole);
    assert.deepEqual(beside, without);
  });

  it('is part of the whole for a reader whose right names it, wherever that one begins', async () => {
    const chart = await chartOf(care.doctor);
    assert.equal(chart.records.length, 3);
    for (const record of chart.records) {
      const found = await readBundle(care.doctor, chart, record);
      assert.ok(found.complete, record.category);
      assert.equal(exactJson(found.bundle), exactJson(whole));
    }
  });

  // @actor an author who may add to `sensitive` | puts a labelled entry into another author's bundle
  it('is not put into it by another author who claims so', async () => {
    const { patient, doctor, stranger, handle } = care;
    const before = await chartOf(doctor);
    const own = before.records.find(({ category }) => category === 'conditions') ?? assert.fail();
    const { set } = partIn((await readRecord(doctor, before, own)).content, own) ?? assert.fail();
    const forged = splitBundle(
      bundleOf([...ordinary, entry('Condition', 'forged', { meta: { security } })]),
      { set },
    ).find(({ category }) => category === 'sensitive');
    const { grant } = await grantRight(patient, {
      ...everything(stranger),
      categories: ['sensitive'],
      actions: ['add'],
    });
    const content = encodePart(forged?.content ?? assert.fail());
    await addRecord(stranger, { handle, grant, purpose: 'TREAT', category: 'sensitive', content });
    const chart = await chartOf(doctor);
    for (const record of newestOfEach(chart.records).filter(
      (each) => each.author === doctor.address,
    )) {
      const found = await readBundle(doctor, chart, record);
      assert.ok(found.complete && exactJson(found.bundle) === exactJson(whole), record.category);
    }
    const theirs = chart.records.find(({ author }) => author === stranger.address);
    const found = await readBundle(doctor, chart, theirs ?? assert.fail());
    assert.equal(found.complete, false, 'theirs is beside nothing of their own');
  });
});
