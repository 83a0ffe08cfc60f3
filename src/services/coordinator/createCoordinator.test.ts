// Over 400 lines: all that a coordinator judges and attests is tried on one network and one chart.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import {
  acknowledgedBy,
  judgedBody,
  submissionOf,
  viewOf,
  writeOf,
} from '../../node/test/requests.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { revokeRight } from '../../client/rights/revokeRight.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { sign, signerOf } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import { SYNCED } from '../../database/synced.ts';
import type { ContributorPort, CoordinatorPort, JudgedBody, Judgement } from '../ports.ts';

const LOG = 'care/hospital';
let network: TestNetwork;
let care: Care;
/** The laboratory's, which judges for the hospital's log. */
let coordinator: CoordinatorPort;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  coordinator = network.services('laboratory').coordinator;
});
after(async () => await network.close());

async function judge(...bodies: readonly JudgedBody[]): Promise<Judgement> {
  return await coordinator.judge({ log: LOG, bodies });
}

async function write(change: Partial<Write> = {}, body: Partial<Body> = {}): Promise<JudgedBody> {
  const request = sign(care.doctor, care.doctor, 'Write', await writeOf(care, change));
  return judgedBody(network, care, request, body);
}

async function assertRefused(body: JudgedBody, code: ErrorCode): Promise<void> {
  const { refused, verdict } = await judge(body);
  assert.equal(verdict, undefined);
  assert.equal(refused[0]?.problem.code, code);
}

