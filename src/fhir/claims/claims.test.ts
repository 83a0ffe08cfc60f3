import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Claim, ExplanationOfBenefit, Invoice } from '@medplum/fhirtypes';
import * as fc from 'fast-check';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { loadFhirDefinitions } from '../../node/loadFhirDefinitions.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { InsuranceClaim } from '../../protocol/care/claims.ts';
import { ZERO32, type Address, type Bytes32 } from '../../protocol/ids.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { treatmentNullifier } from '../../protocol/care/treatmentNullifier.ts';
import { CLAIM_REASONS } from '../../protocol/care/claimReasons.ts';
import { createValidator } from '../createValidator.ts';
import { requireProfile } from '../requireProfile.ts';
import { makeClaim } from './makeClaim.ts';
import { makeClaimResponse, makeExplanationOfBenefit } from './makeClaimResponse.ts';
import { makeCoverage, makeEligibilityRequest, makeEligibilityResponse } from './makeCoverage.ts';
import { makeInvoice } from './makeInvoice.ts';
import { moneyOf, unitsOf } from './money.ts';
import { requireSoundClaim, type ClaimDocuments } from './requireSoundClaim.ts';

const word = (digit: string): Bytes32 => `0x${digit.repeat(64)}`;
const [doctor, insurer]: readonly [Address, Address] = [
  `0x${'0d'.repeat(20)}`,
  `0x${'0e'.repeat(20)}`,
];
const [handle, network] = [word('1'), word('2')];
const salt = `0x${'5a'.repeat(16)}` as const;
const first = { handle: word('1'), record: word('9'), salt };
const [currency, at] = ['EUR', 1_800_000_000];

const bill = makeInvoice({
  handle,
  issuer: doctor,
  currency,
  lines: [
    { service: 'Consultation', units: 4_025 },
    { service: 'Blood count', code: { system: 'urn:tariff', code: '3550' }, units: 1_975 },
  ],
  at,
});
const asked = { handle, claimant: doctor, insurer, coverage: word('3'), currency, at };
const claim = makeClaim({ ...asked, records: [word('4'), word('5')], bill });
const response = { claim, digest: word('6'), currency, at } as const;

function hash(document: object): Bytes32 {
  return bytesToHex(primitives.sha256(utf8ToBytes(canonicalJson(document))));
}

function signed(change: Partial<InsuranceClaim> = {}): InsuranceClaim {
  return {
    terms: {
      handle,
      claimant: doctor,
      payee: doctor,
      coverage: word('3'),
      entry: word('4'),
      records: [word('4'), word('5')],
      bill: hash(bill),
      content: hash(claim),
      salt,
    },
    claimant: doctor,
    insurer,
    payee: doctor,
    amount: 6_000,
    total: 6_000,
    treatment: treatmentNullifier(primitives, network, first),
    follows: ZERO32,
    authorisation: ZERO32,
    lotHash: ZERO32,
    deadline: at,
    ...change,
  };
}

/** Amounts of an explanation, in hundredths, by their codes. */
function sumsOf({ total = [] }: ExplanationOfBenefit): Readonly<Record<string, number>> {
  return Object.fromEntries(
    total.map(({ category, amount }) => [category.coding?.[0]?.code, unitsOf(amount, currency)]),
  );
}

