import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Bundle } from '@medplum/fhirtypes';
import { addRecord } from '../../client/addRecord.ts';
import type { Party } from '../../client/Party.ts';
import { readChart } from '../../client/readChart.ts';
import { encodePart } from '../../fhir/encodePart.ts';
import { reassembleBundle, type Reassembled } from '../../fhir/reassembleBundle.ts';
import { splitBundle } from '../../fhir/splitBundle.ts';
import {
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { readParts } from './readParts.ts';

const purpose = 'PATRQT';
const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: ['Patient', 'Condition'].map((resourceType) => ({ resource: { resourceType } })),
} as unknown as Bundle;
const [first, second] = splitBundle(bundle, { set: `0x${'11'.repeat(16)}` });

describe('the parts of a bundle at an organisation that has no copy of some yet', () => {
  let network: TestNetwork;
  let care: Care;
  let elsewhere: Party;
  before(async () => {
    network = await startTestNetwork({ seed: 'parts on their way' });
    care = await startCare(network);
    elsewhere = { ...care.patient, agent: network.agent('insurer'), log: 'care/insurer' };
    await add(first);
    await network.checkpoint();
    await add(second);
  });
  after(async () => await network.close());

  async function add(part: typeof first): Promise<void> {
    assert.ok(part !== undefined);
    const { patient, handle } = care;
    const { category } = part;
    await addRecord(patient, { handle, category, content: encodePart(part.content), purpose });
  }

  async function read(party: Party): Promise<Reassembled> {
    const chart = await readChart(party, { handle: care.handle, purpose, after: [] });
    const [record] = chart.records;
    assert.ok(record !== undefined);
    const parts = await readParts({ progress: SILENT }, party, chart, record);
    return reassembleBundle(parts.map(({ content }) => content));
  }

  it('are told as missing, and are whole once they are copied', async () => {
    assert.deepEqual(await read(elsewhere), { complete: false, missing: [1] });
    assert.deepEqual(await read(care.patient), { complete: true, bundle });
    await network.checkpoint();
    assert.deepEqual(await read(elsewhere), { complete: true, bundle });
  });

  it('are an error if the node alters one: that is not taken for one on its way', async () => {
    const { agent } = elsewhere;
    async function* altered(
      ...given: Parameters<typeof agent.download>
    ): AsyncGenerator<Uint8Array> {
      for await (const piece of agent.download(...given)) yield piece.map((byte) => byte ^ 1);
    }
    await assert.rejects(
      read(behind(elsewhere, { download: altered })),
      failsWith('FILE_MISMATCH'),
    );
  });
});

const SILENT = {
  stage: () => undefined,
  counted: (content: AsyncIterable<Uint8Array>) => content,
  hide: () => undefined,
  aside: async <Value>(work: () => Promise<Value>) => await work(),
  end: () => undefined,
};
