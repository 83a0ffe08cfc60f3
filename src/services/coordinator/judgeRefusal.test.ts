import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { revokeRight } from '../../client/rights/revokeRight.ts';
import { suspendParty } from '../../client/rights/suspendParty.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import {
  acknowledgedBy,
  judgedBody,
  submissionOf,
  viewOf,
  writeOf,
} from '../../node/test/requests.ts';
import {
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Party } from '../../client/party/Party.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import { ZERO32, ZERO_ADDRESS } from '../../protocol/ids.ts';
import type { EvidenceType, Signed, View, Write } from '../../protocol/struct/requests.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { Will } from '../../protocol/care/vitalRecords.ts';
import type { JudgedBody } from '../ports.ts';

const LOG = 'care/hospital';
const CODES = [
  'EPOCH_STALE',
  'FILE_MISMATCH',
  'FILE_TAKEN',
  'NOT_FOUND',
  'PARTY_SUSPENDED',
  'REQUEST_ALTERED',
  'REQUEST_MALFORMED',
  'RIGHT_ENDED',
  'RIGHT_MISSING',
] as const;
let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

/** Reason for which the laboratory's coordinator does not sign; undefined if it does. */
async function judge(body: JudgedBody): Promise<ErrorCode | undefined> {
  const { coordinator } = network.services('laboratory');
  const { refused, verdict } = await coordinator.judge({ log: LOG, bodies: [body] });
  assert.equal(verdict === undefined, refused.length === 1);
  return refused[0]?.problem.code;
}

async function write(change: Partial<Write> = {}): Promise<Signed<'Write'>> {
  return sign(care.doctor, care.doctor, 'Write', await writeOf(care, change));
}

function view(change: Partial<View> = {}, party: Party = care.doctor): Signed<'View'> {
  return sign(party, party, 'View', viewOf(care, change));
}

/** A refusal as the hospital's agent would have it judged, changed where said. */
function refusal(
  request: Signed<EvidenceType>,
  code: string,
  change: Partial<Body> = {},
): JudgedBody {
  return judgedBody(network, care, request, { flag: 'R', code: code as ErrorCode, ...change });
}

