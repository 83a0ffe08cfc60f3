// Over 400 lines: each lie about a release is tried with the proof that convicts it, over the same views and networks.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { sealOf } from '../../node/test/sealOf.ts';
import { falseShares, GENERATOR } from '../../node/test/falseShares.ts';
import { startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import type { Hex, Organisation } from '../../protocol/ids.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import { sealHash } from '../../protocol/release/releasedShare.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import {
  formatEvidenceFile,
  parseEvidenceFile,
} from '../../protocol/evidence/parseEvidenceFile.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import type { ReleaseAsked } from '../../protocol/release/ReleaseAsked.ts';
import type { ReleasedShares } from '../../protocol/release/ReleasedShares.ts';
import type { ReleaseProof, ReleaseStatement } from '../../protocol/release/ReleaseProof.ts';
import type { ReleaseFault } from '../../protocol/release/releaseFaults.ts';
import { verifyReleaseProof } from '../../protocol/release/verifyReleaseProof.ts';
import type { ShareRelease } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { someOf } from '../../protocol/test/share.ts';
import { addRecord } from './addRecord.ts';
import { falseReleaseOf } from './keyReleased.ts';
import { readChart, type Chart } from './readChart.ts';
import { readRecord, type RecordRead } from './readRecord.ts';
import { readRecords } from './readRecords.ts';
import type { ChartRecord } from './viewChart.ts';
import type { Party } from '../party/Party.ts';
import { lyingTo } from '../test/lyingTo.ts';

const SECRET = utf8ToBytes('a guarded note');

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  for (let n = 0; n < 3; n++) await addRecord(doctor, { ...own, content: SECRET });
});
after(async () => await network.close());
afterEach(() => network.liars.coordinator.clear());

async function seen(): Promise<{ chart: Chart; record: ChartRecord }> {
  const { doctor, handle, right } = care;
  const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  const [record] = chart.records;
  assert.ok(record);
  return { chart, record };
}

/** Has a coordinator be away for so many calls. */
function away(name: Organisation, calls = Infinity): void {
  const { coordinator } = network.services(name);
  let left = calls;
  network.liars.coordinator.set(name, {
    ...coordinator,
    release: async (request) => {
      if (left-- > 0) throw new MedsealError('PEER_UNREACHABLE', { peer: name });
      return await coordinator.release(request);
    },
  });
}

/** The proof of a reading. */
async function proven(): Promise<ReleaseProof> {
  const { chart, record } = await seen();
  const { released } = await readRecord(care.doctor, chart, record);
  assert.ok(released);
  return released.prove();
}

function found(
  proof: ReleaseProof,
  file: NetworkFile = network.file,
): Readonly<Record<Organisation, ReleaseFault | undefined>> {
  const { releases } = verifyReleaseProof(care.doctor, file, proof, { strict: true });
  return Object.fromEntries(releases.map(({ organisation, fault }) => [organisation, fault]));
}