describe('a coordinator that judges', () => {
  it('does each of its chores, though one before it fails', async () => {
    const own = await startTestNetwork();
    const database = own.database('laboratory', 'coordinator');
    const due = `due/${'0'.repeat(12)}/0x${'01'.repeat(16)}`;
    await database.put(due, JSON.stringify({ log: LOG, includeBy: 0, bytes: 0, bodies: [] }));
    await database.put(`awaited/${LOG}`, 'altered');
    await assert.rejects(own.services('laboratory').coordinator.collect(1000));
    assert.equal(await database.get(due), undefined);
    await own.close();
  });

  it('signs the root of what it agrees to, and promises inclusion within a minute', async () => {
    const bodies = [await write(), await write(), await write()];
    const { refused, verdict } = await judge(...bodies);
    assert.deepEqual(refused, []);
    assert.ok(verdict);
    const leaves = bodies.map(leafOf);
    assert.equal(
      verdict.verdict.root,
      bytesToHex(memoryTree(network.ports.primitives, leaves).root),
    );
    assert.equal(verdict.verdict.includeBy, verdict.verdict.at + 60);
    const signer = signerOf(care.doctor, 'Verdict', verdict.verdict, verdict.signature);
    assert.equal(signer, verdict.coordinator);
    assert.equal(signer, network.keys.get('laboratory')?.coordinator.address);
  });

  it('promises from the ledger’s time where its own clock lags behind, never what is over already', async () => {
    const at = Math.floor(network.clock.now() / 1000);
    await network.party('doctor');
    const body = await write({}, { at });
    network.clock.advance(-30_000);
    const { verdict } = await judge(body);
    network.clock.advance(30_000);
    const { includeBy = 0 } = verdict?.verdict ?? {};
    assert.ok(includeBy >= at + 60, `${includeBy - at} s`);
  });

  it('judges nothing if the ledger’s time is more than 30 s ahead of its own clock', async () => {
    const bodies = [await write(), await write()];
    network.clock.advance(-31_000);
    const { refused, verdict } = await judge(...bodies);
    network.clock.advance(31_000);
    const codes = refused.map(({ problem }) => problem.code);
    assert.deepEqual([codes, verdict], [['LEDGER_AHEAD', 'LEDGER_AHEAD'], undefined]);
  });

  it('leaves out what it refuses, each for itself, and covers the rest in its order', async () => {
    const bodies = [
      await write(),
      await write({ epoch: 9 }),
      await write(),
      await write({ size: 1 }),
    ];
    const { refused, verdict } = await judge(...bodies);
    assert.deepEqual(
      refused.map(({ index, problem }) => [index, problem.code]),
      [
        [1, 'EPOCH_STALE'],
        [3, 'FILE_MISMATCH'],
      ],
    );
    const leaves = [bodies[0], bodies[2]].map(leafOf);
    const root = bytesToHex(memoryTree(network.ports.primitives, leaves).root);
    assert.deepEqual([verdict?.verdict.size, verdict?.verdict.root], [2, root]);
  });

  it('signs for writes or for views, and for no array of both', async () => {
    const view = judgedBody(network, care, sign(care.doctor, care.doctor, 'View', viewOf(care)));
    const ofWrites = await judge(await write());
    const ofViews = await judge(view);
    assert.deepEqual(
      [ofWrites, ofViews].map(({ verdict }) => verdict?.verdict.kind),
      ['writes', 'views'],
    );
    const mixed = await judge(await write({ epoch: 9 }), view, await write());
    assert.deepEqual(
      mixed.refused.map(({ index, problem }) => [index, problem.code]),
      [
        [0, 'EPOCH_STALE'],
        [2, 'REQUEST_MALFORMED'],
      ],
    );
    assert.deepEqual([mixed.verdict?.verdict.kind, mixed.verdict?.verdict.size], ['views', 1]);
  });

  it('keeps what it signed for, encrypted', async () => {
    const body = await write();
    await judge(body);
    const entry = bytesToHex(network.ports.primitives.sha256(utf8ToBytes(body.body)));
    const database = network.database('laboratory', 'coordinator');
    const row = { valueEncoding: 'view' } as const;
    const kept = await database.get<string, Uint8Array>(`body/${entry}`, row);
    assert.ok(kept !== undefined && kept.length > body.body.length);
    const text = Buffer.from(kept).toString('latin1');
    assert.ok(!text.includes(care.doctor.address.slice(2)));
  });

  it('has signed for nothing that is not on its disk: the body is synced there first', async () => {
    const body = await write();
    const database = network.database('laboratory', 'coordinator');
    const batch = database.batch.bind(database);
    Object.assign(database, { batch: async () => await Promise.reject(new Error('disk full')) });
    await assert.rejects(judge(body));
    const synced: unknown[] = [];
    const watched = async (rows: [], options: object): Promise<void> => {
      synced.push(options);
      await batch(rows, options);
    };
    Object.assign(database, { batch: watched });
    const { verdict } = await judge(body);
    Object.assign(database, { batch });
    assert.ok(verdict, 'what failed claims nothing');
    assert.deepEqual(synced, [SYNCED]);
  });

  it('judges nothing while it cannot see the ledger, and goes on after', async () => {
    const own = await startTestNetwork({ cared: true });
    const theirs = await startCare(own);
    const view = judgedBody(
      own,
      theirs,
      sign(theirs.doctor, theirs.doctor, 'View', viewOf(theirs)),
    );
    const request = own.ledger.request.bind(own.ledger);
    Object.assign(own.ledger, {
      request: async () => await Promise.reject(new MedsealError('LEDGER_UNREACHABLE', {})),
    });
    const judging = own.services('laboratory').coordinator.judge({ log: LOG, bodies: [view] });
    await assert.rejects(judging, failsWith('LEDGER_UNREACHABLE'));
    Object.assign(own.ledger, { request });
    const after = await own.services('laboratory').coordinator.judge({ log: LOG, bodies: [view] });
    assert.ok(after.verdict);
    await own.close();
  });

  it('promises a version to one request only after a restart too, and keeps its body', async () => {
    const own = await startTestNetwork({ cared: true });
    const theirs = await startCare(own);
    const record = word('promised record');
    const body = async (): Promise<JudgedBody> => {
      const message = await writeOf(theirs, { record });
      return judgedBody(own, theirs, sign(theirs.doctor, theirs.doctor, 'Write', message));
    };
    const [first, second] = [await body(), await body()];
    const judging = async (each: JudgedBody): Promise<Judgement> =>
      await own.services('laboratory').coordinator.judge({ log: LOG, bodies: [each] });
    assert.ok((await judging(first)).verdict);
    await own.restart('laboratory');
    const refused = await judging(second);
    assert.deepEqual(
      [refused.verdict, refused.refused[0]?.problem.code],
      [undefined, 'REQUEST_ALTERED'],
    );
    assert.ok((await judging(first)).verdict, 'the same request has its promise');
    const entry = bytesToHex(own.ports.primitives.sha256(utf8ToBytes(first.body)));
    const rows = own.database('laboratory', 'coordinator');
    assert.ok(await rows.get<string, Uint8Array>(`body/${entry}`, { valueEncoding: 'view' }));
    await own.close();
  });

  const lies: [string, Partial<Write>, Partial<Body>, ErrorCode][] = [
    ['a body that says another log', {}, { log: 'care/insurer' }, 'LOG_WRONG'],
    ['a request for another log', { log: 'care/insurer' }, {}, 'LOG_WRONG'],
    ['a moment 6 s ago', {}, { at: 1_800_000_000 - 6 }, 'CLOCK_SKEWED'],
    ['a moment 6 s ahead', {}, { at: 1_800_000_000 + 6 }, 'CLOCK_SKEWED'],
    ['a block that is not there', {}, { block: 1_000_000 }, 'NOT_YET'],
    ['a file that is not there', { file: word('absent'), size: 40 }, {}, 'FILE_ABSENT'],
    ['a file of another size', { size: 41 }, {}, 'FILE_MISMATCH'],
    ['a past epoch', { epoch: 0 }, {}, 'EPOCH_STALE'],
    ['an epoch to come', { epoch: 2 }, {}, 'EPOCH_STALE'],
    ['a purpose that was not granted', { purpose: 'HRESCH' }, {}, 'RIGHT_MISSING'],
    ['a grant that there is not', { grant: word('grant') }, {}, 'RIGHT_MISSING'],
    ['a late request', { deadline: 1_800_000_000 - 1 }, {}, 'REQUEST_LATE'],
    ['a deadline far ahead', { deadline: 1_900_000_000 }, {}, 'REQUEST_EARLY'],
    ['an amendment without what it amends', { action: 'amend', version: 2 }, {}, 'NOT_FOUND'],
    [
      'a refusal with words of its own',
      {},
      { flag: 'R', code: 'BAD_DOCTOR' as ErrorCode },
      'REQUEST_MALFORMED',
    ],
    ['a refusal without a code', {}, { flag: 'R' }, 'REQUEST_MALFORMED'],
    ['a field of its own', {}, { note: 'mine' } as object, 'REQUEST_MALFORMED'],
  ];
  for (const [name, change, body, code] of lies) {
    it(`refuses ${name}: ${code}`, async () =>
      await assertRefused(await write(change, body), code));
  }

  // @peer Fabric-EHR: each endorser judged by a clock of its own | the entry names its moment, taken within 5 s
  it('takes a moment up to 5 s from its own', async () => {
    const { patient } = care;
    const own = { grant: ZERO32, purpose: 'PATRQT' } as const;
    for (const at of [1_800_000_000 - 5, 1_800_000_000 + 5]) {
      const request = sign(patient, patient, 'View', viewOf(care, own));
      assert.deepEqual((await judge(judgedBody(network, care, request, { at }))).refused, []);
    }
  });

  it('signs the refusal of an authenticated request, and of no other', async () => {
    const refusal = { flag: 'R', code: 'RIGHT_MISSING' } as const;
    assert.deepEqual((await judge(await write({ purpose: 'HRESCH' }, refusal))).refused, []);
    const request = sign(care.doctor, care.doctor, 'View', viewOf(care));
    const stolen = { ...request, party: care.patient.address };
    await assertRefused(judgedBody(network, care, stolen, refusal), 'SIGNATURE_INVALID');
    const nobody = { ...request, party: signatory('nobody').address };
    await assertRefused(judgedBody(network, care, nobody, refusal), 'PARTY_UNKNOWN');
  });

  it('refuses an agent that lets through who has no right', async () => {
    const { stranger } = care;
    const request = sign(stranger, stranger, 'View', viewOf(care));
    await assertRefused(judgedBody(network, care, request), 'RIGHT_MISSING');
    await assertRefused({ body: judgedBody(network, care, request).body }, 'RIGHT_MISSING');
  });

  it('refuses what is not a body', async () => {
    for (const body of ['', 'null', '[]', '{}', `${(await write()).body} `]) {
      await assertRefused({ body }, 'REQUEST_MALFORMED');
    }
    await assertRefused({} as JudgedBody, 'REQUEST_MALFORMED');
  });

  it('agrees to one request only for each version of a record, also when they come at once', async () => {
    const record = word('contested');
    const [one, other] = [await write({ record }), await write({ record })];
    const answers = await Promise.all([judge(one), judge(other), judge(one), judge(other)]);
    const agreed = answers.map(({ verdict }) => verdict !== undefined);
    assert.equal(agreed[0], agreed[2], 'the same request is judged the same');
    assert.notEqual(agreed[0], agreed[1]);
    assert.equal(agreed[1], agreed[3]);
    const loser = agreed[0] === true ? other : one;
    await assertRefused(loser, 'REQUEST_ALTERED');
    await network.restart('laboratory');
    coordinator = network.services('laboratory').coordinator;
    await assertRefused(loser, 'REQUEST_ALTERED');
    assert.deepEqual((await judge(agreed[0] === true ? one : other)).refused, []);
  });

  it('lets a version be tried again that was refused for another reason', async () => {
    const record = word('tried again');
    await assertRefused(await write({ record, file: word('absent'), size: 40 }), 'FILE_ABSENT');
    assert.deepEqual((await judge(await write({ record }))).refused, []);
  });

  it('has its organisation hold the file itself, and agrees to nothing while that cannot be', async () => {
    const body = await write();
    const { file } = parseBody(body.body).request.message as Write;
    const { contributor } = network.services('hospital');
    network.liars.contributor.set('hospital', { ...contributor, smallFiles: away });
    await assertRefused(body, 'INTERNAL');
    network.liars.contributor.delete('hospital');
    assert.deepEqual((await judge(body)).refused, []);
    assert.equal((await network.services('laboratory').contributor.stats([file])).length, 1);
  });

  it('believes no organisation that only claims to have the file, or gives other bytes', async () => {
    const { contributor } = network.services('hospital');
    for (const size of [40, 20_000]) {
      const content = care.doctor.random(size);
      const file = bytesToHex(care.doctor.primitives.sha256(content));
      const body = await write({ file, size });
      const claims = async () => await Promise.resolve([{ hash: file, size }]);
      const other = content.map((byte) => byte ^ 1);
      const lies: [Partial<ContributorPort>, ErrorCode][] = [
        [{ stats: claims }, 'FILE_ABSENT'],
        [
          {
            stats: claims,
            smallFiles: async () => await Promise.resolve([Buffer.from(other).toString('base64')]),
            async *file() {
              yield await Promise.resolve(other);
            },
          },
          'FILE_MISMATCH',
        ],
      ];
      for (const [lie, code] of lies) {
        network.liars.contributor.set('hospital', { ...contributor, ...lie });
        await assertRefused(body, code);
      }
      network.liars.contributor.delete('hospital');
    }
  });

  it('takes the file from whichever organisation has it', async () => {
    const content = care.doctor.random(40);
    const file = bytesToHex(care.doctor.primitives.sha256(content));
    const { contributor } = network.services('insurer');
    network.liars.contributor.set('insurer', {
      ...contributor,
      smallFiles: async () => await Promise.resolve([Buffer.from(content).toString('base64')]),
    });
    assert.deepEqual((await judge(await write({ file, size: 40 }))).refused, []);
    network.liars.contributor.delete('insurer');
  });

  it('takes an array of 1,024 at most, and only for a log of the network', async () => {
    const bodies = Array.from({ length: 1025 }, () => ({ body: '' }));
    await assert.rejects(judge(...bodies), failsWith('REQUEST_TOO_LARGE'));
    const elsewhere = coordinator.judge({ log: 'care/nobody', bodies: [] });
    await assert.rejects(elsewhere, failsWith('NOT_FOUND'));
    assert.deepEqual(await judge(), { refused: [] });
  });

  it('sees for itself that a right has ended, whatever the agent says', async () => {
    const own = await startTestNetwork({ cared: true });
    const theirs = await startCare(own);
    const request = sign(theirs.doctor, theirs.doctor, 'View', viewOf(theirs));
    const body = judgedBody(own, theirs, request);
    const judged = async () =>
      await own.services('insurer').coordinator.judge({ log: LOG, bodies: [body] });
    assert.deepEqual((await judged()).refused, []);
    await revokeRight(theirs.patient, theirs.right.digest);
    assert.equal((await judged()).refused[0]?.problem.code, 'RIGHT_ENDED');
    await own.close();
  });
});

