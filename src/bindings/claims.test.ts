import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ClaimDecision, InsuranceClaim } from '../protocol/care/claims.ts';
import { ZERO32, type Bytes32 } from '../protocol/ids.ts';
import { lotHashOf } from '../protocol/care/lotHashOf.ts';
import { organisationId } from '../protocol/network/networkLookups.ts';
import { digestOf, sign } from '../protocol/struct/signing.ts';
import { encodeBatch } from './encodeBatch.ts';
import { encodeRequests, type Carried } from './encodeRequests.ts';
import { hideTerms } from './hideTerms.ts';
import { registryAbi } from './generated/registryAbi.ts';
import { claimsAbi } from './generated/claimsAbi.ts';
import { settlementAbi } from './generated/settlementAbi.ts';
import { actor, enrolmentOf, FAR, startTestNetwork, type TestNetwork } from './test/testNetwork.ts';

const word = (digit: string): Bytes32 => `0x${digit.repeat(64)}`;
const salt = `0x${'5a'.repeat(16)}` as const;
const [insurer, hospital, verifier, account] = [actor(801), actor(802), actor(803), actor(805)];

function claimOf(net: TestNetwork, change: Partial<InsuranceClaim> = {}): InsuranceClaim {
  return {
    terms: {
      handle: net.handle,
      claimant: net.doctor.address,
      payee: hospital.address,
      coverage: word('1'),
      entry: word('2'),
      records: [word('2'), word('3')],
      bill: word('4'),
      content: word('5'),
      salt,
    },
    claimant: account.address,
    insurer: insurer.address,
    payee: hospital.address,
    amount: 12_000,
    total: 12_000,
    treatment: word('6'),
    follows: ZERO32,
    authorisation: ZERO32,
    lotHash: lotHashOf(net.context.primitives, word('c')),
    deadline: FAR,
    ...change,
  };
}

