import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { logVersion, signVersion } from '../../client/records/logVersion.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readRecord } from '../../client/records/readRecord.ts';
import { sealVersion, type SealedVersion } from '../../client/records/sealVersion.ts';
import { submitEvidence } from '../../client/agent/submit.ts';
import type { ChartRecord } from '../../client/records/viewChart.ts';
import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { judgedAndDropped, logSize, promisedAndDropped, viewOf } from '../../node/test/requests.ts';
import { sealOf } from '../../node/test/sealOf.ts';
import { startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import type { Signed, View, Write } from '../../protocol/struct/requests.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { ReleaseRequest } from '../ports.ts';

const LOG = 'care/hospital';
/** Views of a party for which its shares are released in a minute. */
const RELEASES = 4;

let network: TestNetwork;
let care: Care;
let recipient: string;
let record: ChartRecord;

before(async () => {
  network = await startTestNetwork({ guarded: true, quotas: { releases: RELEASES } });
  care = await startCare(network);
  recipient = await recipientOf(ageIdentity(new Uint8Array(32).fill(5)));
  const { doctor, handle, right } = care;
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  await addRecord(doctor, { ...own, content: utf8ToBytes('a guarded note') });
  const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  record = chart.records[0] ?? assert.fail();
});
after(async () => await network.close());
afterEach(() => {
  network.liars.coordinator.clear();
  network.clock.advance(60_000);
});

function wanted(change: Partial<View> = {}): Partial<View> {
  const { doctor } = care;
  const deadline = Math.floor(network.clock.now() / 1000) + 200;
  const salt = readerSalt(doctor.primitives, recipient, 0);
  const { record: id, version } = record;
  return { what: 'record', record: id, version, deadline, salt, ...change };
}

/** A view of the record that stands in the log, below a checkpoint. */
async function viewed(): Promise<Acknowledgement> {
  const { doctor, right } = care;
  const support = { opening: right.grant };
  const view = viewOf(care, wanted());
  const { acknowledgement } = await submitEvidence(doctor, 'View', view, support);
  await network.services().administrator.checkpoint();
  return acknowledgement;
}

async function asking(view: Acknowledgement): Promise<ReleaseRequest> {
  const { acknowledgement } = record;
  const opening = care.right.grant;
  const seal = await sealOf(network, record);
  const asked = { ...seal, view, place: 0, record: acknowledgement, opening };
  return { log: LOG, recipient, views: [asked] };
}

async function release(view: Acknowledgement, name = 'laboratory'): Promise<unknown> {
  return await network.services(name).coordinator.release(await asking(view));
}

/** The laboratory without its copies, whose peers take a while to give theirs. */
async function slowPeers(milliseconds: number): Promise<void> {
  await network.lose('laboratory', 'vault-index', 'vault');
  for (const name of ['hospital', 'insurer']) {
    const { contributor } = network.services(name);
    network.liars.contributor.set(name, {
      ...contributor,
      file(hash) {
        network.clock.advance(milliseconds);
        return contributor.file(hash);
      },
    });
  }
}

describe('a coordinator releases nothing before the log has the view', () => {
  // @attack an agent has a view that it never enters released, by promises of its coordinators | no coordinator releases before it knows the view’s place in the log
  it('though a quorum promised it: a lying agent would never enter it', async () => {
    const { acknowledgement } = record;
    const size = (await viewed()).index + 1;
    const deadline = Math.floor(network.clock.now() / 1000) + 195;
    const dropped = await promisedAndDropped(network, care, size, {
      view: wanted({ deadline }),
      record: acknowledgement,
    });
    for (const name of ['laboratory', 'insurer']) {
      await assert.rejects(release(dropped, name), failsWith('NOT_YET'));
    }
    // Nor at the place of an entry that it has.
    const other = await viewed();
    const there = { ...dropped, index: other.index };
    await assert.rejects(release(there), failsWith('NOT_YET'));
    network.clock.advance(190_000);
    await assert.rejects(release(dropped), failsWith('EVIDENCE_INVALID'));
  });

  it('and as soon as the log was checkpointed, before a copy has the view, and again once a copy does', async () => {
    const view = await viewed();
    await release(view);
    await network.checkpoint();
    await release(view);
    await release(view, 'insurer');
  });

  it('also if it was restarted since the log was checkpointed', async () => {
    const view = await viewed();
    await network.restart('laboratory');
    await release(view);
  });
});

describe('a write that its log did not take', () => {
  // @actor organisation that lies | has the first of two files of a record version opened, of which the chart shows the second
  // @attack an organisation drops a write, whose promise then comes to nothing, and has its file opened by a view of the write that took its place | refused: the write must stand in its log
  it('opens nothing by a view of the version that took its place, and has none before', async () => {
    const { doctor, handle, right } = care;
    const { clock } = network;
    const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
    const id = bytesToHex(doctor.random(32));
    const versionOf = async (text: string): Promise<SealedVersion> =>
      await sealVersion(doctor, id, { ...own, content: utf8ToBytes(text) });
    const first = await versionOf('one');
    const { request } = signVersion(doctor, first).submission as { request: Signed<'Write'> };
    const dropped = await judgedAndDropped(network, care, await logSize(network), request);
    clock.advance(300_000);
    await addRecord(doctor, { ...own, content: utf8ToBytes('beyond the promise') });
    await network.checkpoint();
    const second = await logVersion(doctor, await versionOf('other'));
    await network.checkpoint();
    const of = { record: id, version: 1 };
    const view = viewOf(care, wanted(of));
    const support = { opening: right.grant };
    const { acknowledgement } = await submitEvidence(doctor, 'View', view, support);
    await network.services().administrator.checkpoint();
    const releaseOf = async (
      record: Acknowledgement,
      { file }: { readonly file: Bytes32 },
    ): Promise<unknown> => {
      const seal = await sealOf(network, { file });
      const asked = { ...seal, view: acknowledgement, place: 0, record, opening: right.grant };
      const { coordinator } = network.services('laboratory');
      return await coordinator.release({ log: LOG, recipient, views: [asked] });
    };
    const absent = failsWith('EVIDENCE_INVALID', { reason: 'the write is not in its log' });
    await assert.rejects(releaseOf(dropped, first), absent);
    // Nor at a place that the coordinator does not know.
    const ahead = { ...dropped, index: acknowledgement.index + 1 };
    await assert.rejects(releaseOf(ahead, first), failsWith('NOT_YET'));
    const { acknowledgement: standing } = second;
    const write = parseBody(standing.body).request.message as Write;
    await releaseOf(standing, write);
  });
});

describe('a coordinator that has to fetch the file first', () => {
  afterEach(() => network.liars.contributor.clear());

  it('releases its share once it has it', async () => {
    const view = await viewed();
    await slowPeers(1000);
    await release(view);
  });

  // @attack a peer gives a file so slowly that the reader’s right ends, or the file is erased, before the share is released | all is judged again after the file came
  it('releases nothing to a reader who may no longer read it by then', async () => {
    const view = await viewed();
    await slowPeers(250_000);
    await assert.rejects(release(view), failsWith('REQUEST_LATE'));
  });
});

describe('a party that asks for shares again and again', () => {
  // @attack a reader has the same views released again and again | a quota for each minute, at its agent and at each coordinator
  it('is refused by each coordinator until the next minute, and takes nothing from another', async () => {
    const view = await viewed();
    for (let n = 0; n < RELEASES; n++) await release(view);
    await assert.rejects(release(view), failsWith('QUOTA_SPENT', { what: 'released views' }));
    await release(view, 'insurer');
    network.clock.advance(60_000);
    await release(view);
  });

  // @attack an organisation asks coordinators again and again with seals of other files, so that each looks for the file in its store and at its peers | each question counts before the file is looked for
  it('is refused as soon if each seal is of another file', async () => {
    const view = await viewed();
    const { views, ...asked } = await asking(view);
    const other = {
      ...asked,
      views: views.map((each) => ({ ...each, encapsulation: view.entry })),
    };
    const { coordinator } = network.services('laboratory');
    for (let n = 0; n < RELEASES; n++)
      await assert.rejects(coordinator.release(other), failsWith('EVIDENCE_INVALID'));
    await assert.rejects(coordinator.release(other), failsWith('QUOTA_SPENT'));
  });

  // @attack an organisation asks coordinators again and again for old views of a reader, so that its quota of releases is spent | only what would be released counts
  it('is not kept from reading by an organisation that asks again for a view of before, whose recipient it saw', async () => {
    const old = await viewed();
    network.clock.advance(300_000);
    for (let n = 0; n <= RELEASES; n++)
      await assert.rejects(release(old), failsWith('REQUEST_LATE'));
    await release(await viewed());
  });

  it('is refused by its agent before coordinators are asked, and what it is not entitled to costs nothing', async () => {
    const { doctor, right, handle } = care;
    const view = await viewed();
    let calls = 0;
    for (const name of ['hospital', 'laboratory', 'insurer']) {
      const { coordinator } = network.services(name);
      const counted = async (request: ReleaseRequest): ReturnType<typeof coordinator.release> => {
        calls++;
        return await coordinator.release(request);
      };
      network.liars.coordinator.set(name, { ...coordinator, release: counted });
    }
    const ask = async (to: string): Promise<unknown> =>
      await doctor.agent.release({
        recipient: to,
        views: [{ ...(await sealOf(network, record)), index: view.index, place: 0 }],
        opening: right.grant,
      });
    const other = await recipientOf(ageIdentity(new Uint8Array(32).fill(6)));
    for (let n = 0; n < 9; n++) await assert.rejects(ask(other), failsWith('NOT_FOUND'));
    assert.equal(calls, 0);
    for (let n = 0; n < RELEASES; n++) await ask(recipient);
    const before = calls;
    await assert.rejects(ask(recipient), failsWith('QUOTA_SPENT'));
    assert.equal(calls, before);
    // The reading says why it waits, and goes on in the next minute.
    const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    await assert.rejects(readRecord(doctor, chart, record), failsWith('QUOTA_SPENT'));
    network.clock.advance(60_000);
    await readRecord(doctor, chart, record);
  });
});
