import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { grantRight } from '../../client/rights/grantRight.ts';
import { revokeRight } from '../../client/rights/revokeRight.ts';
import { evidenceOfRefusal, submitEvidence } from '../../client/agent/submit.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import {
  acknowledgedBy,
  logSize,
  refusedWith,
  resigned,
  submissionOf,
  submitted,
  uploaded,
  viewOf,
  writeOf,
} from '../../node/test/requests.ts';
import {
  BEGIN,
  behind,
  everything,
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { verifyAcknowledgement } from '../../protocol/evidence/verifyAcknowledgement.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
afterEach(() => assert.deepEqual(network.failures, []));
after(async () => await network.close());

async function failure(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    () => assert.fail('it was accepted'),
    (error: unknown) => error,
  );
}

describe('an agent that is asked again', () => {
  it('gives identical bytes the first answer, later and at once', async () => {
    const submission = submissionOf(care, 'Write', await writeOf(care));
    const together = await Promise.all(
      [1, 2, 3].map(async () => await acknowledgedBy(care.doctor, submission)),
    );
    const again = await acknowledgedBy(care.doctor, submission);
    for (const each of together) assert.deepEqual(each, again);
    const [one, two] = await network.agent().submit([submission, submission]);
    assert.deepEqual([one, two], [one, one]);
    assert.deepEqual(one?.outcome === 'acknowledged' && one.acknowledgement, again);
  });

  it('gives it when twice in one array', async () => {
    const submission = submissionOf(care, 'Write', await writeOf(care));
    const size = await logSize(network);
    const outcomes = await network.agent().submit([submission, submission]);
    assert.deepEqual(outcomes[0], outcomes[1]);
    assert.equal(outcomes[0]?.outcome, 'acknowledged');
    assert.equal(await logSize(network), size + 1);
  });

  it('gives a refusal again, though the right has come meanwhile', async () => {
    const { patient, stranger } = care;
    const right = { ...everything(stranger), categories: ['vitals'] as const };
    const salt = word('salt').slice(0, 34) as '0x';
    const grant = {
      handle: care.handle,
      terms: { ...care.right.grant.terms, grantee: stranger.address, salt },
      deadline: BEGIN + 300,
    };
    const view = viewOf(care, { grant: digestOf(stranger, 'Grant', grant) });
    const submission = { request: sign(stranger, stranger, 'View', view), opening: grant };
    const first = await submitted(stranger, submission);
    refusedWith(first, 'RIGHT_MISSING');
    await patient.agent.submit([{ request: sign(patient, patient, 'Grant', grant) }]);
    const second = await submitted(stranger, submission);
    assert.deepEqual(second, first);
    assert.ok(!JSON.stringify(second).includes('release'));
    await grantRight(patient, right);
  });

  it('gives one answer to the same bytes that were judged twice at once, and releases nothing by a refusal', async () => {
    const { patient, stranger } = care;
    const salt = word('race').slice(0, 34) as '0x';
    const terms = { ...care.right.grant.terms, grantee: stranger.address, salt };
    const grant = { handle: care.handle, terms, deadline: BEGIN + 300 };
    const view = viewOf(care, { grant: digestOf(stranger, 'Grant', grant) });
    const submission = { request: sign(stranger, stranger, 'View', view), opening: grant };
    const refused = ORGANISATIONS.map(() => Promise.withResolvers<undefined>());
    const entered = Promise.withResolvers<undefined>();
    for (const [i, name] of ORGANISATIONS.entries()) {
      const real = network.services(name).coordinator;
      network.liars.coordinator.set(name, {
        ...real,
        judge: async (request) => {
          const judgement = await real.judge(request);
          if (!request.bodies.some(({ body }) => body.includes('"flag":"R"'))) return judgement;
          refused[i]?.resolve(undefined);
          await entered.promise;
          return judgement;
        },
      });
    }
    const early = submitted(stranger, submission);
    await Promise.all(refused.map(async ({ promise }) => await promise));
    await patient.agent.submit([{ request: sign(patient, patient, 'Grant', grant) }]);
    const late = await submitted(stranger, submission);
    entered.resolve(undefined);
    network.liars.coordinator.clear();
    assert.ok(!('release' in late));
    assert.equal(refusedWith(late, 'ANSWER_DISPUTED'), undefined);
    assert.equal(refusedWith(await early, 'RIGHT_MISSING')?.flag, 'R');
    assert.deepEqual(await submitted(stranger, submission), await early);
  });

  it('refuses the same message under another signature, also at the same time', async () => {
    const submission = submissionOf(care, 'View', viewOf(care));
    const other = resigned(care.doctor, submission);
    const [one, two] = await Promise.all([
      submitted(care.doctor, submission),
      submitted(care.doctor, other),
    ]);
    const refused = [one, two].filter(({ outcome }) => outcome === 'refused');
    assert.equal(refused.length, 1);
    refusedWith(refused[0], 'REQUEST_ALTERED');
    const [winner, loser] =
      one.outcome === 'refused' ? ([other, submission] as const) : ([submission, other] as const);
    const body = refusedWith(await submitted(care.doctor, loser), 'REQUEST_ALTERED');
    assert.deepEqual([body?.flag, body?.request], ['A', winner.request], 'the entry that it has');
  });

  it('shows whoever alters a write the entry of the refusal, which holds, and is given again', async () => {
    const record = word('altered record');
    await acknowledgedBy(care.doctor, submissionOf(care, 'Write', await writeOf(care, { record })));
    const altered = submissionOf(care, 'Write', await writeOf(care, { record }));
    const first = await submitted(care.doctor, altered);
    const body = refusedWith(first, 'REQUEST_ALTERED');
    assert.deepEqual(
      [body?.flag, body?.code, body?.request],
      ['R', 'REQUEST_ALTERED', altered.request],
    );
    assert.ok(first.outcome === 'refused' && first.acknowledgement);
    verifyAcknowledgement(care.doctor, network.file, first.acknowledgement);
    assert.deepEqual(await submitted(care.doctor, altered), first);
  });

  it('answers an array of old, altered, late and new requests each as it would alone', async () => {
    const [old, altered] = [
      submissionOf(care, 'Write', await writeOf(care)),
      submissionOf(care, 'View', viewOf(care)),
    ];
    const first = await submitted(care.doctor, old);
    const seen = await acknowledgedBy(care.doctor, altered);
    const late = submissionOf(care, 'View', viewOf(care, { deadline: BEGIN - 1 }));
    const fresh = submissionOf(care, 'Write', await writeOf(care));
    const size = await logSize(network);
    const sent = [late, resigned(care.doctor, altered), old, fresh, late, fresh, old];
    const outcomes = await network.agent().submit(sent);
    assert.equal(await logSize(network), size + 1, 'none for the late one, one for the new one');
    assert.equal(refusedWith(outcomes[0], 'REQUEST_LATE'), undefined);
    assert.ok(outcomes[1]?.outcome === 'refused');
    refusedWith(outcomes[1], 'REQUEST_ALTERED');
    assert.deepEqual(outcomes[1].acknowledgement, seen);
    assert.deepEqual([outcomes[2], outcomes[6]], [first, first]);
    assert.equal(outcomes[3]?.outcome, 'acknowledged');
    assert.deepEqual([outcomes[4], outcomes[5]], [outcomes[0], outcomes[3]]);
    assert.deepEqual(await network.agent().submit(sent), outcomes, 'and all of it again');
    assert.equal(await logSize(network), size + 1);
  });

  it('answers so after its node and the coordinators’ began again, long after the deadline', async () => {
    const own = await startTestNetwork({ cared: true });
    const theirs = await startCare(own);
    const record = word('kept record');
    const write = submissionOf(theirs, 'Write', await writeOf(theirs, { record }));
    const other = submissionOf(theirs, 'Write', await writeOf(theirs, { record }));
    const unmeant = viewOf(theirs, { purpose: 'HRESCH' });
    const sent = [
      write,
      submissionOf(theirs, 'View', unmeant),
      resigned(theirs.doctor, write),
      other,
    ];
    const before = await own.agent().submit(sent);
    assert.deepEqual(
      before.map(({ outcome, ...rest }) => ('problem' in rest ? rest.problem.code : outcome)),
      ['acknowledged', 'RIGHT_MISSING', 'REQUEST_ALTERED', 'REQUEST_ALTERED'],
    );
    assert.ok(before.every((outcome) => 'acknowledgement' in outcome && outcome.acknowledgement));
    for (const name of ORGANISATIONS) await own.restart(name);
    assert.deepEqual(await own.agent().submit(sent), before);
    for (const [i, each] of sent.entries()) {
      assert.deepEqual(await submitted(theirs.doctor, each), before[i], `alone: ${i}`);
    }
    own.clock.advance(30 * 24 * 3_600_000);
    for (const name of ORGANISATIONS) await own.restart(name);
    assert.deepEqual(await own.agent().submit(sent), before);
    const unsent = submissionOf(theirs, 'Write', await writeOf(theirs, { record: word('new') }));
    const unanswered = await submitted(theirs.doctor, unsent);
    assert.equal(refusedWith(unanswered, 'REQUEST_LATE'), undefined, 'nobody signs for a late one');
    await own.close();
  });

  it('takes no late view for a new one: what was seen before is evidence, and releases nothing', async () => {
    const own = await startTestNetwork({ cared: true });
    const theirs = await startCare(own);
    const view = submissionOf(theirs, 'View', viewOf(theirs));
    const first = await acknowledgedBy(theirs.doctor, view);
    own.clock.advance(301_000);
    const again = await submitted(theirs.doctor, view);
    refusedWith(again, 'REQUEST_LATE');
    assert.ok(again.outcome === 'refused' && !('release' in again));
    assert.deepEqual(again.acknowledgement, first);
    await own.close();
  });

  it('says of every refusal why, in words that are whole', async () => {
    for (const change of [
      { epoch: 9 },
      { record: ZERO32 },
      { action: 'amend', version: 7 } as const,
    ]) {
      const submission = submissionOf(care, 'Write', await writeOf(care, change));
      await submitted(care.doctor, submission);
      const again = await submitted(care.doctor, submission);
      assert.ok(again.outcome === 'refused' && !again.problem.detail.includes('undefined'));
    }
  });

  it('makes no refusal for ever of what may go otherwise unchanged', async () => {
    const content = care.doctor.random(50);
    const file = bytesToHex(network.ports.primitives.sha256(content));
    const submission = submissionOf(care, 'Write', await writeOf(care, { file, size: 50 }));
    assert.equal(refusedWith(await submitted(care.doctor, submission), 'FILE_ABSENT'), undefined);
    await uploaded(care.doctor, content);
    await acknowledgedBy(care.doctor, submission);
  });

  it('gives a client evidence of its refusal: its own entry, or the one that has its place', async () => {
    const { doctor } = care;
    const view = viewOf(care);
    const first: Acknowledgement[] = [];
    const twice = behind(doctor, {
      submit: async (submissions) => {
        const others = submissions.map((each) => resigned(doctor, each));
        for (const other of others) first.push(await acknowledgedBy(doctor, other));
        return await doctor.agent.submit(submissions);
      },
    });
    const altered = await failure(
      submitEvidence(twice, 'View', view, { opening: care.right.grant }),
    );
    failsWith('REQUEST_ALTERED')(altered);
    assert.deepEqual([evidenceOfRefusal(altered)], first);
    const wrong = behind(doctor, {
      submit: async (submissions) => {
        const [outcome] = await doctor.agent.submit(submissions);
        assert.ok(outcome?.outcome === 'refused');
        return [{ ...outcome, acknowledgement: first[0] ?? assert.fail() }];
      },
    });
    const unmeant = viewOf(care, { purpose: 'HRESCH' });
    const { grant: opening } = care.right;
    const bare = await failure(submitEvidence(wrong, 'View', unmeant, { opening }));
    failsWith('RIGHT_MISSING')(bare);
    assert.equal(evidenceOfRefusal(bare), undefined, 'another’s entry is not evidence of it');
    const own = await failure(submitEvidence(doctor, 'View', unmeant, { opening }));
    assert.match(evidenceOfRefusal(own)?.body ?? '', /"code":"RIGHT_MISSING".*"flag":"R"/);
  });

  it('acknowledges a write again after its deadline and its epoch have passed', async () => {
    const own = await startTestNetwork({ cared: true });
    const theirs = await startCare(own);
    const submission = submissionOf(theirs, 'Write', await writeOf(theirs));
    const first = await acknowledgedBy(theirs.doctor, submission);
    await revokeRight(theirs.patient, theirs.right.digest);
    own.clock.advance(3_000_000);
    assert.deepEqual(await acknowledgedBy(theirs.doctor, submission), first);
    await own.close();
  });
});
