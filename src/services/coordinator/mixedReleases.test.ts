import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { base64 } from '@scure/base';
import { submitEvidence } from '../../client/agent/submit.ts';
import { examineAudit } from '../../client/audit/examineAudit.ts';
import { eraseKeys } from '../../client/epochs/eraseKeys.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import type { ChartRecord } from '../../client/records/viewChart.ts';
import { lyingTo } from '../../client/test/lyingTo.ts';
import { hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { isShareIn } from '../../crypto/threshold/extractShare.ts';
import { readSeal } from '../../crypto/threshold/releaseSeal.ts';
import { setOf } from '../../node/test/requests.ts';
import { sealOf } from '../../node/test/sealOf.ts';
import { startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import { parseSealedShares } from '../../protocol/release/parseSealedShares.ts';
import { sealHash } from '../../protocol/release/releasedShare.ts';
import type { ReleasedShares } from '../../protocol/release/ReleasedShares.ts';
import { provePairs, releasedName } from '../../protocol/release/releasedView.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { verifyRelease } from '../../protocol/release/verifyRelease.ts';
import { versionIdentity } from '../../protocol/release/versionIdentity.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { pairLeaf } from '../../protocol/evidence/viewSet.ts';
import type { ViewToRelease } from '../ports.ts';

/** Views of one call of which a coordinator can release some. */

const LOG = 'care/hospital';
/** Views of a party for which its shares are released in a minute. */
const RELEASES = 20;
const identity = ageIdentity(new Uint8Array(32).fill(5));

/** A view that is asked for, with its name and its record. */
interface Asked {
  readonly view: ViewToRelease;
  readonly name: Bytes32;
  readonly record: ChartRecord;
}

let network: TestNetwork;
let care: Care;
let recipient: string;
let entry: Bytes32;
/** Views whose shares a coordinator can release, the first and the last of the set. */
let sound: readonly [Asked, Asked];
/** Views for which it cannot: of an erased record, of one whose write it does not know, and with the seal of another. */
let erased: Asked;
let unknown: Asked;
let misfit: Asked;

before(async () => {
  network = await startTestNetwork({ guarded: true, quotas: { releases: RELEASES } });
  care = await startCare(network);
  recipient = await recipientOf(identity);
  const { doctor, patient, handle, right } = care;
  const own = { handle, purpose: 'TREAT', grant: right.grant } as const;
  for (const [place, category] of (
    ['vitals', 'medications', 'vitals', 'vitals', 'vitals'] as const
  ).entries()) {
    await addRecord(doctor, { ...own, category, content: utf8ToBytes(`note ${place}`) });
  }
  const { records } = await readChart(doctor, own);
  const [first, toErase, fresh, altered, last] = await viewed(records.toSorted(inOrder));
  assert.ok(first && toErase && fresh && altered && last);
  await eraseKeys(patient, 'medications');
  await network.services().administrator.checkpoint();
  sound = [first, last];
  erased = toErase;
  unknown = { ...fresh, view: { ...fresh.view, record: ahead(fresh.record.acknowledgement) } };
  const { seal } = first.view;
  misfit = { ...altered, view: { ...altered.view, seal } };
});
after(async () => await network.close());

function inOrder(left: ChartRecord, right: ChartRecord): number {
  return left.acknowledgement.index - right.acknowledgement.index;
}

/** A write at a place of its log that nobody knows yet. */
function ahead(write: Acknowledgement): Acknowledgement {
  return { ...write, index: write.index + 1000 };
}

/** Views of records by one set that stands in the log, below a checkpoint. */
async function viewed(records: readonly ChartRecord[]): Promise<readonly Asked[]> {
  const { doctor, right } = care;
  const { primitives } = doctor;
  const salt = readerSalt(primitives, recipient, 0);
  const deadline = Math.floor(network.clock.now() / 1000) + 300;
  const { set, pairs } = setOf(care, records, { salt, deadline });
  const opening = right.grant;
  const { acknowledgement } = await submitEvidence(doctor, 'ViewSet', set, { opening, pairs });
  await network.services().administrator.checkpoint();
  ({ entry } = acknowledgement);
  const proven = provePairs(primitives, salt, pairs);
  return await Promise.all(
    records.map(async (record): Promise<Asked> => {
      const pair = proven.find((each) => each.record === record.record) ?? assert.fail();
      const seal = await sealOf(network, record);
      const support = { record: record.acknowledgement, opening };
      const name = releasedName(primitives, { entry, leaf: pairLeaf(primitives, salt, pair) });
      return { record, name, view: { ...seal, ...support, view: acknowledgement, place: 0, pair } };
    }),
  );
}

async function release(asked: readonly Asked[], name = 'laboratory'): Promise<ReleasedShares> {
  const { coordinator } = network.services(name);
  return await coordinator.release({ log: LOG, recipient, views: asked.map(({ view }) => view) });
}

function refusalsIn({ refused = [] }: ReleasedShares): readonly (readonly [Bytes32, string])[] {
  return refused.map(({ entry: name, problem }) => [name, problem.code]);
}

describe('a coordinator that can release some of the views of a call', () => {
  // @attack a view for which nothing can be released is asked for beside others, so that none of them is read | each is judged by itself
  it('releases these, and says of each other one why not', async () => {
    const [first, last] = sound;
    const released = await release([first, erased, unknown, misfit, last]);
    assert.deepEqual(released.entries, [first.name, last.name]);
    assert.deepEqual(refusalsIn(released), [
      [erased.name, 'RECORD_ERASED'],
      [unknown.name, 'NOT_YET'],
      [misfit.name, 'EVIDENCE_INVALID'],
    ]);
  });

  it('signs for these and no other, with one share for each', async () => {
    const { primitives } = care.doctor;
    const asked = [erased, ...sound, unknown];
    const { release: signed, entries, sealed, ...released } = await release(asked);
    assert.equal(
      signed.entries,
      listRoot(
        primitives,
        sound.map(({ name }) => name),
      ),
    );
    const hashes = sound.map(({ view }) => sealHash(primitives, view));
    assert.equal(signed.seals, listRoot(primitives, hashes));
    const seals = new Map(asked.map(({ name, view }) => [name, sealHash(primitives, view)]));
    const statement = { release: signed, entries, sealed, ...released };
    const by = verifyRelease(care.doctor, network.file, LOG, { recipient, seals }, statement);
    assert.equal(by, 'laboratory');
    const shares = parseSealedShares(await openBytes([identity], base64.decode(sealed)));
    assert.equal(shares.length, sound.length);
    const key = releaseKeyOf(network.file, LOG) ?? assert.fail();
    const index = key.indices.get('laboratory') ?? 0;
    for (const [place, { view, record }] of sound.entries()) {
      const id = versionIdentity(network.file, key, { ...record, handle: care.handle });
      const { point } = readSeal(hexToBytes(view.seal));
      const share = { index, share: hexToBytes(shares[place]?.share ?? '0x') };
      assert.ok(isShareIn(primitives.group, key, { identity: id, point }, share));
    }
  });

  it('notes these and no other', async () => {
    await release([erased, unknown, misfit, ...sound], 'insurer');
    const { logs } = await examineAudit(lyingTo(network, care.patient, {}));
    const event = logs.flatMap(({ events }) => events).find((each) => each.entry === entry);
    const noted = (event?.released ?? []).flatMap(({ organisation, leaf }) =>
      organisation === 'insurer' && leaf
        ? [releasedName(care.doctor.primitives, { entry, leaf })]
        : [],
    );
    assert.deepEqual(new Set(noted), new Set(sound.map(({ name }) => name)));
  });

  it('says nothing of others in a call of which it releases all', async () => {
    assert.equal((await release(sound)).refused, undefined);
  });

  it('refuses a view that is asked for alone with its reason, and says of each of several why, if it releases none', async () => {
    await assert.rejects(release([erased]), failsWith('RECORD_ERASED'));
    await assert.rejects(release([unknown]), failsWith('NOT_YET'));
    await assert.rejects(release([misfit]), failsWith('EVIDENCE_INVALID'));
    const none = await release([erased, misfit, unknown]);
    assert.deepEqual(none.entries, []);
    assert.deepEqual(refusalsIn(none), [
      [erased.name, 'RECORD_ERASED'],
      [misfit.name, 'EVIDENCE_INVALID'],
      [unknown.name, 'NOT_YET'],
    ]);
    assert.deepEqual(
      parseSealedShares(await openBytes([identity], base64.decode(none.sealed))),
      [],
    );
    const { primitives } = care.doctor;
    const seals = new Map(
      [erased, misfit, unknown].map(({ name, view }) => [name, sealHash(primitives, view)]),
    );
    const wanted = { recipient, seals };
    assert.equal(verifyRelease(care.doctor, network.file, LOG, wanted, none), 'laboratory');
  });

  it('refuses the whole of a call that is malformed, or of a party that spent its quota', async () => {
    const [first, last] = sound;
    const twice = [first, erased, first];
    await assert.rejects(release(twice), failsWith('REQUEST_MALFORMED', { what: 'views' }));
    const other = { ...last, view: { ...last.view, place: 1 } };
    await assert.rejects(release([first, other]), failsWith('EVIDENCE_INVALID'));
    network.clock.advance(60_000);
    for (let n = 0; n < RELEASES / 2; n++) await release(sound);
    await assert.rejects(release([erased, first]), failsWith('QUOTA_SPENT'));
  });

  it('counts a view that the reader may not read against no quota, and one whose file it has to look for', async () => {
    const [first] = sound;
    network.clock.advance(60_000);
    for (let n = 0; n < RELEASES; n++) await release([first, erased]);
    await assert.rejects(release([first, erased]), failsWith('QUOTA_SPENT'));
    network.clock.advance(60_000);
    for (let n = 0; n < RELEASES / 2; n++) await release([first, misfit]);
    await assert.rejects(release([first]), failsWith('QUOTA_SPENT'));
  });

  // @attack a peer gives one file so slowly that nothing is released of all that is asked for with it | a coordinator waits for each file three seconds, and fetches on
  it('waits for no file that a peer gives slowly longer than three seconds', async () => {
    const [first, last] = sound;
    network.clock.advance(60_000);
    await network.lose('laboratory', 'vault-index', 'vault');
    const given = Promise.withResolvers<undefined>();
    for (const name of ['hospital', 'insurer']) {
      const { contributor } = network.services(name);
      network.liars.contributor.set(name, {
        ...contributor,
        async *file(hash) {
          if (hash === last.record.file) {
            setTimeout(() => network.clock.advance(3000), 500);
            await given.promise;
          }
          yield* contributor.file(hash);
        },
      });
    }
    const released = await release([first, last]);
    assert.deepEqual(released.entries, [first.name]);
    assert.deepEqual(refusalsIn(released), [[last.name, 'NOT_YET']]);
    // The network would wait at its close for a file that is still fetched.
    given.resolve(undefined);
    network.liars.contributor.clear();
  });
});