describe('a refusal that an agent forges', () => {
  for (const code of CODES) {
    it(`of a request that the coordinator would accept gets no verdict: ${code}`, async () => {
      assert.equal(await judge(refusal(await write(), code)), 'ANSWER_DISPUTED');
      assert.equal(await judge(refusal(view(), code)), 'ANSWER_DISPUTED');
    });
  }

  // @attack an agent enters a refusal of what has a right | coordinators sign only the reason that they find
  it('gets no verdict for another reason than the coordinator finds', async () => {
    const request = await write({ purpose: 'HRESCH' });
    for (const code of CODES) {
      const wanted = code === 'RIGHT_MISSING' ? undefined : 'ANSWER_DISPUTED';
      assert.equal(await judge(refusal(request, code)), wanted, code);
    }
  });

  it('gets no verdict for what no entry can say', async () => {
    for (const code of ['INTERNAL', 'REQUEST_LATE', 'VERDICTS_MISSING', 'DOCTOR_BAD']) {
      assert.equal(await judge(refusal(view(), code)), 'REQUEST_MALFORMED', code);
    }
  });

  // @attack an agent leaves the opening out, so that no right is found | without it no refusal for a missing right is signed
  it('gets no verdict by an opening that the agent leaves out', async () => {
    const { body } = refusal(view(), 'RIGHT_MISSING');
    assert.equal(await judge({ body }), 'NOT_FOUND');
    const opening = { ...care.right.grant, deadline: 1 };
    assert.equal(await judge({ body, opening }), 'NOT_FOUND');
  });

  // @attack an agent puts a false opening beside a valid request, so that the request counts as malformed | no refusal is signed with an opening of another form
  it('gets no verdict by what the agent itself put beside it, whatever form that has', async () => {
    const { handle } = care.right.grant;
    const seen = { what: 'record', record: word('seen'), version: 1 } as const;
    const openings: unknown[] = [null, 7, {}, { handle }, { handle, terms: {} }];
    const records: unknown[] = [null, 7, {}, { body: '{}' }, { body: 7, verdicts: 7 }];
    const along = [
      ...openings.map((opening) => ({ opening })),
      ...records.map((record) => ({ opening: care.right.grant, record })),
    ];
    for (const support of along) {
      for (const code of CODES) {
        const { body } = refusal(view(seen), code);
        const judged = JSON.parse(JSON.stringify({ body, ...support })) as JudgedBody;
        assert.notEqual(await judge(judged), undefined, `${code}: ${JSON.stringify(support)}`);
      }
    }
  });

  // @attack an agent puts a false will beside a view that the will of the dead lets stand, so that the view counts as malformed for good | no refusal is signed with a will of another form
  it('of a view of the dead gets no verdict by a will of another form, or of another time', async () => {
    const own = await startTestNetwork({ cared: true });
    const theirs = await startCare(own);
    const { handle, doctor, right } = theirs;
    const will: Will = {
      terms: { grants: [right.digest], lasts: 3600, salt: `0x${'77'.repeat(16)}` },
      handle,
      number: 1,
      deadline: BEGIN,
    };
    const { index, coordinator } = own.services('insurer');
    const told = { handle, contract: ZERO_ADDRESS, block: 0, transaction: ZERO32, logIndex: 0 };
    const reporter = doctor.address;
    const death = { ...told, what: 'death', report: word('death') } as const;
    const digest = digestOf(doctor, 'Will', will);
    index.vital.apply({ ...told, kind: 'WillSet', will: digest, number: 1 });
    index.vital.apply({ ...death, kind: 'VitalReported', step: 1, reporter, reportedAt: BEGIN });
    const confirmed = { step: 2, confirmer: reporter, since: BEGIN };
    index.vital.apply({ ...death, kind: 'VitalConfirmed', ...confirmed });
    const request = sign(doctor, doctor, 'View', viewOf(theirs));
    const judged = async (
      change: Partial<Body>,
      along: unknown,
    ): Promise<ErrorCode | undefined> => {
      const body = { ...judgedBody(own, theirs, request, change), ...(along as object) };
      return (await coordinator.judge({ log: LOG, bodies: [body] })).refused[0]?.problem.code;
    };
    const forms: unknown[] = [
      null,
      7,
      {},
      { ...will, terms: {} },
      { ...will, number: 2 },
      undefined,
    ];
    for (const form of forms) {
      for (const code of CODES) {
        assert.notEqual(await judged({ flag: 'R', code }, { will: form }), undefined, code);
      }
    }
    assert.equal(await judged({}, { will }), undefined, 'the honest view');
    await own.close();
  });

  it('gets no verdict by a record that the agent leaves out', async () => {
    const first = submissionOf(care, 'Write', await writeOf(care, { record: word('first') }));
    await acknowledgedBy(care.doctor, first);
    const amending = { action: 'amend', record: word('first'), version: 2 } as const;
    assert.equal(await judge(refusal(await write(amending), 'NOT_FOUND')), 'ANSWER_DISPUTED');
    const seen = { what: 'record', record: word('first'), version: 1 } as const;
    assert.equal(await judge(refusal(view(seen), 'NOT_FOUND')), 'ANSWER_DISPUTED');
  });

  // @attack an agent holds a valid request back and enters it a month later as refused | a refusal is signed in the request's time only
  it('gets no verdict once the request is late, as if it had been refused in time', async () => {
    const own = await startTestNetwork({ cared: true });
    const theirs = await startCare(own);
    const { doctor } = theirs;
    const request = sign(doctor, doctor, 'View', viewOf(theirs, { purpose: 'HRESCH' }));
    const judged = async (change: Partial<Body>): Promise<ErrorCode | undefined> => {
      const refused = { flag: 'R', code: 'RIGHT_MISSING', ...change } as const;
      const body = judgedBody(own, theirs, request, refused);
      const { coordinator } = own.services('insurer');
      return (await coordinator.judge({ log: LOG, bodies: [body] })).refused[0]?.problem.code;
    };
    own.clock.advance(30 * 24 * 3_600_000);
    assert.equal(await judged({}), 'REQUEST_LATE');
    assert.equal(await judged({ at: BEGIN }), 'CLOCK_SKEWED');
    await own.close();
  });

  it('gets no verdict about a patient that there is not', async () => {
    const request = view({ handle: word('nobody'), grant: ZERO32 });
    assert.equal(await judge(refusal(request, 'RIGHT_MISSING')), 'NOT_FOUND');
  });

  // @attack an agent has a request accepted and refused | a coordinator agrees to one answer; an audit names the second
  it('gets no verdict for a request that was accepted, nor the other way round', async () => {
    const own = await startTestNetwork({ cared: true });
    const theirs = await startCare(own);
    const { doctor, stranger } = theirs;
    const judged = async (body: JudgedBody): Promise<ErrorCode | undefined> => {
      const { coordinator } = own.services('insurer');
      return (await coordinator.judge({ log: LOG, bodies: [body] })).refused[0]?.problem.code;
    };
    const ended = { flag: 'R', code: 'RIGHT_ENDED' } as const;
    const missing = { flag: 'R', code: 'RIGHT_MISSING' } as const;
    const accepted = sign(doctor, doctor, 'View', viewOf(theirs));
    assert.equal(await judged(judgedBody(own, theirs, accepted)), undefined);
    assert.equal(await judged(judgedBody(own, theirs, accepted)), undefined, 'judged again');
    const terms = { ...theirs.right.grant.terms, grantee: stranger.address };
    const grant = { ...theirs.right.grant, terms };
    const wanted = viewOf(theirs, { grant: digestOf(doctor, 'Grant', grant) });
    const refused = sign(stranger, stranger, 'View', wanted);
    const shown = { opening: grant };
    const forStranger = (change: Partial<Body>): JudgedBody => {
      return { ...judgedBody(own, theirs, refused, change), ...shown };
    };
    assert.equal(await judged(forStranger(missing)), undefined);
    const { patient } = theirs;
    await patient.agent.submit([{ request: sign(patient, patient, 'Grant', grant) }]);
    await revokeRight(patient, theirs.right.digest);
    await own.restart('insurer');
    assert.equal(await judged(judgedBody(own, theirs, accepted, ended)), 'ANSWER_DISPUTED');
    assert.equal(await judged(forStranger({})), 'ANSWER_DISPUTED');
    const fresh = sign(doctor, doctor, 'View', viewOf(theirs));
    assert.equal(await judged(judgedBody(own, theirs, fresh, ended)), undefined);
    await own.close();
  });

  it('gets no verdict for a request that the log has answered', async () => {
    const submission = submissionOf(care, 'View', viewOf(care));
    await acknowledgedBy(care.doctor, submission);
    await network.checkpoint();
    await network.lose('laboratory', 'coordinator');
    const request = submission.request as Signed<'View'>;
    assert.equal(await judge(judgedBody(network, care, request)), 'ANSWER_DISPUTED');
  });
});

