import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { ZERO32, type Address, type Bytes32 } from '../ids.ts';
import { judgeRight, type WantedRight } from './judgeRight.ts';
import { DEFAULT_LONGEST_RIGHT as LONGEST } from '../network/longestRightOf.ts';
import type { Grant } from '../struct/requests.ts';
import { failsWith } from '../test/failsWith.ts';
import { doctor, HANDLE, NOW, RECORD } from '../test/sampleEvidence.ts';
import { context, signatory, word } from '../test/sampleNetwork.ts';
import { admit, patient, sampleGrant, sampleRules, type SampleRules } from '../test/sampleRules.ts';
import { ACTIONS, CATEGORIES, type Purpose } from '../vocabulary.ts';

const stranger = signatory('stranger');

/** The doctor wants to read the laboratory's record at NOW, relying on a grant. */
function wantedWith(
  rules: SampleRules,
  grant: Grant | undefined,
  change: Partial<WantedRight> = {},
): WantedRight {
  return {
    party: doctor.address,
    handle: HANDLE,
    action: 'read',
    category: 'laboratory',
    record: RECORD,
    purpose: 'TREAT',
    grant: grant === undefined ? ZERO32 : admit(rules, grant),
    ...(grant && { opening: grant }),
    at: NOW,
    ...change,
  };
}

