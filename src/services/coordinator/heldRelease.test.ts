import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readRecord } from '../../client/records/readRecord.ts';
import { submitEvidence } from '../../client/agent/submit.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { viewOf } from '../../node/test/requests.ts';
import { sealOf } from '../../node/test/sealOf.ts';
import { silence } from '../../node/test/silenced.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { ReleaseRequest } from '../ports.ts';

const LOG = 'care/hospital';
const SECRET = utf8ToBytes('a guarded note');

let network: TestNetwork;
let care: Care;
afterEach(async () => await network.close());

async function begin(options: Parameters<typeof startTestNetwork>[0] = {}): Promise<void> {
  network = await startTestNetwork({ guarded: true, ...options });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  await addRecord(doctor, { ...own, content: SECRET });
  await network.checkpoint();
}

/** A view of the record that the hospital's log has, and that it presented to those who answer. */
async function viewed(): Promise<ReleaseRequest> {
  const { doctor, handle, right } = care;
  const opening = right.grant;
  const recipient = await recipientOf(ageIdentity(new Uint8Array(32).fill(5)));
  const chart = await readChart(doctor, { handle, grant: opening, purpose: 'TREAT' });
  const [{ record, version, acknowledgement, file } = assert.fail()] = chart.records;
  const salt = readerSalt(doctor.primitives, recipient, 0);
  const view = viewOf(care, { what: 'record', record, version, salt });
  const { acknowledgement: entry } = await submitEvidence(doctor, 'View', view, { opening });
  const seal = await sealOf(network, { file });
  return {
    log: LOG,
    recipient,
    views: [{ ...seal, view: entry, place: 0, record: acknowledgement, opening }],
  };
}

async function release(request: ReleaseRequest, name = 'laboratory'): Promise<unknown> {
  return await network.services(name).coordinator.release(request);
}

describe('in a network of three of which two release and two checkpoint', () => {
  // @actor the organisation of a log that runs a second copy of its own node (n = 3, k = 2, guarded) | to have a reading released that no log shows: one copy shows the view to one organisation, the other has another history checkpointed
  it('nothing is released for a view that a log can still leave out, by a second copy of its node', async () => {
    await begin();
    const saved = await network.save('hospital');
    silence(network, 'insurer');
    const request = await viewed();
    await assert.rejects(
      release(request),
      failsWith('NOT_YET', { what: 'checkpoint over the view' }),
    );
    // The second copy goes on with the insurer, and its history without the view comes on the ledger.
    network.liars.coordinator.clear();
    silence(network, 'laboratory');
    const twin = await network.double('hospital', saved);
    network.liars.coordinator.set('hospital', twin.coordinator);
    const { doctor, handle, right } = care;
    const at = { ...doctor, agent: twin.agent };
    for (let times = 0; times < 3; times++) {
      await readChart(at, { handle, grant: right.grant, purpose: 'TREAT' });
    }
    await twin.administrator.checkpoint();
    network.liars.coordinator.clear();
    await assert.rejects(release(request), failsWith('NOT_YET'));
    await assert.rejects(release(request, 'insurer'), (error) => error instanceof Error);
    await twin.stop();
    await twin.close();
  });

  it('a coordinator releases once its own ledger holds a checkpoint over the view, whatever the pace of checkpoints', async () => {
    await begin();
    const request = await viewed();
    await assert.rejects(release(request), failsWith('NOT_YET'));
    await network.services().administrator.checkpoint();
    await release(request);
    await network.checkpoint();
    await release(request);
    await release(request, 'insurer');
  });

  it('an agent that is asked for shares has the log checkpointed first', async () => {
    await begin();
    const { doctor, handle, right } = care;
    const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    const [record = assert.fail()] = chart.records;
    assert.deepEqual((await readRecord(doctor, chart, record)).content, SECRET);
  });
});

describe('in a network in which any release and any checkpoint share an organisation that does not lie', () => {
  it('a release waits for no checkpoint', async () => {
    await begin({ thresholds: { writes: 2, views: 3 } });
    await release(await viewed());
  });
});