describe('a refusal that is one', () => {
  it('gets its verdict, whatever the reason', async () => {
    // Earlier refusals on the chart no longer count.
    await network.restart('laboratory');
    const taken = word('taken');
    const owned = await writeOf(care, { record: taken });
    await acknowledgedBy(care.doctor, submissionOf(care, 'Write', owned));
    const refused: [ErrorCode, Signed<EvidenceType>][] = [
      ['EPOCH_STALE', await write({ epoch: 9 })],
      ['FILE_MISMATCH', await write({ size: 41 })],
      ['NOT_FOUND', await write({ action: 'amend', version: 2 })],
      ['REQUEST_ALTERED', await write({ record: taken })],
      ['FILE_TAKEN', await write({ file: owned.file, size: owned.size })],
      ['REQUEST_MALFORMED', await write({ record: ZERO32 })],
      ['RIGHT_MISSING', view({}, care.stranger)],
      ['RIGHT_MISSING', view({ grant: word('none') })],
    ];
    for (const [code, request] of refused) {
      assert.equal(await judge(refusal(request, code)), undefined, code);
    }
    const { body } = refusal(view({}, care.stranger), 'RIGHT_MISSING');
    assert.equal(await judge({ body }), undefined, 'the grantee is known to be another');
  });

  it('of a party that is suspended, or whose right has ended, gets its verdict', async () => {
    const asked = [view(), view()] as const;
    await revokeRight(care.patient, care.right.digest);
    assert.equal(await judge(refusal(asked[0], 'RIGHT_ENDED')), undefined);
    const change = { party: care.doctor.address, suspended: true };
    await suspendParty(care.doctor, network.authorityKeys, change);
    assert.equal(await judge(refusal(asked[1], 'RIGHT_ENDED')), 'ANSWER_DISPUTED');
    assert.equal(await judge(refusal(asked[1], 'PARTY_SUSPENDED')), undefined);
  });
});