describe('claims and units, through their bindings', () => {
  let net: TestNetwork;
  before(async () => {
    net = await startTestNetwork();
    const { authority } = net;
    const laboratory = {
      ...enrolmentOf(verifier, 9, ZERO32),
      organisation: organisationId('laboratory'),
    };
    const insurance = {
      ...enrolmentOf(insurer, 6, ZERO32),
      organisation: organisationId('insurer'),
    };
    const enrolments = [laboratory, insurance].map((one) =>
      net.countersign(authority, 'Enrolment', one),
    );
    await net.send('registry', encodeBatch(registryAbi, 'enrol', enrolments));
    const member = authority[0] ?? assert.fail();
    const issue = {
      organisation: organisationId('hospital'),
      account: insurer.address,
      amount: 50_000,
      number: 1,
      deadline: FAR,
    };
    const { events } = await net.send(
      'settlement',
      encodeBatch(settlementAbi, 'issue', [sign(net.context, member, 'IssueUnits', issue)]),
    );
    assert.partialDeepStrictEqual(events, [
      { kind: 'Transfer', to: insurer.address, value: 50_000 },
      { kind: 'Issued', account: insurer.address, amount: 50_000 },
    ]);
  });
  after(async () => {
    await net[Symbol.asyncDispose]();
  });

  function checked(message: InsuranceClaim): Carried<'InsuranceClaim'> {
    const { context, coordinators } = net;
    const request = digestOf(context, 'InsuranceClaim', message);
    const { signatures } = net.countersign(coordinators, 'ClaimCheck', { request });
    return { ...sign(context, account, 'InsuranceClaim', message), signatures };
  }

  function decision(claim: InsuranceClaim, change: Partial<ClaimDecision>): ClaimDecision {
    return {
      claim: digestOf(net.context, 'InsuranceClaim', claim),
      step: 1,
      outcome: 1,
      amount: 0,
      until: 0,
      lotHash: lotHashOf(net.context.primitives, word('d')),
      terms: { reason: 'covered', content: word('7'), salt },
      deadline: FAR,
      ...change,
    };
  }

  it('the contract knows a claim and its steps by the digests that are signed here', async () => {
    const { context, coordinators } = net;
    const { primitives } = context;
    const claim = claimOf(net);
    const hidden = hideTerms(primitives, 'InsuranceClaim', claim);
    const digest = digestOf(context, 'InsuranceClaim', claim);
    const made = await net.send(
      'claims',
      encodeRequests(primitives, 'InsuranceClaim', [checked(claim)]),
    );
    const { terms: _hidden, lotHash: _lot, deadline: _passes, ...told } = claim;
    assert.partialDeepStrictEqual(made.events, [{ kind: 'Claimed', claim: digest, ...told }]);

    const ask = decision(claim, { outcome: 3 });
    const asked = { claim, ...sign(context, insurer, 'ClaimDecision', ask) };
    const { events } = await net.send(
      'claims',
      encodeRequests(primitives, 'ClaimDecision', [asked]),
    );
    assert.partialDeepStrictEqual(events, [{ kind: 'ClaimDecided', claim: digest, outcome: 3 }]);

    const terms = { records: [word('8')], content: word('9'), salt };
    const more = { claim: digest, step: 2, terms, deadline: FAR };
    const request = digestOf(context, 'ClaimSupplement', more);
    const { signatures } = net.countersign(coordinators, 'ClaimCheck', { request });
    const answer = {
      ...sign(context, account, 'ClaimSupplement', more),
      claim,
      signatures,
    };
    const answered = await net.send(
      'claims',
      encodeRequests(primitives, 'ClaimSupplement', [answer]),
    );
    assert.partialDeepStrictEqual(answered.events, [{ kind: 'ClaimSupplemented', step: 2 }]);

    const pay = decision(claim, { step: 3, amount: 10_000 });
    const approval = { claim, ...sign(context, insurer, 'ClaimDecision', pay) };
    const paid = await net.send('claims', encodeRequests(primitives, 'ClaimDecision', [approval]));
    assert.partialDeepStrictEqual(paid.events, [
      { kind: 'Transfer', from: insurer.address, to: net.contracts.claims, value: 10_000 },
      { kind: 'ClaimDecided', step: 3, outcome: 1, amount: 10_000 },
    ]);

    const why = { reason: 'the bill was altered', salt };
    const dispute = {
      claim: digest,
      step: 4,
      party: insurer.address,
      lot: word('d'),
      terms: why,
      deadline: FAR,
    };
    const vouched = net.countersign(coordinators, 'ClaimCheck', {
      request: digestOf(context, 'DisputeClaim', dispute),
    });
    const disputed = {
      claim,
      ...sign(context, insurer, 'DisputeClaim', dispute),
      signatures: vouched.signatures,
    };
    await net.send('claims', encodeRequests(primitives, 'DisputeClaim', [disputed]));
    const opened = await net.send(
      'claims',
      encodeBatch(claimsAbi, 'openLots', [[hidden, word('c')]]),
    );
    assert.partialDeepStrictEqual(opened.events, [{ kind: 'LotOpened', lot: word('c') }]);
    const found = { log: word('a'), block: 3, reason: 'the hash of the block differs', salt };
    const judgement = {
      claim: digest,
      step: 5,
      verifier: verifier.address,
      safe: false,
      drawn: 1,
      terms: found,
      deadline: FAR,
    };
    const drawn = net.countersign(coordinators, 'ClaimCheck', {
      request: digestOf(context, 'ClaimJudgement', judgement),
    });
    const signed = sign(context, verifier, 'ClaimJudgement', judgement);
    const judged = { claim, ...signed, signatures: drawn.signatures };
    const seen = await net.send('claims', encodeRequests(primitives, 'ClaimJudgement', [judged]));
    assert.partialDeepStrictEqual(seen.events, [{ kind: 'ClaimJudged', safe: false, drawn: 1 }]);
    const early = await net.send('claims', encodeBatch(claimsAbi, 'lapse', [[hidden]]));
    assert.partialDeepStrictEqual(early.events, [{ kind: 'Refused', error: 'TermRuns' }]);
  });

  it('says in the words of the contract why a step is refused', async () => {
    const { context } = net;
    const { primitives } = context;
    const claim = claimOf(net, { treatment: word('b') });
    const doubled = claimOf(net, { treatment: word('b'), payee: actor(804).address });
    const { events } = await net.send(
      'claims',
      encodeRequests(primitives, 'InsuranceClaim', [checked(claim), checked(doubled)]),
    );
    assert.partialDeepStrictEqual(events, [
      { kind: 'Claimed' },
      { kind: 'Refused', index: 1, error: 'TreatmentClaimed' },
    ]);
    const decisions = [
      decision(claim, { step: 2, amount: 1 }),
      decision(claim, { amount: 12_001 }),
      decision(doubled, { amount: 1 }),
      decision(claim, { outcome: 2, amount: 1 }),
    ];
    const steps = decisions.map((message) => {
      return { claim, ...sign(context, insurer, 'ClaimDecision', message) };
    });
    const refused = await net.send('claims', encodeRequests(primitives, 'ClaimDecision', steps));
    assert.deepEqual(
      refused.events.map((event) => event.kind === 'Refused' && event.error),
      ['StepUnexpected', 'AmountExceeded', 'ClaimUnknown', 'OutcomeInvalid'],
    );
  });
});