describe('judgeRight', () => {
  const covered: [string, Partial<Grant['terms']>, Partial<WantedRight>, object][] = [
    ['a record of a granted category', {}, {}, { categories: ['laboratory', 'medications'] }],
    [
      'the whole chart, in the granted categories',
      {},
      { category: undefined as never, record: undefined as never },
      { categories: ['laboratory', 'medications'] },
    ],
    ['every category where all are granted', { categories: CATEGORIES }, { category: 'other' }, {}],
    ['the one record that is granted', { record: RECORD }, {}, { record: RECORD }],
    [
      'the chart where one record is granted, short of the others',
      { record: RECORD },
      { category: undefined as never, record: undefined as never },
      { categories: ['laboratory', 'medications'], record: RECORD },
    ],
    ['adding where it is granted', {}, { action: 'add' }, {}],
    ['the first second', { from: NOW }, {}, {}],
    ['the last second', { until: NOW + 1 }, {}, {}],
    ['the longest right', { from: NOW, until: NOW + LONGEST }, {}, {}],
  ];
  for (const [name, terms, change, coverage] of covered) {
    it(`covers ${name}`, () => {
      const rules = sampleRules();
      const wanted = wantedWith(rules, sampleGrant(terms), change);
      assert.partialDeepStrictEqual(judgeRight(context, rules, wanted), coverage);
    });
  }

  it('covers the whole of a patient’s own chart', () => {
    const rules = sampleRules();
    const wanted = wantedWith(rules, undefined, { party: patient.address });
    assert.deepEqual(judgeRight(context, rules, wanted), {});
  });

  const refused: [string, Partial<Grant['terms']>, Partial<WantedRight>, ErrorCode][] = [
    ['a category that is not granted', {}, { category: 'billing' }, 'RIGHT_MISSING'],
    ['any category if none is granted', { categories: [] }, {}, 'RIGHT_MISSING'],
    ['an action that is not granted', {}, { action: 'amend' }, 'RIGHT_MISSING'],
    ['reading where only adding is granted', { read: false }, {}, 'RIGHT_MISSING'],
    ['another purpose', {}, { purpose: 'HRESCH' }, 'RIGHT_MISSING'],
    ['another record than the one granted', { record: word('other') }, {}, 'RIGHT_MISSING'],
    ['the second before', { from: NOW + 1 }, {}, 'RIGHT_MISSING'],
    ['the second after', { until: NOW }, {}, 'RIGHT_ENDED'],
    ['a right one second too long', { from: NOW, until: NOW + LONGEST + 1 }, {}, 'RIGHT_MISSING'],
    ['an end in milliseconds', { until: (NOW + 100) * 1000 }, {}, 'RIGHT_MISSING'],
    [
      'a right that was too long, after its end',
      { from: NOW - LONGEST - 9, until: NOW },
      {},
      'RIGHT_MISSING',
    ],
    [
      'the whole chart where no category is granted',
      { categories: [] },
      { category: undefined as never, record: undefined as never },
      'RIGHT_MISSING',
    ],
    ['any action if none is granted', { read: false, add: false }, {}, 'RIGHT_MISSING'],
    ['a grant to someone else', { grantee: stranger.address }, {}, 'RIGHT_MISSING'],
    ['someone without a party', {}, { party: stranger.address }, 'PARTY_UNKNOWN'],
    ['a chart that nobody has', {}, { handle: word('nobody') }, 'RIGHT_MISSING'],
    ['no opening', {}, { opening: undefined as never }, 'RIGHT_MISSING'],
    ['a grant of another digest', {}, { grant: word('grant') }, 'RIGHT_MISSING'],
    ['no grant for another’s chart', {}, { grant: ZERO32 }, 'RIGHT_MISSING'],
  ];
  for (const [name, terms, change, code] of refused) {
    it(`refuses ${name}`, () => {
      const rules = sampleRules();
      const wanted = wantedWith(rules, sampleGrant(terms), change);
      assert.throws(() => judgeRight(context, rules, wanted), failsWith(code));
    });
  }

  it('refuses an opening whose terms were widened', () => {
    const rules = sampleRules();
    const wanted = wantedWith(rules, sampleGrant());
    const opening = sampleGrant({ categories: CATEGORIES });
    assert.throws(
      () => judgeRight(context, rules, { ...wanted, opening }),
      failsWith('RIGHT_MISSING'),
    );
  });

  it('refuses a grant of one patient for the chart of another', () => {
    const rules = sampleRules();
    const other = word('other patient');
    rules.patients.set(other, { ...Object(rules.patient(HANDLE)), handle: other });
    const grant = sampleGrant();
    assert.throws(
      () => judgeRight(context, rules, wantedWith(rules, grant, { handle: other })),
      failsWith('RIGHT_MISSING'),
    );
    // Nor where the ledger has the digest under another handle than the opening names.
    const wanted = wantedWith(rules, grant);
    rules.grants.set(wanted.grant, { handle: other, state: 'active' });
    assert.throws(() => judgeRight(context, rules, wanted), failsWith('RIGHT_MISSING'));
  });

  it('tells of an ended right to its grantee alone', () => {
    const rules = sampleRules();
    const grant = sampleGrant();
    const digest = admit(rules, grant, 'ended');
    const wanted = { ...wantedWith(sampleRules(), grant), grant: digest };
    assert.throws(() => judgeRight(context, rules, wanted), failsWith('RIGHT_ENDED'));
    const other = { ...Object(rules.party(doctor.address)), party: stranger.address };
    rules.parties.set(stranger.address, other);
    assert.throws(
      () => judgeRight(context, rules, { ...wanted, party: stranger.address }),
      failsWith('RIGHT_MISSING'),
    );
  });

  it('refuses who is suspended, and nobody else: rights on the chart of a suspended patient go on', () => {
    const rules = sampleRules();
    const wanted = wantedWith(rules, sampleGrant());
    suspend(rules, doctor.address);
    assert.throws(() => judgeRight(context, rules, wanted), failsWith('PARTY_SUSPENDED'));
    const others = sampleRules();
    const granted = wantedWith(others, sampleGrant());
    suspend(others, patient.address);
    const own = wantedWith(others, undefined, { party: patient.address });
    assert.throws(() => judgeRight(context, others, own), failsWith('PARTY_SUSPENDED'));
    assert.deepEqual(
      judgeRight(context, others, granted).categories,
      sampleGrant().terms.categories,
    );
  });

  // @class a suspension that ends more than what the party's key signs | takes rights of others with it
  it('agrees with a plain list of conditions on arbitrary rights and wishes', () => {
    let allowed = 0;
    fc.assert(
      fc.property(cases, (given) => {
        const { rules, wanted } = given;
        let judged = true;
        try {
          judgeRight(context, rules, wanted);
        } catch {
          judged = false;
        }
        assert.equal(judged, model(given));
        allowed += judged ? 1 : 0;
      }),
      { numRuns: 2000 },
    );
    assert.ok(allowed > 100, `only ${allowed} rights held: the property proves little`);
  });
});

