import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { base64, base64nopad } from '@scure/base';
import { Stanza, type Recipient } from 'age-encryption';
import {
  bytesToHex,
  bytesToUtf8,
  concatBytes,
  hexToBytes,
  utf8ToBytes,
} from '../../crypto/bytes.ts';
import { ageIdentity, recipientKey, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { portableKem } from '../../crypto/sealing/portableKem.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { evidencedRecipient } from '../../crypto/threshold/evidencedStanza.ts';
import { BASE, SECOND } from '../../crypto/threshold/GroupPort.ts';
import { readSeal } from '../../crypto/threshold/releaseSeal.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { everything, startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import { sealOf } from '../../node/test/sealOf.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import { falseShares } from '../../node/test/falseShares.ts';
import { uploaded } from '../../node/test/requests.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { versionIdentity } from '../../protocol/release/versionIdentity.ts';
import type { ReleasedShares, SealedShares } from '../../protocol/release/ReleasedShares.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { ReleaseRequest, ViewToRelease } from '../../services/ports.ts';
import { submitEvidence } from '../agent/submit.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import { openParty } from '../party/Party.ts';
import { changeKey } from '../party/changeKey.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { grantRight } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { confirmSheet } from '../epochs/confirmSheet.ts';
import { addRecord } from './addRecord.ts';
import { logVersion } from './logVersion.ts';
import { readChart, type Chart } from './readChart.ts';
import { readRecord } from './readRecord.ts';
import type { ChartRecord } from './viewChart.ts';

const SECRET = utf8ToBytes('a guarded note');
const RECORD = 'vitals';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  await add('a guarded note');
});
after(async () => await network.close());
afterEach(() => network.liars.coordinator.clear());

async function add(note: string): Promise<void> {
  const { doctor, handle, right } = care;
  const content = utf8ToBytes(note);
  const version = {
    handle,
    category: RECORD,
    content,
    purpose: 'TREAT',
    grant: right.grant,
  } as const;
  await addRecord(doctor, version);
}

/** The first record as the doctor sees it. */
async function seen(): Promise<{
  chart: Awaited<ReturnType<typeof readChart>>;
  record: ChartRecord;
}> {
  const { doctor, handle, right } = care;
  const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  const [record] = chart.records;
  assert.ok(record);
  return { chart, record };
}

function silence(...names: readonly string[]): void {
  for (const name of names) {
    const { coordinator } = network.services(name);
    network.liars.coordinator.set(name, { ...coordinator, release: away });
  }
}

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'one that is away' }));
}

