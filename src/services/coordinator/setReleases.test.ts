import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { base64 } from '@scure/base';
import { examineAudit } from '../../client/audit/examineAudit.ts';
import { lyingTo } from '../../client/test/lyingTo.ts';
import { submitEvidence } from '../../client/agent/submit.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import type { ChartRecord } from '../../client/records/viewChart.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { isShareIn } from '../../crypto/threshold/extractShare.ts';
import { readSeal } from '../../crypto/threshold/releaseSeal.ts';
import { setOf, viewOf } from '../../node/test/requests.ts';
import { sealOf } from '../../node/test/sealOf.ts';
import { startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import { parseSealedShares } from '../../protocol/release/parseSealedShares.ts';
import { provePairs, releasedName } from '../../protocol/release/releasedView.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { ReleaseProof } from '../../protocol/release/ReleaseProof.ts';
import { sealHash, shareHash } from '../../protocol/release/releasedShare.ts';
import { examineShares } from '../../client/records/keyReleased.ts';
import { verifyReleaseProof } from '../../protocol/release/verifyReleaseProof.ts';
import { versionIdentity } from '../../protocol/release/versionIdentity.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { pairLeaf, type ViewPair } from '../../protocol/evidence/viewSet.ts';
import type { ReleaseRequest, ViewToRelease } from '../ports.ts';

const LOG = 'care/hospital';
const ABSENT = { record: word('nobody’s record'), version: 1 };
const identity = ageIdentity(new Uint8Array(32).fill(5));

let network: TestNetwork;
let care: Care;
let recipient: string;
let records: readonly ChartRecord[];
let view: Acknowledgement;
/** Questions for shares, by record. */
let asked: ReadonlyMap<string, ViewToRelease>;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  recipient = await recipientOf(identity);
  const { doctor, handle, right } = care;
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  for (const note of ['one', 'two', 'three']) {
    await addRecord(doctor, { ...own, content: utf8ToBytes(note) });
  }
  ({ records } = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' }));
  ({ view, asked } = await viewSet([...records, ABSENT]));
});
after(async () => await network.close());

/** A set of views that stands in the log, below a checkpoint, with what is asked for of each record. */
async function viewSet(
  versions: readonly ViewPair[],
): Promise<{ readonly view: Acknowledgement; readonly asked: ReadonlyMap<string, ViewToRelease> }> {
  const { doctor, right } = care;
  const salt = readerSalt(doctor.primitives, recipient, 0);
  const deadline = Math.floor(network.clock.now() / 1000) + 300;
  const { set, pairs } = setOf(care, versions, { salt, deadline });
  const along = { opening: right.grant, pairs };
  const { acknowledgement } = await submitEvidence(doctor, 'ViewSet', set, along);
  await network.services().administrator.checkpoint();
  const proven = provePairs(doctor.primitives, salt, pairs).map(async (pair) => {
    const record = records.find((each) => each.record === pair.record) ?? records[0];
    assert.ok(record);
    const seal = await sealOf(network, record);
    const opening = right.grant;
    const support = { record: record.acknowledgement, opening };
    return [pair.record, { ...seal, ...support, view: acknowledgement, place: 0, pair }] as const;
  });
  return { view: acknowledgement, asked: new Map(await Promise.all(proven)) };
}

function of({ record }: ViewPair): ViewToRelease & Required<Pick<ViewToRelease, 'pair'>> {
  const found = asked.get(record);
  assert.ok(found?.pair);
  return { ...found, pair: found.pair };
}

async function release(
  views: readonly ViewToRelease[],
  change: Partial<ReleaseRequest> = {},
): ReturnType<ReturnType<TestNetwork['services']>['coordinator']['release']> {
  const { coordinator } = network.services('laboratory');
  return await coordinator.release({ log: LOG, recipient, views, ...change });
}

function nameOf(pair: ViewPair): `0x${string}` {
  const { primitives } = care.doctor;
  const { salt } = parseBody(view.body).request.message;
  return releasedName(primitives, { entry: view.entry, leaf: pairLeaf(primitives, salt, pair) });
}

const refused = failsWith('EVIDENCE_INVALID');

async function without(): Promise<never> {
  return await Promise.reject(new Error('nobody is asked again'));
}