function suspend(rules: SampleRules, party: `0x${string}`): void {
  rules.parties.set(party, { ...Object(rules.party(party)), suspended: true });
}

interface Case {
  readonly rules: SampleRules;
  readonly wanted: WantedRight;
  readonly given: Grant;
  readonly known: 'active' | 'ended' | 'unknown';
  readonly suspended: readonly string[];
  readonly shown: boolean;
}

/** Mostly right, with each condition broken now and then. */
const mostly = <Value>(right: Value, ...wrong: readonly Value[]): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(right) }, fc.constantFrom(...wrong));

const cases: fc.Arbitrary<Case> = fc
  .record({
    grantee: mostly<Address>(doctor.address, stranger.address, patient.address),
    party: mostly<Address>(doctor.address, stranger.address, patient.address),
    handle: mostly<Bytes32>(HANDLE, word('nobody')),
    own: mostly<boolean>(false, true),
    shown: mostly<boolean>(true, false),
    known: mostly<Case['known']>('active', 'ended', 'unknown'),
    suspended: mostly<readonly string[]>([], [doctor.address], [patient.address]),
    categories: fc.subarray(['laboratory', 'billing', 'other'] as const),
    category: fc.constantFrom(undefined, 'laboratory', 'billing', 'other'),
    granted: mostly<Bytes32>(ZERO32, RECORD, word('other')),
    record: fc.constantFrom(undefined, RECORD, word('other')),
    actions: fc.subarray([...ACTIONS]),
    action: fc.constantFrom(...ACTIONS),
    purpose: mostly<Purpose>('TREAT', 'HRESCH'),
    from: mostly<number>(-100, 0, 1),
    until: mostly<number>(100, 1, 0, LONGEST - 100, LONGEST, LONGEST * 1000),
  })
  .map((draw) => {
    const rules = sampleRules();
    const given = sampleGrant({
      grantee: draw.grantee,
      categories: draw.categories,
      record: draw.granted,
      read: draw.actions.includes('read'),
      add: draw.actions.includes('add'),
      amend: draw.actions.includes('amend'),
      from: NOW + draw.from,
      until: NOW + draw.until,
    });
    const digest = admit(rules, given, draw.known === 'ended' ? 'ended' : 'active');
    if (draw.known === 'unknown') rules.grants.clear();
    for (const party of draw.suspended) suspend(rules, party as `0x${string}`);
    const wanted = {
      party: draw.party,
      handle: draw.handle,
      action: draw.action,
      ...(draw.category && { category: draw.category }),
      ...(draw.record && { record: draw.record }),
      purpose: draw.purpose,
      grant: draw.own ? ZERO32 : digest,
      ...(draw.shown && { opening: given }),
      at: NOW,
    };
    return {
      rules,
      wanted,
      given,
      known: draw.known,
      suspended: draw.suspended,
      shown: draw.shown,
    };
  });

/** The rule once more, as a list of what must be true. */
function model({ wanted, given, known, suspended, shown }: Case): boolean {
  const { terms } = given;
  const enrolled = [doctor.address, patient.address].includes(wanted.party);
  const active = enrolled && !suspended.includes(wanted.party) && wanted.handle === HANDLE;
  if (wanted.grant === ZERO32) return active && wanted.party === patient.address;
  const allowed = { read: terms.read, add: terms.add, amend: terms.amend }[wanted.action];
  return [
    active,
    shown,
    known === 'active',
    terms.grantee === wanted.party,
    terms.from <= wanted.at && wanted.at < terms.until,
    terms.until - terms.from <= LONGEST,
    terms.categories.length > 0,
    allowed,
    terms.purpose === wanted.purpose,
    wanted.category === undefined || new Set<string>(terms.categories).has(wanted.category),
    [ZERO32, wanted.record ?? terms.record].includes(terms.record),
  ].every(Boolean);
}