describe('the FHIR resources of a claim', () => {
  const validator = createValidator(loadFhirDefinitions());
  const policy = makeCoverage({ handle, insurer, subscriberId: 'A 1', from: at, until: at + 9 });
  const question = makeEligibilityRequest({ ...asked, asker: doctor });
  const decisions = [
    { ...response, outcome: 'approve', reason: 'covered', units: 6_000 },
    { ...response, outcome: 'approve', reason: 'partly-covered', units: 1 },
    { ...response, outcome: 'deny', reason: 'not-covered', units: 0, words: 'No cover abroad.' },
    { ...response, outcome: 'ask', reason: 'more-needed', units: 0 },
    { ...response, outcome: 'approve', reason: 'patient-share', units: 9, before: 8 },
  ] as const;
  const resources = [
    bill,
    claim,
    makeClaim({ ...asked, records: [], bill, ahead: true }),
    makeClaim({ ...asked, records: [word('4')], bill, units: 100, follows: word('6') }),
    ...decisions.map(makeClaimResponse),
    ...decisions.map(makeExplanationOfBenefit),
    policy,
    question,
    makeEligibilityResponse(question, true, at),
  ];

  it('are valid FHIR R4', () => {
    const entry = resources.map((resource, place) => ({
      fullUrl: `urn:uuid:3d0f7b1c-61a4-4f6c-9d39-0c5f0a4b7e${10 + place}`,
      resource,
    }));
    const bundle = { resourceType: 'Bundle', type: 'collection', entry };
    assert.doesNotThrow(() => validator.validateBundle(bundle));
  });

  it('are bills and a policy among the six types of records', () => {
    for (const resource of [bill, claim, ...decisions.map(makeExplanationOfBenefit)]) {
      assert.doesNotThrow(() => {
        requireProfile('bill', [{ resource }]);
      });
    }
    assert.doesNotThrow(() => {
      requireProfile('policy', [{ resource: policy }]);
    });
  });

  // @actor an insurer that pays a part | has the explanation say that the patient owes the rest
  it('call what an insurer leaves the patient’s liability only for the reason that says so', () => {
    for (const reason of CLAIM_REASONS) {
      const given = { ...response, reason, units: 1_000, before: 500 };
      const sums = sumsOf(makeExplanationOfBenefit({ ...given, outcome: 'approve' }));
      assert.equal('copay' in sums, false, reason);
      assert.equal('memberliability' in sums, reason === 'patient-share', reason);
      assert.deepEqual([sums['submitted'], sums['benefit']], [6_000, 1_000], reason);
      const others = ['benefit', 'noncovered', 'priorpayerpaid', 'memberliability'];
      const told = others.reduce((sum, code) => sum + (sums[code] ?? 0), 0);
      assert.equal(told, reason === 'more-needed' ? 1_500 : 6_500, reason);
    }
  });

  // @class an amount on a chart that nobody pays | is shown without the kind and the reason that somebody signed
  it('give the insurer’s reason as a code, and the authorisation that a claim uses up', () => {
    const told = { ...response, outcome: 'approve', reason: 'patient-share', units: 1 } as const;
    for (const { adjudication } of [makeExplanationOfBenefit(told), makeClaimResponse(told)]) {
      const [code] = (adjudication ?? []).flatMap(({ reason }) => reason?.coding ?? []);
      assert.deepEqual(code, { system: 'urn:medseal:claim-reason', code: 'patient-share' });
    }
    assert.equal(makeExplanationOfBenefit(told).preAuthRef, undefined);
    const { preAuthRef } = makeExplanationOfBenefit({ ...told, authorisation: word('7') });
    assert.deepEqual(preAuthRef, [word('7')]);
  });

  it('tell what is paid and what is left, to the hundredth', () => {
    const { total, payment } = makeExplanationOfBenefit(decisions[1]);
    assert.deepEqual(
      total?.map(({ amount }) => amount.value),
      [60, 0.01, 59.99],
    );
    assert.equal(payment?.amount?.value, 0.01);
    assert.equal(makeClaimResponse(decisions[2]).payment, undefined);
  });
});

describe('amounts in FHIR', () => {
  it('are the same units again, whatever their number', () => {
    const amounts = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    fc.assert(
      fc.property(amounts, (units) => {
        const money = JSON.parse(JSON.stringify(moneyOf(units, currency))) as never;
        assert.equal(unitsOf(money, currency), units);
      }),
      { numRuns: 300 },
    );
  });

  it('are refused in parts of a hundredth, in another currency, below zero and beyond what is counted', () => {
    for (const value of [0.001, -1, 1e21, NaN]) {
      const money = { value, currency } as never;
      assert.throws(() => unitsOf(money, currency), failsWith('FHIR_INVALID'));
    }
    assert.throws(() => unitsOf(moneyOf(1, 'CHF'), currency), failsWith('FHIR_INVALID'));
    assert.throws(() => unitsOf(undefined, currency), failsWith('FHIR_INVALID'));
    for (const units of [-1, 0.5, 2 ** 48]) {
      assert.throws(() => moneyOf(units, currency), failsWith('ARGUMENT_INVALID'));
    }
    assert.throws(() => moneyOf(1, 'euro'), failsWith('ARGUMENT_INVALID'));
  });
});