describe('a reader that a coordinator lies to', () => {
  // @attack a coordinator answers first, with a false share, so that a reading fails | the reader asks for those of others
  it('asks others than the liar, if too few true shares came', async () => {
    const { chart, record } = await seen();
    falseShares(network, 'hospital');
    away('insurer', 1);
    const { content, released } = await readRecord(care.doctor, chart, record);
    assert.deepEqual(content, SECRET);
    assert.deepEqual(new Set(released?.by), new Set(['hospital', 'laboratory', 'insurer']));
    const proof = released?.prove();
    assert.ok(proof);
    assert.deepEqual(found(proof), {
      hospital: 'share',
      laboratory: undefined,
      insurer: undefined,
    });
  });

  it('reads many records so, and each has its own proof', async () => {
    const { chart } = await seen();
    falseShares(network, 'laboratory');
    for await (const read of readRecords(care.doctor, chart, chart.records)) {
      assert.ok('content' in read);
      const proof = read.released?.prove();
      assert.ok(proof);
      assert.equal(found(proof)['laboratory'], 'share');
    }
  });

  it('is told who lied and has the proof, if too few others release', async () => {
    const { chart, record } = await seen();
    falseShares(network, 'hospital');
    away('insurer');
    const error: unknown = await readRecord(care.doctor, chart, record).catch(
      (thrown: unknown) => thrown,
    );
    assert.ok(failsWith('RELEASE_FALSE', { liars: 'hospital', have: 1, need: 2 })(error));
    const proof = falseReleaseOf(error);
    assert.ok(proof);
    assert.deepEqual(found(proof), { hospital: 'share', laboratory: undefined });
    assert.equal(falseReleaseOf(new MedsealError('NOT_FOUND', { what: 'it' })), undefined);
  });

  it('is told which organisations answered, if too few did', async () => {
    const { chart, record } = await seen();
    away('hospital');
    away('insurer');
    await assert.rejects(
      readRecord(care.doctor, chart, record),
      failsWith('RELEASE_PENDING', { have: 1, need: 2, by: 'laboratory' }),
    );
  });

  it('takes other shares than were signed for no answer, for nobody could be shown who gave them', async () => {
    const { chart, record } = await seen();
    falseShares(network, 'hospital', undefined, { shares: `0x${'00'.repeat(32)}` });
    away('insurer');
    await assert.rejects(
      readRecord(care.doctor, chart, record),
      failsWith('RELEASE_PENDING', { have: 1, need: 2, by: 'laboratory' }),
    );
  });

  // @attack a coordinator answers first and seals nothing of use, so that the node waits for no other | the reader asks for those of others
  it('asks others than a coordinator that answers first and seals no use to it', async () => {
    const { chart, record } = await seen();
    const useless: (readonly [(count: number) => readonly unknown[], Partial<ShareRelease>])[] = [
      [() => [`0x${'97'.repeat(97)}`], { shares: `0x${'00'.repeat(32)}` }],
      [() => [], {}],
      [() => ['not a share'], {}],
    ];
    for (const [shares, change] of useless) {
      falseShares(network, 'hospital', shares, change);
      away('insurer', 1);
      assert.deepEqual((await readRecord(care.doctor, chart, record)).content, SECRET);
    }
  });

  // @attack a coordinator signs another seal than it was asked for, so that its false share is judged by that one | its answer counts as none
  it('takes shares of another seal for no answer', async () => {
    const { chart, record } = await seen();
    falseShares(network, 'hospital', undefined, { seals: `0x${'11'.repeat(32)}` });
    away('insurer');
    await assert.rejects(
      readRecord(care.doctor, chart, record),
      failsWith('RELEASE_PENDING', { have: 1, need: 2, by: 'laboratory' }),
    );
  });

  it('takes shares of another share of a key for no answer', async () => {
    const { chart, record } = await seen();
    falseShares(network, 'hospital', undefined, { key: `0x${'11'.repeat(32)}` });
    away('insurer');
    await assert.rejects(
      readRecord(care.doctor, chart, record),
      failsWith('RELEASE_PENDING', { have: 1, need: 2, by: 'laboratory' }),
    );
  });
});