describe('a record in a channel with a release key', () => {
  it('is read by whoever has a right, with what coordinators release for the view', async () => {
    const { chart, record } = await seen();
    const { content, released } = await readRecord(care.doctor, chart, record);
    assert.deepEqual(content, SECRET);
    assert.ok(released !== undefined && released.by.length >= 2);
    const own = await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
    const read = await readRecord(care.patient, own, record);
    assert.equal(read.released, undefined, 'a patient needs no release');
  });

  it('is read while one organisation of three is away, not while two are, and again once one is back', async () => {
    const { chart, record } = await seen();
    silence('insurer');
    const without = await readRecord(care.doctor, chart, record);
    assert.deepEqual(without.content, SECRET);
    assert.deepEqual(without.released?.by.toSorted(), ['hospital', 'laboratory']);
    silence('insurer', 'laboratory');
    await assert.rejects(readRecord(care.doctor, chart, record), pending);
    network.liars.coordinator.delete('laboratory');
    assert.deepEqual((await readRecord(care.doctor, chart, record)).content, SECRET);
  });

  it('is read by its patient though nobody releases anything', async () => {
    silence('hospital', 'laboratory', 'insurer');
    const { patient, handle } = care;
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    const [record] = chart.records;
    assert.ok(record);
    assert.deepEqual((await readRecord(patient, chart, record)).content, SECRET);
  });

  it('is opened by any age tool with the identity that is the patient’s alone', async () => {
    const { patient, handle } = care;
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    const [record] = chart.records;
    assert.ok(record);
    const file = await sealedFile(record);
    const epoch = chart.identityFor(record.epoch, record.category);
    const own = chart.ownIdentityFor?.(record.epoch, record.category) ?? '';
    assert.deepEqual(await openBytes([own], file), SECRET);
    await assert.rejects(openBytes([epoch], file), failsWith('SEAL_UNREADABLE'));
  });

  it('is opened by its patient after a change of the key, from the new one alone, and by nobody once it is erased', async () => {
    const patient = await network.party('patient');
    await commitEpochs(patient, 3);
    const { handle } = await readPatientState(patient);
    const own = { handle, purpose: 'PATRQT' } as const;
    await addRecord(patient, { ...own, category: RECORD, content: SECRET });
    const seed = patient.random(32);
    await changeKey(patient, seed);
    silence('hospital', 'laboratory', 'insurer');
    const { address } = patient;
    const { agent, log } = patient;
    const at = { network: network.file, agent, log, device: memoryDevice() };
    const renewed = await openParty({ ...network.ports, ...at, seed, address });
    await restorePatient(renewed);
    const chart = await readChart(renewed, own);
    const [record] = chart.records;
    assert.ok(record);
    assert.deepEqual((await readRecord(renewed, chart, record)).content, SECRET);
    await eraseKeys(renewed, RECORD);
    const after = await readChart(renewed, own);
    await assert.rejects(readRecord(renewed, after, record), failsWith('RECORD_ERASED'));
  });

  it('does not open with the packet and the file, nor with what one organisation releases beside them', async () => {
    const { chart, record } = await seen();
    const file = await sealedFile(record);
    await assert.rejects(openBytes([chart.openerFor(record)], file), failsWith('SEAL_UNREADABLE'));
    silence('laboratory', 'insurer');
    await assert.rejects(readRecord(care.doctor, chart, record), failsWith('RELEASE_PENDING'));
  });

  it('opens though a coordinator releases a false share, for two that are sound are enough', async () => {
    const { chart, record } = await seen();
    falseShares(network, 'hospital');
    assert.deepEqual((await readRecord(care.doctor, chart, record)).content, SECRET);
  });

  it('is no longer released to a party whose right ended, and what it kept opens nothing', async () => {
    const { patient, stranger, handle } = care;
    const given = await grantRight(patient, { ...everything(stranger), actions: ['read'] });
    const chart = await readChart(stranger, { handle, grant: given.grant, purpose: 'TREAT' });
    const [record] = chart.records;
    assert.ok(record);
    await revokeRight(patient, given.digest);
    await assert.rejects(readRecord(stranger, chart, record), failsWith('RIGHT_ENDED'));
    const file = await sealedFile(record);
    await assert.rejects(openBytes([chart.openerFor(record)], file), failsWith('SEAL_UNREADABLE'));
    await commitEpochs(patient, 3);
  });

  it('is shared alone as half of a key, which opens it with a release and nothing without', async () => {
    const { patient, handle, stranger } = care;
    const own = await readChart(patient, { handle, purpose: 'PATRQT' });
    const [record] = own.records;
    assert.ok(record);
    const wanted = {
      ...everything(stranger),
      categories: [RECORD],
      record: record.record,
      actions: ['read'],
    } as const;
    const { grant } = await grantRight(patient, wanted);
    const chart = await readChart(stranger, { handle, grant, purpose: 'TREAT' });
    assert.ok('who' in chart.openerFor(record));
    assert.deepEqual((await readRecord(stranger, chart, record)).content, SECRET);
    const file = await sealedFile(record);
    await assert.rejects(openBytes([chart.openerFor(record)], file), failsWith('SEAL_UNREADABLE'));
    silence('laboratory', 'insurer');
    await assert.rejects(readRecord(stranger, chart, record), failsWith('RELEASE_PENDING'));
  });
});