describe('a coordinator that releases for a set of views', () => {
  it('gives the share of each record that is asked for, and of no other', async () => {
    const [one, , three] = records;
    assert.ok(one && three);
    const released = await release([of(one), of(three)]);
    assert.deepEqual(released.entries, [nameOf(one), nameOf(three)]);
    const opened = await openBytes([identity], base64.decode(released.sealed));
    const shares = parseSealedShares(opened);
    const key = releaseKeyOf(network.file, LOG) ?? assert.fail();
    const index = key.indices.get('laboratory') ?? 0;
    for (const [place, each] of [one, three].entries()) {
      const id = versionIdentity(network.file, key, { ...each, handle: care.handle });
      const { point } = readSeal(hexToBytes(of(each).seal));
      const share = { index, share: hexToBytes(shares[place]?.share ?? '0x') };
      const { group } = network.ports.primitives;
      assert.ok(isShareIn(group, key, { identity: id, point }, share));
    }
    assert.equal(shares.length, 2);
  });

  it('proves by its statement for which record it released', async () => {
    const { primitives } = care.doctor;
    const [one, two] = records;
    assert.ok(one && two);
    const views = [of(one), of(two)];
    const { release: signed, entries, coordinator, signature } = await release(views);
    const inclusion = (hashes: readonly Bytes32[], index: number): readonly Bytes32[] => {
      const leaves = hashes.map((hash) => leafHash(primitives, hexToBytes(hash)));
      return memoryTree(primitives, leaves).inclusion(index).map(bytesToHex);
    };
    const seals = views.map((each) => sealHash(primitives, each));
    const { seal, encapsulation, pair } = of(two);
    const statement = { release: signed, coordinator, signature, index: 1, size: 2 };
    const proven = { inclusion: inclusion(entries, 1), sealInclusion: inclusion(seals, 1) };
    const proof: ReleaseProof = {
      format: 'medseal-release/2',
      view,
      recipient,
      place: 0,
      pair,
      seal,
      encapsulation,
      statements: [{ ...statement, ...proven }],
    };
    const { releases } = verifyReleaseProof(care.doctor, network.file, proof);
    assert.deepEqual(
      releases.map(({ organisation, fault }) => [organisation, fault]),
      [['laboratory', undefined]],
    );
    for (const other of [of(one).pair, { ...pair, version: 2 }, { ...pair, nth: pair.nth + 1 }]) {
      assert.throws(
        () => verifyReleaseProof(care.doctor, network.file, { ...proof, pair: other }),
        refused,
      );
    }
    const { pair: _, ...bare } = proof;
    assert.throws(() => verifyReleaseProof(care.doctor, network.file, bare), refused);
  });

  // @attack a coordinator releases a record that the set's entry leaves out | its statement and the entry convict it
  it('is convicted by a release for a record that was left out', async () => {
    const { doctor } = care;
    const { primitives } = doctor;
    const { release: signed } = await release([of(records[0] ?? assert.fail())]);
    const { pair, seal, encapsulation } = of(ABSENT);
    const told = {
      ...signed,
      entries: listRoot(primitives, [nameOf(ABSENT)]),
      seals: listRoot(primitives, [sealHash(primitives, { seal, encapsulation })]),
    };
    const key = network.keys.get('laboratory')?.coordinator ?? assert.fail();
    const { party: coordinator, signature } = sign(doctor, key, 'ShareRelease', told);
    const at = { index: 0, size: 1, inclusion: [], sealInclusion: [] };
    const proof: ReleaseProof = {
      format: 'medseal-release/2',
      view,
      recipient,
      place: 0,
      pair,
      seal,
      encapsulation,
      statements: [{ release: told, coordinator, signature, ...at }],
    };
    const [found] = verifyReleaseProof(doctor, network.file, proof).releases;
    assert.deepEqual([found?.organisation, found?.fault], ['laboratory', 'refused']);
  });

  it('is convicted by the reader whom it gave a share of such a record', async () => {
    const { doctor } = care;
    const { primitives } = doctor;
    const given = await release([of(records[0] ?? assert.fail())]);
    const opened = parseSealedShares(await openBytes([identity], base64.decode(given.sealed)));
    const salted = opened[0] ?? assert.fail();
    const { pair, seal, encapsulation } = of(ABSENT);
    const entries = [nameOf(ABSENT)];
    const hashes = [shareHash(primitives, salted)];
    const seals = [sealHash(primitives, { seal, encapsulation })];
    const told = {
      ...given.release,
      entries: listRoot(primitives, entries),
      shares: listRoot(primitives, hashes),
      seals: listRoot(primitives, seals),
    };
    const signer = network.keys.get('laboratory')?.coordinator ?? assert.fail();
    const { party: coordinator, signature } = sign(doctor, signer, 'ShareRelease', told);
    const key = releaseKeyOf(network.file, LOG) ?? assert.fail();
    const share = {
      index: key.indices.get('laboratory') ?? 0,
      organisation: 'laboratory',
      share: hexToBytes(salted.share),
      salted,
      statement: { release: told, entries, coordinator, signature },
      hashes,
      seals,
    };
    const wanted = { view, recipient, place: 0, pair, seal, encapsulation, key };
    const { proof } = examineShares(doctor, { ...wanted, shares: [share], without });
    const [found] = verifyReleaseProof(doctor, network.file, proof).releases;
    assert.deepEqual([found?.organisation, found?.fault], ['laboratory', 'refused']);
  });

  // @class a reader of a set of a thousand records | each of them costs every coordinator the signatures of the whole set
  it('verifies the view once, of however many of its records it releases', async (t) => {
    const views = records.map(of);
    await release(views);
    const recover = t.mock.method(network.ports.primitives, 'recover');
    await release(views.slice(0, 1));
    const one = recover.mock.callCount();
    await release(views);
    assert.ok(one > 0);
    assert.equal(recover.mock.callCount(), 2 * one);
  });

  // @attack a reader shows an acknowledgement once as it is, and altered beside other records of the same set | what was verified is what is read
  it('releases for no acknowledgement that differs from the one that it verified', async () => {
    const [one, two] = records;
    assert.ok(one && two);
    const other = of(two);
    const moved = { ...other, view: { ...other.view, index: other.view.index + 1 } };
    assert.deepEqual((await release([of(one), moved])).entries, []);
    const body = { ...parseBody(view.body), left: [] };
    const altered = { ...of(ABSENT), view: { ...view, body: JSON.stringify(body) } };
    await assert.rejects(release([of(one), altered]), refused);
  });

  it('releases again alike, notes each once, and tells the patient’s audit of each', async () => {
    const { patient } = care;
    for (const _ of [1, 2]) for (const each of records) await release([of(each)]);
    const { logs } = await examineAudit(lyingTo(network, patient, {}));
    const event = logs.flatMap(({ events }) => events).find(({ entry }) => entry === view.entry);
    const told = (event?.released ?? []).filter(
      ({ organisation }) => organisation === 'laboratory',
    );
    const { salt } = parseBody(view.body).request.message;
    assert.deepEqual(
      new Set(told.map(({ leaf }) => leaf)),
      new Set(records.map((each) => pairLeaf(patient.primitives, salt, each))),
    );
    assert.deepEqual(
      logs.flatMap(({ faults }) => faults),
      [],
    );
  });
});