describe('a node that passes releases on', () => {
  const pending = failsWith('RELEASE_PENDING');

  it('counts one organisation once, though it passes its answer on twice, or what was not wanted', async () => {
    const { chart, record } = await seen();
    const twice = readerWhose(([first]) => (first === undefined ? [] : [first, first]));
    await assert.rejects(readRecord(twice, chart, record), pending);
    falseShares(network, 'hospital', () => []);
    let kept: readonly ReleasedShares[] = [];
    const stubborn = readerWhose(
      (answers) => (kept = kept.length === 0 ? answers.slice(0, 1) : kept),
    );
    await assert.rejects(readRecord(stubborn, chart, record), pending);
  });

  // @attack a node replays what was released for another reading | it is for another recipient
  it('cannot replay what was released for another reading', async () => {
    const { chart, record } = await seen();
    const before: ReleasedShares[] = [];
    const first = readerWhose((answers) => {
      before.push(...answers);
      return answers;
    });
    assert.deepEqual((await readRecord(first, chart, record)).content, SECRET);
    assert.ok(before.length >= 2);
    await assert.rejects(
      readRecord(
        readerWhose(() => before),
        chart,
        record,
      ),
      pending,
    );
  });

  // @attack a node exchanges the views of an answer, leaves some out, or passes one answer on twice | it counts as no answer, or once
  it('cannot exchange the views of an answer, or leave some out', async () => {
    const { chart } = await seen();
    const changes: ((released: ReleasedShares) => ReleasedShares)[] = [
      (released) => ({ ...released, entries: released.entries.toReversed() }),
      (released) => ({ ...released, entries: released.entries.slice(1) }),
      (released) => ({ ...released, release: { ...released.release, at: 1 } }),
    ];
    for (const change of changes) {
      const reader = readerWhose((answers) => answers.map(change));
      for await (const read of readRecords(reader, chart, chart.records)) {
        assert.ok('error' in read && pending(read.error));
      }
    }
  });

  // @attack somebody has another’s view released to a recipient of their own | the view’s salt commits to its reader
  it('cannot have another party’s view released to a recipient of its own', async () => {
    const { doctor, right, stranger } = care;
    const { view, seal, encapsulation } = await proven();
    const recipient = await recipientOf(ageIdentity(new Uint8Array(32).fill(4)));
    const views = [{ index: view.index, place: 0, seal, encapsulation }];
    const opening = right.grant;
    for (const { agent } of [doctor, stranger]) {
      await assert.rejects(agent.release({ recipient, views, opening }), failsWith('NOT_FOUND'));
    }
  });
});