describe('a coordinator that attests', () => {
  it('says what the ledger says, bound to the question and its nonce', async () => {
    const { patient, handle } = care;
    const query = { nonce: word('nonce'), block: 0, party: patient.address, handle };
    const { facts, attestation, coordinator: address } = await coordinator.attest(query);
    assert.deepEqual(facts.asked, { party: patient.address, handle });
    assert.equal(facts.party?.role, 'patient');
    assert.deepEqual([facts.patient?.controller, facts.patient?.epoch], [patient.address, 1]);
    assert.equal(attestation.nonce, query.nonce);
    assert.equal(address, network.keys.get('laboratory')?.coordinator.address);
  });

  it('says that it knows nobody, rather than nothing', async () => {
    const query = { nonce: word('nonce'), block: 0, party: signatory('nobody').address };
    const { facts } = await coordinator.attest(query);
    assert.deepEqual(facts, { asked: { party: query.party } });
  });
});

describe('coordinators together', () => {
  it('let an entry pass while one of three is away, and none while two are', async () => {
    const own = await startTestNetwork({ cared: true });
    const theirs = await startCare(own);
    const gone = {
      judge: away,
      knownSize: away,
      lastSigned: away,
      awaited: away,
      ended: away,
      takeConflict: away,
      shown: away,
      judged: away,
      listed: away,
      show: away,
      signCheckpoint: away,
      advance: away,
      vouch: away,
      attest: away,
      indexed: away,
      tally: away,
      release: away,
      releases: away,
      erased: away,
    };
    own.liars.coordinator.set('insurer', gone);
    const submission = submissionOf(theirs, 'View', viewOf(theirs));
    assert.equal((await acknowledgedBy(theirs.doctor, submission)).verdicts.length, 2);
    own.liars.coordinator.set('laboratory', gone);
    const next = submissionOf(theirs, 'View', viewOf(theirs));
    const [outcome] = await theirs.doctor.agent.submit([next]);
    assert.equal(outcome?.outcome === 'refused' && outcome.problem.code, 'VERDICTS_MISSING');
    own.liars.coordinator.clear();
    assert.ok(await acknowledgedBy(theirs.doctor, next), 'and it was not a refusal for ever');
    await own.close();
  });
});

function leafOf(body: JudgedBody | undefined): Uint8Array {
  const { primitives } = network.ports;
  return leafHash(primitives, primitives.sha256(utf8ToBytes(body?.body ?? '')));
}

async function away(): Promise<never> {
  return await Promise.reject(new Error('unplugged'));
}
