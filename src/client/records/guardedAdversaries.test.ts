import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { falseShares, GENERATOR } from '../../node/test/falseShares.ts';
import { sealOf } from '../../node/test/sealOf.ts';
import { everything, startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { ReleaseRequest, ViewToRelease } from '../../services/ports.ts';
import { submitEvidence } from '../agent/submit.ts';
import type { Party } from '../party/Party.ts';
import { grantRight } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { addRecord } from './addRecord.ts';
import { readChart } from './readChart.ts';
import { readRecord } from './readRecord.ts';

const SECRET = utf8ToBytes('a guarded note');
const RECORD = 'vitals';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  const own = { handle, category: RECORD, purpose: 'TREAT', grant: right.grant } as const;
  await addRecord(doctor, { ...own, content: SECRET });
});
after(async () => await network.close());
afterEach(() => network.liars.coordinator.clear());

// @attack a coordinator releases bytes that are not a share at all, so that nobody reads | it counts as a false share, and others make up for it
describe('one coordinator keeps nobody from reading', () => {
  const shares = {
    'bytes that are not a point': `0x${'00'.repeat(97)}`,
    'an x that is on no point': `0x02${'00'.repeat(31)}05${'01'.repeat(64)}`,
    'an x that is not reduced': `0x02${'ff'.repeat(32)}${'01'.repeat(64)}`,
    'a point in another encoding': GENERATOR.replace('0x02', '0x04'),
    'a point without a proof': GENERATOR.slice(0, 68),
    'a proof that is not reduced': `${GENERATOR.slice(0, 68)}${'ff'.repeat(64)}`,
  };
  for (const [what, share] of Object.entries(shares)) {
    it(`by ${what} in place of its share`, async () => {
      const { doctor, handle, right } = care;
      const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
      const [record] = chart.records;
      assert.ok(record);
      falseShares(network, 'hospital', (count) => Array.from({ length: count }, () => share));
      assert.deepEqual((await readRecord(doctor, chart, record)).content, SECRET);
    });
  }

  it('by fewer shares than views, or by something else than shares', async () => {
    const { doctor, handle, right } = care;
    const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    const [record] = chart.records;
    assert.ok(record);
    for (const given of [[], ['0x'], [7], [null]]) {
      falseShares(network, 'hospital', () => given);
      assert.deepEqual((await readRecord(doctor, chart, record)).content, SECRET);
    }
  });
});

describe('a successor that drops the release key', () => {
  // @attack a successor drops the release key, so that patients are locked out of their own charts | their own stanza opens all the same
  it('takes from no patient what is on their own chart', async () => {
    const { patient, handle } = care;
    const channels = patient.network.channels.map((channel) => {
      const { release: _, ...open } = channel;
      return open;
    });
    const without = { ...patient, network: { ...patient.network, channels } };
    const chart = await readChart(without, { handle, purpose: 'PATRQT' });
    const [record] = chart.records;
    assert.ok(record);
    assert.deepEqual((await readRecord(without, chart, record)).content, SECRET);
  });
});

describe('nothing is released', () => {
  const identity = ageIdentity(new Uint8Array(32).fill(7));

  // @attack a reader names one view 128 times, so that each coordinator computes as many shares | refused
  it('for one view twice in one question, which would cost each coordinator 128 shares', async () => {
    const { doctor, right } = care;
    const { request, view } = await viewBy(doctor, right);
    const twice = { ...request, views: [view, view] };
    await assert.rejects(release(twice), failsWith('REQUEST_MALFORMED'));
    const { seal, encapsulation } = view;
    const asked = { index: view.view.index, place: 0, seal, encapsulation };
    const { recipient } = request;
    await assert.rejects(
      doctor.agent.release({ recipient, views: [asked, asked], opening: right.grant }),
      failsWith('REQUEST_MALFORMED'),
    );
  });

  // @attack a revoked party has the view of before released again | refused: the right is judged now
  it('again for a view of before the right ended, to whoever keeps all that it was answered', async () => {
    const { patient, stranger } = care;
    const given = await grantRight(patient, { ...everything(stranger), actions: ['read'] });
    const { request } = await viewBy(stranger, given);
    await release(request);
    await revokeRight(patient, given.digest);
    await assert.rejects(release(request), failsWith('RIGHT_ENDED'));
  });

  it('for a view of one right by the opening of another', async () => {
    const { patient, stranger, right } = care;
    const given = await grantRight(patient, { ...everything(stranger), actions: ['read'] });
    const { request, view } = await viewBy(stranger, given);
    const views = [{ ...view, opening: right.grant }];
    await assert.rejects(release({ ...request, views }), (error) => error instanceof Error);
  });

  async function viewBy(
    reader: Party,
    right: Pick<Care['right'], 'grant' | 'digest'>,
  ): Promise<{ request: ReleaseRequest; view: ViewToRelease }> {
    const { handle } = care;
    const recipient = await recipientOf(identity);
    const chart = await readChart(reader, { handle, grant: right.grant, purpose: 'TREAT' });
    const [record] = chart.records;
    assert.ok(record);
    const wanted = {
      log: reader.log,
      what: 'record',
      handle,
      record: record.record,
      version: record.version,
      grant: right.digest,
      purpose: 'TREAT',
      deadline: Math.floor(network.ports.clock.now() / 1000) + 300,
      salt: readerSalt(reader.primitives, recipient, 0),
    } satisfies View;
    const opening = right.grant;
    const { acknowledgement } = await submitEvidence(reader, 'View', wanted, { opening });
    await network.services().administrator.checkpoint();
    const seal = await sealOf(network, record);
    const { acknowledgement: write } = record;
    const view = { ...seal, view: acknowledgement, place: 0, record: write, opening };
    return { request: { log: reader.log, recipient, views: [view] }, view };
  }
});

async function release(asked: ReleaseRequest): Promise<unknown> {
  return await network.services('laboratory').coordinator.release(asked);
}