describe('the proof of a release', () => {
  it('tells who released, and no share that is true', async () => {
    const proof = await proven();
    const told = Object.keys(found(proof));
    assert.ok(told.length >= 2);
    assert.deepEqual(new Set(Object.values(found(proof))), new Set([undefined]));
    assert.ok(proof.statements.every(({ share }) => share === undefined));
  });

  it('is a file of which no byte can be changed, but the place in the log, which a receipt proves', async () => {
    falseShares(network, 'hospital');
    const text = formatEvidenceFile(await proven());
    const file = utf8ToBytes(text);
    const whole = await read(file);
    assert.equal((whole as Record<string, unknown>)['hospital'], 'share');
    const place = /(?<="index":)\d+(?=,"log":)/.exec(text) ?? assert.fail();
    const isPlace = (at: number): boolean =>
      at >= place.index && at < place.index + place[0].length;
    for (const at of someOf([...file.keys()], 40)) {
      if (isPlace(at)) continue;
      const changed = file.with(at, (file[at] ?? 0) ^ (1 << (at % 7)));
      await assert.rejects(async () => await read(changed), `byte ${at}`);
    }
  });

  // @attack a coordinator signs more or fewer shares than views, so that no proof tells which of them was false | no answer: others are asked
  it('holds although a coordinator signed more shares than views, or fewer, so that no proof would convict it', async () => {
    const { chart } = await seen();
    for (const more of [1, -1]) {
      network.liars.coordinator.clear();
      falseShares(network, 'hospital', (count) => Array(count + more).fill(GENERATOR));
      const read = await readAll(chart);
      assert.ok(read.length > 1);
      for (const { released } of read) {
        const told = found(released?.prove() ?? assert.fail());
        assert.deepEqual(Object.keys(told).toSorted(), ['insurer', 'laboratory']);
      }
    }
  });

  // @attack a coordinator excuses a false share by a true one that it gives later | each answer counts for itself
  it('convicts of a false share by one of two answers to the same call: a true one excuses nothing', async () => {
    const { chart, record } = await seen();
    falseShares(network, 'hospital');
    const lied = await readRecord(care.doctor, chart, record);
    const proof = lied.released?.prove();
    assert.ok(proof);
    const { view, place, seal, encapsulation } = proof;
    network.liars.coordinator.clear();
    const again = await care.doctor.agent.release({
      recipient: proof.recipient,
      views: [{ index: view.index, place, seal, encapsulation }],
      opening: care.right.grant,
    });
    assert.ok(again.length >= 2);
    assert.equal(found(proof)['hospital'], 'share');
  });

  const faults: [string, ReleaseFault, (body: Body) => Partial<ShareRelease>][] = [
    [
      'to another recipient than the view names',
      'recipient',
      () => ({ recipient: `0x${'33'.repeat(32)}` }),
    ],
    [
      'after the deadline of the view',
      'late',
      ({ request }) => ({ at: request.message.deadline + 1 }),
    ],
  ];
  for (const [what, fault, change] of faults) {
    // @attack a coordinator releases to somebody else, or after the deadline | its statement convicts it
    it(`convicts a coordinator that released ${what}`, async () => {
      const proof = await proven();
      const body = JSON.parse(proof.view.body) as Body;
      const changed = resigned(proof, change(body));
      const [{ organisation } = assert.fail()] = seats(changed);
      assert.equal(found(changed)[organisation], fault);
    });
  }

  // @attack a reader shows the seal of another version beside an honest coordinator's share | it is not the one that the coordinator signed
  it('convicts a coordinator that signed the seal of another version, and nobody else', async () => {
    const { chart, record } = await seen();
    const other = chart.records.find((each) => each.record !== record.record) ?? assert.fail();
    const seal = await sealOf(network, other);
    const proof = await proven();
    assert.throws(() => found({ ...proof, ...seal }), failsWith('EVIDENCE_INVALID'));
    const root = listRoot(care.doctor.primitives, [sealHash(care.doctor.primitives, seal)]);
    const { statements } = resigned(proof, { seals: root });
    const alone = { ...proof, ...seal, statements: statements.slice(0, 1) };
    const [{ organisation } = assert.fail()] = seats(alone);
    assert.deepEqual(found(alone), { [organisation]: 'seal' });
  });

  const invalid: [string, (proof: ReleaseProof) => ReleaseProof | Promise<ReleaseProof>][] = [
    ['no statement', (proof) => ({ ...proof, statements: [] })],
    [
      'one statement twice',
      (proof) => ({ ...proof, statements: [...proof.statements, ...proof.statements] }),
    ],
    ['another place', (proof) => ({ ...proof, place: proof.place + 1 })],
    [
      'another seal',
      (proof) => ({
        ...proof,
        seal: proof.seal.replace(/.$/, (last) => (last === '0' ? '1' : '0')) as Hex,
      }),
    ],
    ['another encapsulation', (proof) => ({ ...proof, encapsulation: `0x${'55'.repeat(32)}` })],
    [
      'seals that the coordinator signed in place of the one that was opened',
      (proof) => resigned(proof, { seals: `0x${'66'.repeat(32)}` }),
    ],
    [
      'another recipient',
      async (proof) => ({
        ...proof,
        recipient: await recipientOf(ageIdentity(new Uint8Array(32).fill(3))),
      }),
    ],
    [
      'the view of a chart',
      async (proof) => ({ ...proof, view: (await seen()).chart.acknowledgement }),
    ],
    [
      'another view of the same record',
      async (proof) => ({ ...proof, view: (await proven()).view }),
    ],
    ['too few verdicts', (proof) => ({ ...proof, view: { ...proof.view, verdicts: [] } })],
    ['another share of the key', (proof) => resigned(proof, { key: `0x${'11'.repeat(32)}` })],
    ['another log', (proof) => resigned(proof, { log: `0x${'11'.repeat(32)}` })],
    ['other entries', (proof) => resigned(proof, { entries: `0x${'11'.repeat(32)}` })],
    [
      'the signature of another statement',
      (proof) => altered(proof, ({ release }) => ({ release: { ...release, at: release.at - 1 } })),
    ],
    [
      'a share that the coordinator did not sign',
      (proof) =>
        altered(proof, () => ({
          share: { share: `0x${'97'.repeat(97)}`, salt: `0x${'00'.repeat(16)}`, inclusion: [] },
        })),
    ],
    ['somebody who is not a coordinator', (proof) => resigned(proof, {}, 'nobody')],
  ];
  for (const [what, change] of invalid) {
    // @attack a reader accuses an honest coordinator of a false share | it signed the hash of the true one
    it(`accuses nobody with ${what}`, async () => {
      const changed = await change(await proven());
      assert.throws(() => found(changed), failsWith('EVIDENCE_INVALID'));
    });
  }

  // @attack shares are dealt again, so that what an honest one released before looks false | it is held against the key of its time
  it('is held against the release key of its time once shares were dealt again', async () => {
    falseShares(network, 'hospital');
    const proof = await proven();
    const { file } = network;
    const [channel = assert.fail()] = file.channels;
    const { release = assert.fail() } = channel;
    const [one, two, ...others] = release.shares;
    assert.ok(one && two);
    // Each has the key of another: as after new deals, nothing that was released before fits it.
    const shares = [{ ...one, key: two.key }, { ...two, key: one.key }, ...others];
    const dealtAgain: NetworkFile = {
      ...file,
      channels: [{ ...channel, release: { ...release, shares } }],
      before: [
        {
          fingerprint: `0x${'44'.repeat(32)}`,
          until: Math.floor(network.clock.now() / 1000) + 60,
          channels: [channel],
        },
      ],
    };
    assert.equal(found(proof, dealtAgain)['hospital'], 'share');
    assert.equal(found(proof, dealtAgain)['laboratory'], undefined);
    const { before: _, ...forgetful } = dealtAgain;
    assert.throws(() => found(proof, forgetful), failsWith('EVIDENCE_INVALID'));
  });

  it('keeps the hash of the recipient, not the recipient of another', async () => {
    const { recipient, statements } = await proven();
    const hash = recipientHash(care.doctor.primitives, recipient);
    assert.ok(statements.every(({ release }) => release.recipient === hash));
  });
});