describe('a coordinator releases nothing', () => {
  const identity = ageIdentity(new Uint8Array(32).fill(9));
  let recipient: string;
  let request: ReleaseRequest;
  let viewed: ViewToRelease;

  before(async () => {
    recipient = await recipientOf(identity);
    viewed = await viewFor(0);
    request = { log: 'care/hospital', recipient, views: [viewed] };
  });

  async function viewFor(place: number): Promise<ViewToRelease> {
    const { doctor, handle, right } = care;
    const { record } = await seen();
    const view = {
      log: doctor.log,
      what: 'record',
      handle,
      record: record.record,
      version: record.version,
      grant: right.digest,
      purpose: 'TREAT',
      deadline: Math.floor(network.ports.clock.now() / 1000) + 300,
      salt: readerSalt(doctor.primitives, recipient, place),
    } satisfies View;
    const { acknowledgement } = await submitEvidence(doctor, 'View', view, {
      opening: right.grant,
    });
    await network.services().administrator.checkpoint();
    return {
      ...(await sealOf(network, record)),
      view: acknowledgement,
      place,
      record: record.acknowledgement,
      opening: right.grant,
    };
  }

  it('but for a view that a quorum judged, which it does again and again alike', async () => {
    const [first, second] = [await release(request), await release(request)];
    assert.deepEqual(await openedBy(identity, first), await openedBy(identity, second));
    assert.deepEqual(first.entries, [viewed.view.entry]);
  });

  const altered: readonly (readonly [string, (own: Acknowledgement) => Partial<ViewToRelease>])[] =
    [
      ['for a view at another place', () => ({ place: 1 })],
      ['without verdicts', (view) => ({ view: { ...view, verdicts: [] } })],
      ['by one verdict', (view) => ({ view: { ...view, verdicts: view.verdicts.slice(0, 1) } })],
      [
        'by one organisation’s verdict twice',
        (view) => ({ view: { ...view, verdicts: [view.verdicts[0], view.verdicts[0]] as never } }),
      ],
      [
        'for another body',
        (view) => ({ view: { ...view, body: view.body.replace('TREAT', 'HRESCH') } }),
      ],
      ['for another entry', (view) => ({ view: { ...view, entry: `0x${'00'.repeat(32)}` } })],
      ['for another log', (view) => ({ view: { ...view, log: 'care/insurer' } })],
    ];
  for (const [what, change] of altered) {
    it(what, async () => {
      const views = [{ ...viewed, ...change(viewed.view) }];
      await assert.rejects(release({ ...request, views }), failsWith('EVIDENCE_INVALID'));
    });
  }

  it('to another recipient than the view commits to', async () => {
    const other = await recipientOf(ageIdentity(new Uint8Array(32).fill(8)));
    const { views } = request;
    await assert.rejects(release({ ...request, recipient: other }), failsWith('EVIDENCE_INVALID'));
    const index = viewed.view.index;
    const { seal, encapsulation } = viewed;
    const asking = { index, place: 0, seal, encapsulation };
    const asked = { recipient: other, views: [asking], opening: care.right.grant };
    await assert.rejects(care.doctor.agent.release(asked), failsWith('NOT_FOUND'));
    for (const bad of ['', 'age1pq1', recipient.toUpperCase()]) {
      await assert.rejects(
        release({ ...request, views, recipient: bad }),
        failsWith('REQUEST_MALFORMED'),
      );
    }
  });

  // @attack a reader views one record lawfully, and asks for shares of the seal of another | refused before any share is computed: a coordinator releases for the seal of the file that a quorum put on the chart
  it('for a seal of another record, or one that the file does not have', async () => {
    await add('another note');
    const { chart, record } = await seen();
    const another = chart.records.find((each) => each.record !== record.record);
    const theirs = await sealOf(network, another ?? assert.fail());
    const { seal, encapsulation } = viewed;
    const bytes = hexToBytes(seal);
    const altered = bytesToHex(bytes.with(129, (bytes[129] ?? 0) ^ 1));
    for (const asked of [
      theirs,
      { seal: theirs.seal, encapsulation },
      { seal, encapsulation: theirs.encapsulation },
      { seal: altered, encapsulation },
    ]) {
      const views = [{ ...viewed, ...asked }];
      for (const name of ['hospital', 'laboratory', 'insurer']) {
        await assert.rejects(
          network.services(name).coordinator.release({ ...request, views }),
          failsWith('EVIDENCE_INVALID', { reason: 'the seal is of another file' }),
        );
      }
      const { index } = viewed.view;
      const asking = { recipient, views: [{ index, place: 0, ...asked }] };
      await assert.rejects(
        care.doctor.agent.release({ ...asking, opening: care.right.grant }),
        failsWith('EVIDENCE_INVALID'),
      );
    }
  });

  it('for a chart, a write, or the record of another version', async () => {
    const { chart, record } = await seen();
    for (const view of [chart.acknowledgement, record.acknowledgement]) {
      const views = [{ ...viewed, view }];
      await assert.rejects(release({ ...request, views }), failsWith('EVIDENCE_INVALID'));
    }
    const { record: _, ...without } = viewed;
    await assert.rejects(
      release({ ...request, views: [without] }),
      (error) => error instanceof MedsealError,
    );
  });

  it('without the opening of the right, for no view, and for more than 128', async () => {
    const { opening: _, ...without } = viewed;
    await assert.rejects(
      release({ ...request, views: [without] }),
      (error) => error instanceof MedsealError,
    );
    await assert.rejects(release({ ...request, views: [] }), failsWith('REQUEST_MALFORMED'));
    const views = Array.from({ length: 129 }, () => viewed);
    await assert.rejects(release({ ...request, views }), failsWith('REQUEST_TOO_LARGE'));
  });
});