describe('requireSoundClaim', () => {
  const documents = { claim, bill, currency, first };

  function check(message: InsuranceClaim, changed: Partial<ClaimDocuments> = {}): void {
    requireSoundClaim(primitives, network, message, { ...documents, ...changed });
  }
  function alters(what: string, message: InsuranceClaim, changed?: Partial<ClaimDocuments>): void {
    assert.throws(
      () => {
        check(message, changed);
      },
      failsWith('CLAIM_ALTERED', { what }),
    );
  }
  /** The claim as it would have been signed with other documents. */
  function signedWith(other: { claim?: Claim; bill?: Invoice }): InsuranceClaim {
    const { terms } = signed();
    const [content, billed] = [hash(other.claim ?? claim), hash(other.bill ?? bill)];
    return signed({ terms: { ...terms, content, bill: billed } });
  }

  it('takes the documents that were signed', () => {
    assert.doesNotThrow(() => {
      check(signed());
    });
  });

  // @attack a signed bill is swapped before the insurer reads it | the signed claim has its hash
  it('finds a bill that was altered after it was signed', () => {
    const totalGross = moneyOf(6_001, currency);
    alters('bill', signed(), { bill: { ...bill, totalGross, totalNet: totalGross } });
    alters('claim', signed(), { claim: { ...claim, total: totalGross } });
  });

  it('finds a bill whose lines do not add up to its total, though it was signed so', () => {
    const inflated = { ...bill, totalGross: moneyOf(7_000, currency) };
    alters('sum of the bill', signedWith({ bill: inflated }), { bill: inflated });
  });

  it('finds a claim for another amount than the bill’s, or than the ledger’s', () => {
    const more = { ...claim, total: moneyOf(6_100, currency) };
    const message = { ...signedWith({ claim: more }), amount: 6_100 };
    alters('amount', message, { claim: more });
    alters('amount', signed({ amount: 5_999 }));
  });

  it('finds another total on the ledger than the bill’s', () => {
    for (const total of [0, 5_999, 6_001]) alters('total of the bill', signed({ total }));
  });

  it('takes a first claim for a part of the bill', () => {
    const part = makeClaim({ ...asked, records: [], bill, units: 1 });
    assert.doesNotThrow(() => {
      check({ ...signedWith({ claim: part }), amount: 1 }, { claim: part });
    });
  });

  it('takes a claim for the rest that another insurer left, and none for more than the bill', () => {
    const follows = word('6');
    const rest = makeClaim({ ...asked, records: [], bill, units: 100, follows });
    assert.doesNotThrow(() => {
      check({ ...signedWith({ claim: rest }), amount: 100, follows }, { claim: rest });
    });
    const over = makeClaim({ ...asked, records: [], bill, units: 6_001, follows });
    alters('amount', { ...signedWith({ claim: over }), amount: 6_001, follows }, { claim: over });
  });

  it('tells a question in advance from a claim, and another treatment from the claim’s', () => {
    alters('use of the claim', signed({ treatment: ZERO32 }));
    alters('treatment', signed({ treatment: word('7') }));
    const elsewhere = treatmentNullifier(primitives, word('8'), first);
    const others = [{ handle: word('2') }, { record: word('3') }, { salt: `0x${'5b'.repeat(16)}` }];
    const ofOthers = others.map((other) => {
      return treatmentNullifier(primitives, network, { ...first, ...other } as typeof first);
    });
    assert.equal(new Set([elsewhere, signed().treatment, ...ofOthers]).size, 5);
  });
});