async function readAll(chart: Chart): Promise<readonly RecordRead<Uint8Array>[]> {
  const all: RecordRead<Uint8Array>[] = [];
  for await (const each of readRecords(care.doctor, chart, chart.records)) {
    assert.ok('content' in each);
    all.push(each);
  }
  return all;
}

async function read(bytes: Uint8Array): Promise<unknown> {
  const parsed = parseEvidenceFile(bytes);
  assert.ok(parsed.kind === 'release');
  return found(parsed.release);
}

/** The doctor, whose node changes what coordinators answered. */
function readerWhose(
  change: (answers: readonly ReleasedShares[], asked: ReleaseAsked) => readonly ReleasedShares[],
): Party {
  const { doctor } = care;
  return lyingTo(network, doctor, {
    release: async (asked) => change(await doctor.agent.release(asked), asked),
  });
}

/** The proof with its first statement changed. */
function altered(
  proof: ReleaseProof,
  change: (statement: ReleaseStatement) => Partial<ReleaseStatement>,
): ReleaseProof {
  const [first, ...others] = proof.statements;
  assert.ok(first);
  return { ...proof, statements: [{ ...first, ...change(first) }, ...others] };
}

function seats({ statements }: ReleaseProof): readonly { organisation: Organisation }[] {
  return statements.map(({ coordinator }) => {
    const seat = network.file.channels[0]?.coordinators.find(
      ({ address }) => address === coordinator,
    );
    return seat ?? { organisation: 'nobody' };
  });
}

/** The proof with its first statement changed, and signed so by its coordinator, or by somebody else. */
function resigned(
  proof: ReleaseProof,
  change: Partial<ShareRelease>,
  by?: Organisation,
): ReleaseProof {
  const [seat] = seats(proof);
  return altered(proof, (statement) => {
    const release = { ...statement.release, ...change };
    const key =
      by === undefined ? network.keys.get(seat?.organisation ?? '')?.coordinator : undefined;
    const signer = key ?? {
      address: care.doctor.address,
      signingKey: care.doctor.keys.signingKey(),
    };
    const { party: coordinator, signature } = sign(care.doctor, signer, 'ShareRelease', release);
    return { release, coordinator, signature };
  });
}