describe('a coordinator judges no write of a file', () => {
  it('that opens without a release, or is not a sealed file', async () => {
    const { doctor, handle } = care;
    const { recipients, own } = await confirmSheet(doctor, handle);
    const [theirs, patients] = [recipients[RECORD] ?? '', own?.[RECORD] ?? ''];
    const plain = await sealBytes([theirs], SECRET);
    const both = await sealBytes([theirs, patients], SECRET);
    for (const file of [plain, both, SECRET, new Uint8Array(10_000)]) {
      await assert.rejects(log(file), failsWith('SEAL_UNGUARDED'));
    }
  });

  // @attack an author writes a record of their own with the seal of another record in it, views it lawfully and opens the other | refused at the write: a seal proves for which version it was made
  it('whose seal was made for another record, nor with the points of that and a proof of its own', async () => {
    const { doctor, handle } = care;
    const { group } = doctor.primitives;
    const key = releaseKeyOf(network.file, doctor.log) ?? assert.fail();
    const { recipients, own } = await confirmSheet(doctor, handle);
    const theirs = await sealOf(network, (await seen()).record);
    const record = bytesToHex(doctor.random(32));
    const identity = versionIdentity(network.file, key, { handle, record, version: 1 });
    const target = {
      recipientKey: recipientKey(recipients[RECORD] ?? ''),
      keyId: key.id,
      identity,
    };
    const sealing = evidencedRecipient(
      group,
      portableKem,
      { ...target, publicKey: key.publicKey },
      doctor.random,
    );
    const sealedWith = async (seal?: Uint8Array): Promise<Uint8Array> => {
      const recipient: Recipient = {
        async wrapFileKey(fileKey) {
          const [stanza = assert.fail()] = await sealing.wrapFileKey(fileKey);
          const [type = '', id = '', encapsulated = '', ours = ''] = stanza.args;
          const named = seal === undefined ? ours : base64nopad.encode(seal);
          return [new Stanza([type, id, encapsulated, named], stanza.body)];
        },
      };
      return await sealBytes([recipient, own?.[RECORD] ?? ''], SECRET);
    };
    const { point, twin } = readSeal(hexToBytes(theirs.seal));
    const moved = [
      { point, scalar: 1n },
      { point: BASE, scalar: 5n },
    ];
    const rerandomised = concatBytes(
      group.sum(moved) ?? assert.fail(),
      group.sum([
        { point: twin, scalar: 1n },
        { point: SECOND, scalar: 5n },
      ]) ?? assert.fail(),
      hexToBytes(theirs.seal).subarray(66),
    );
    for (const seal of [hexToBytes(theirs.seal), rerandomised]) {
      await assert.rejects(log(await sealedWith(seal), record), failsWith('SEAL_UNGUARDED'));
    }
    await assert.rejects(log(await sealedWith()), failsWith('SEAL_UNGUARDED'));
    await log(await sealedWith(), record);
  });
});