describe('a coordinator releases nothing for a set of views', () => {
  // @attack a reader asks for shares of a record that the set does not name, or that was left out | the set's root and the body say what was accepted
  it('of a record that it left out, or does not name', async () => {
    const [one, two] = records;
    assert.ok(one && two);
    await assert.rejects(release([of(ABSENT)]), refused);
    const own = of(one);
    for (const pair of [
      { ...own.pair, record: two.record },
      { ...own.pair, version: 2 },
      { ...own.pair, nth: own.pair.nth + 1 },
      { ...own.pair, nth: 4096 },
      { ...own.pair, proof: [] },
    ]) {
      await assert.rejects(release([{ ...own, pair }]), refused, JSON.stringify(pair));
    }
    const { pair: _, ...bare } = own;
    await assert.rejects(release([bare]), refused);
  });

  it('for the seal of another record of the set', async () => {
    const [one, two] = records;
    assert.ok(one && two);
    const { seal, encapsulation } = of(two);
    await assert.rejects(release([{ ...of(one), seal, encapsulation }]), refused);
  });

  it('for one record twice, and to another recipient than the set commits to', async () => {
    const [one] = records;
    assert.ok(one);
    await assert.rejects(release([of(one), of(one)]), failsWith('REQUEST_MALFORMED'));
    const other = await recipientOf(ageIdentity(new Uint8Array(32).fill(6)));
    await assert.rejects(release([of(one)], { recipient: other }), refused);
    await assert.rejects(release([{ ...of(one), place: 1 }]), refused);
  });

  it('for a view of one record that is said to be of a set', async () => {
    const [one] = records;
    assert.ok(one);
    const { doctor, right } = care;
    const { record, version } = one;
    const deadline = Math.floor(network.clock.now() / 1000) + 300;
    const salt = readerSalt(doctor.primitives, recipient, 0);
    const single = viewOf(care, { what: 'record', record, version, salt, deadline });
    const { acknowledgement } = await submitEvidence(doctor, 'View', single, {
      opening: right.grant,
    });
    await network.services().administrator.checkpoint();
    await assert.rejects(release([{ ...of(one), view: acknowledgement }]), refused);
    const { pair: _, ...bare } = of(one);
    assert.equal((await release([{ ...bare, view: acknowledgement }])).entries.length, 1);
  });
});