describe('a coordinator judges a write of a file', () => {
  // The limit of a public proof: an author can give its own record away.
  it('whose key is not under its seal, which no proof shows: a reader gets an error, and the patient still reads it', async () => {
    const { doctor, patient, handle, right } = care;
    const key = releaseKeyOf(network.file, doctor.log) ?? assert.fail();
    const { recipients, own } = await confirmSheet(doctor, handle);
    const record = bytesToHex(doctor.random(32));
    const target = {
      recipientKey: recipientKey(recipients[RECORD] ?? ''),
      keyId: key.id,
      publicKey: key.publicKey,
      identity: versionIdentity(network.file, key, { handle, record, version: 1 }),
    };
    const { group } = doctor.primitives;
    const sealing = evidencedRecipient(group, portableKem, target, doctor.random);
    const recipient: Recipient = {
      async wrapFileKey(fileKey) {
        const [{ args } = assert.fail()] = await sealing.wrapFileKey(fileKey);
        return [new Stanza([...args], doctor.random(32))];
      },
    };
    await log(await sealBytes([recipient, own?.[RECORD] ?? ''], SECRET), record);
    const versionOf = (chart: Chart): ChartRecord =>
      chart.records.find((each) => each.record === record) ?? assert.fail();
    const theirs = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    await assert.rejects(
      readRecord(doctor, theirs, versionOf(theirs)),
      failsWith('SEAL_UNREADABLE'),
    );
    const patients = await readChart(patient, { handle, purpose: 'PATRQT' });
    const { content } = await readRecord(patient, patients, versionOf(patients));
    assert.deepEqual(content, SECRET);
  });
});

async function sealedFile({ file }: ChartRecord): Promise<Uint8Array> {
  return await collectBytes(network.services().contributor.file(file));
}

function pending(error: unknown): boolean {
  return (
    error instanceof MedsealError &&
    error.code === 'RELEASE_PENDING' &&
    error.retry &&
    (error.values as { have?: number }).have === 1 &&
    (error.values as { missing?: string }).missing === 'laboratory, insurer'
  );
}

async function release(asked: ReleaseRequest): Promise<ReleasedShares> {
  return await network.services('laboratory').coordinator.release(asked);
}

async function log(file: Uint8Array, id?: Bytes32): Promise<unknown> {
  const { doctor, handle, right } = care;
  const { epoch } = await confirmSheet(doctor, handle);
  const uploadedFile = await uploaded(doctor, file);
  const record = id ?? bytesToHex(doctor.random(32));
  const version = {
    handle,
    category: RECORD,
    purpose: 'TREAT',
    grant: right.grant,
    record,
    epoch,
    ...uploadedFile,
  } as const;
  return await logVersion(doctor, version);
}

async function openedBy(identity: string, { sealed }: ReleasedShares): Promise<unknown> {
  const opened = bytesToUtf8(await openBytes([identity], base64.decode(sealed)));
  return (JSON.parse(opened) as SealedShares).shares;
}
