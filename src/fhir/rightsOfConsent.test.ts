import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ZERO32 } from '../protocol/ids.ts';
import { ORDINARY_CATEGORIES } from '../protocol/vocabulary.ts';
import { fieldOf, listOf } from './fieldOf.ts';
import { rightsOfConsent, type ConsentRead, type ConsentedRight } from './rightsOfConsent.ts';
import {
  actorNamed,
  arbitraryProvision,
  ASKED,
  consentAround,
  EVERYBODY,
  LABELS,
  READING,
  type Asked,
  type Provision,
} from './test/arbitraryConsent.ts';

const HL7 = 'http://terminology.hl7.org/CodeSystem';
const [DOCTOR, NURSE] = ASKED.actors as [`0x${string}`, `0x${string}`];
const ours = (...codes: string[]): object[] =>
  codes.map((code) => ({ system: 'urn:medseal:category', code }));
const purposes = (...codes: string[]): object[] =>
  codes.map((code) => ({ system: `${HL7}/v3-ActReason`, code }));
const actions = (...codes: string[]): object[] =>
  codes.map((code) => ({ coding: [{ system: `${HL7}/consentaction`, code }] }));

/** A doctor may read laboratory records for treatment, for a while. */
const PERMIT = {
  type: 'permit',
  period: { start: '1970-01-01T00:16:40Z', end: '1970-01-01T00:33:19Z' },
  actor: [actorNamed(DOCTOR)],
  purpose: purposes('TREAT'),
  action: actions('access'),
  securityLabel: ours('laboratory', 'vitals'),
} as const;
const RIGHT = {
  grantee: DOCTOR,
  categories: ['laboratory', 'vitals'],
  actions: ['read'],
  purpose: 'TREAT',
  from: 1000,
  until: 2000,
} as const;

function rightsIn(read: ConsentRead): readonly ConsentedRight[] {
  assert.ok('rights' in read, JSON.stringify(read));
  return read.rights;
}

function pathsOf(read: ConsentRead): readonly string[] {
  return 'outcome' in read ? read.outcome.issue.flatMap((each) => each.expression ?? []) : [];
}

/** Rights that the permit gives with other provisions in it. */
function given(...provision: readonly object[]): readonly ConsentedRight[] {
  return rightsIn(rightsOfConsent(consentAround({ ...PERMIT, provision }), READING));
}

describe('A Consent', () => {
  it('is a right for each party and purpose that it permits', () => {
    const both = {
      ...PERMIT,
      actor: [DOCTOR, NURSE].map(actorNamed),
      purpose: purposes('TREAT', 'HRESCH'),
    };
    assert.deepEqual(rightsIn(rightsOfConsent(consentAround(both), READING)), [
      RIGHT,
      { ...RIGHT, purpose: 'HRESCH' },
      { ...RIGHT, grantee: NURSE },
      { ...RIGHT, grantee: NURSE, purpose: 'HRESCH' },
    ]);
  });

  it('loses to its own exceptions: by category, party, action, purpose and time', () => {
    const wide = {
      ...PERMIT,
      action: actions('access', 'collect'),
      purpose: purposes('TREAT', 'HRESCH'),
    };
    const without = (denied: object): readonly ConsentedRight[] =>
      rightsIn(
        rightsOfConsent(
          consentAround({ ...wide, provision: [{ type: 'deny', ...denied }] }),
          READING,
        ),
      );
    const right = { ...RIGHT, actions: ['read', 'add'] };
    const research = { ...right, purpose: 'HRESCH' };
    assert.deepEqual(without({ securityLabel: ours('vitals') }), [
      { ...right, categories: ['laboratory'] },
      { ...research, categories: ['laboratory'] },
    ]);
    assert.deepEqual(without({ actor: [actorNamed(DOCTOR)] }), []);
    assert.deepEqual(without({ action: actions('collect') }), [
      { ...right, actions: ['read'] },
      { ...research, actions: ['read'] },
    ]);
    assert.deepEqual(without({ purpose: purposes('TREAT') }), [research]);
    assert.deepEqual(without({ period: { start: '1970-01-01T00:25:00Z' } }), [
      { ...right, until: 1500 },
      { ...research, until: 1500 },
    ]);
    assert.deepEqual(without({}), []);
  });

  it('is refused where something around its provisions could change what it means', () => {
    const good = consentAround(PERMIT);
    const cases: readonly (readonly [object, string])[] = [
      [{ ...good, modifierExtension: [{ url: 'urn:not' }] }, 'Consent.modifierExtension'],
      [{ ...good, implicitRules: 'urn:rules' }, 'Consent.implicitRules'],
      [{ ...good, verification: [{ verified: false }] }, 'Consent.verification[0]'],
      [
        { ...good, scope: { coding: [{ system: `${HL7}/consentscope`, code: 'research' }] } },
        'Consent.scope',
      ],
      [{ ...good, patient: { reference: 'Patient/other' } }, 'Consent.patient'],
      [
        { ...good, patient: { identifier: { system: 'urn:medseal:handle', value: ZERO32 } } },
        'Consent.patient.identifier',
      ],
      [{ ...good, status: 'unknown' }, 'Consent.status'],
      [{ ...good, resourceType: 'Contract' }, 'Consent'],
    ];
    for (const [consent, path] of cases) {
      assert.ok(pathsOf(rightsOfConsent(consent, READING)).includes(path), path);
    }
    for (const nothing of [null, undefined, 'Consent', [], { resourceType: 'Consent' }]) {
      assert.ok('outcome' in rightsOfConsent(nothing, READING));
    }
  });

  it('that is not active, only denies, or is past gives nothing and says so', () => {
    const inactive = rightsOfConsent({ ...consentAround(PERMIT), status: 'inactive' }, READING);
    assert.deepEqual(rightsIn(inactive), []);
    assert.ok('notes' in inactive && inactive.notes.some(({ path }) => path === 'Consent.status'));
    assert.deepEqual(rightsIn(rightsOfConsent(consentAround({ type: 'deny' }), READING)), []);
    assert.deepEqual(
      rightsIn(rightsOfConsent(consentAround(PERMIT), { ...READING, at: 2000 })),
      [],
    );
  });

  it('takes names of parties and an end only from whoever reads it', () => {
    const open = {
      ...PERMIT,
      period: undefined,
      actor: [{ ...actorNamed(DOCTOR), reference: { reference: 'Practitioner/f1' } }],
    };
    const consent = { ...consentAround(open), patient: { reference: 'Patient/f1' } };
    const told = {
      patientNames: ['Patient/f1'],
      actors: { 'Practitioner/f1': NURSE },
      until: 1800,
    };
    assert.deepEqual(rightsIn(rightsOfConsent(consent, { ...READING, ...told })), [
      {
        grantee: NURSE,
        categories: RIGHT.categories,
        actions: ['read'],
        purpose: 'TREAT',
        until: 1800,
      },
    ]);
    // A name that the reader knows does not make the chart of another patient the reader's.
    const identifier = { system: 'urn:medseal:handle', value: ZERO32 };
    const foreign = { ...consent, patient: { ...consent.patient, identifier } };
    const refused = rightsOfConsent(foreign, { ...READING, ...told });
    assert.deepEqual(pathsOf(refused), ['Consent.patient.identifier']);
    // Names are of the reader's own list, not of whatever every object has.
    const odd = { ...open, actor: [{ ...open.actor[0], reference: { reference: 'constructor' } }] };
    assert.ok(
      'outcome' in rightsOfConsent({ ...consent, provision: odd }, { ...READING, ...told }),
    );
  });

  it('without actions or categories gives less than everything, and says so', () => {
    const open = { ...PERMIT, action: undefined, securityLabel: undefined };
    const read = rightsOfConsent(consentAround(open), READING);
    assert.deepEqual(rightsIn(read), [{ ...RIGHT, categories: ORDINARY_CATEGORIES }]);
    assert.equal('notes' in read && read.notes.length, 3); // with the policy
  });

  for (const [whom, everybody] of [
    ['nobody', undefined],
    ['two parties', EVERYBODY],
  ] as const) {
    // @actor whoever writes a Consent with labels, further permits, or for everybody | has rights follow that are wider than the document
    it(`never gives more than it says, and all of it where it names everything; everybody is ${whom}`, () => {
      let count = 0;
      fc.assert(
        fc.property(arbitraryProvision, (root) => {
          const reading = { ...READING, ...(everybody && { everybody }) };
          const read = rightsOfConsent(consentAround(root), reading);
          if ('outcome' in read) return;
          const isWhole = namesAll(root);
          for (const asked of everyUse()) {
            const covered = read.rights.some((right) => covers(right, asked));
            count += Number(covered);
            // A permit that names nobody is for those whom the patient means, and for nobody else.
            const isNamed = listOf(root['actor']).length > 0;
            const isMeant = isNamed || everybody?.some((each) => each === asked.actor) === true;
            if (covered || (isWhole && isMeant))
              assert.equal(covered, permits(root, asked), JSON.stringify(asked));
            // Whoever may read sensitive records reads those of each label.
            if (!covered || asked.category !== 'sensitive') continue;
            for (const label of LABELS)
              assert.ok(permits(root, { ...asked, label }), JSON.stringify({ ...asked, label }));
          }
        }),
        { numRuns: 150 },
      );
      assert.ok(count > 1000);
    });
  }

  it('that names nobody is for those whom its patient names, and for nobody else', () => {
    const open = { ...PERMIT, actor: undefined };
    const read = rightsOfConsent(consentAround(open), { ...READING, everybody: [NURSE] });
    assert.deepEqual(rightsIn(read), [{ ...RIGHT, grantee: NURSE }]);
    assert.ok('notes' in read && read.notes.some(({ path }) => path === 'Consent.provision.actor'));
    const named = rightsOfConsent(consentAround(PERMIT), { ...READING, everybody: [NURSE] });
    assert.deepEqual(rightsIn(named), [RIGHT]);
    for (const everybody of [[], undefined]) {
      const refused = rightsOfConsent(consentAround(open), {
        ...READING,
        ...(everybody && { everybody }),
      });
      assert.deepEqual(pathsOf(refused), ['Consent.provision.actor']);
    }
  });

  it('denies all sensitive records where it denies a label that makes records so', () => {
    const wide = { ...PERMIT, securityLabel: ours('vitals', 'sensitive') };
    for (const [label, beside] of [
      [{ system: `${HL7}/v3-Confidentiality`, code: 'R' }, []],
      [{ system: `${HL7}/v3-ActCode`, code: 'PSY' }, ours('laboratory')],
      [{ system: 'urn:of-nobody', code: 'x' }, []],
    ] as const) {
      for (const more of [{}, { code: [{ coding: ours('imaging') }] }]) {
        const denial = { type: 'deny', securityLabel: [label, ...beside], ...more };
        const consent = consentAround({ ...wide, provision: [denial] });
        assert.deepEqual(rightsIn(rightsOfConsent(consent, READING)), [
          { ...RIGHT, categories: ['vitals'] },
        ]);
      }
    }
    for (const code of ['N', 'L', 'U']) {
      const label = { system: `${HL7}/v3-Confidentiality`, code };
      const consent = consentAround({
        ...wide,
        provision: [{ type: 'deny', securityLabel: [label] }],
      });
      assert.deepEqual(pathsOf(rightsOfConsent(consent, READING)), [
        'Consent.provision.provision[0].securityLabel[0]',
      ]);
    }
  });

  it('gives a permit in a permit as a further one, within its time, and less what is denied beside it', () => {
    const further = { type: 'permit', actor: [actorNamed(NURSE)], securityLabel: ours('imaging') };
    const nurse = { ...RIGHT, grantee: NURSE, categories: ['imaging'] };
    assert.deepEqual(given(further), [RIGHT, nurse]);
    const later = { ...further, period: { start: '1970-01-01T00:25:00Z', end: '2999' } };
    assert.deepEqual(given(later), [RIGHT, { ...nurse, from: 1500 }]);
    assert.deepEqual(given(further, { type: 'deny', securityLabel: ours('imaging') }), [RIGHT]);
    assert.deepEqual(given(further, { type: 'deny', actor: [actorNamed(DOCTOR)] }), [nurse]);
    // Within a denial, a further permit does not leave what is denied.
    const inner = { type: 'permit', purpose: purposes('TREAT'), provision: [further] };
    const denial = { type: 'deny', securityLabel: ours('vitals'), provision: [inner] };
    assert.deepEqual(
      given(denial).map(({ categories }) => categories),
      [['laboratory'], ['vitals']],
    );
  });

  // @actor whoever gives a patient a Consent that denies psychiatry, but for one doctor | has the doctor get all sensitive records, since the denial was read as one of them all
  it('that denies what has a label, but for somebody, gives nobody all sensitive records', () => {
    const exception = { ...PERMIT, securityLabel: undefined };
    for (const label of [
      { system: `${HL7}/v3-ActCode`, code: 'PSY' },
      { system: `${HL7}/v3-Confidentiality`, code: 'R' },
      { system: 'urn:example:labels', code: 'private' },
    ]) {
      const root = { type: 'deny', securityLabel: [label], provision: [exception] };
      const path = 'Consent.provision.securityLabel[0]';
      assert.deepEqual(pathsOf(rightsOfConsent(consentAround(root), READING)), [path]);
    }
    // In a permit the exception gives back no more than the permit gave.
    const label = { system: `${HL7}/v3-ActCode`, code: 'PSY' };
    const denial = { type: 'deny', securityLabel: [label], provision: [exception] };
    assert.deepEqual(given(denial), [RIGHT]);
  });

  it('that denies a purpose, but for somebody, gives that purpose alone: not treatment in an emergency beside treatment', () => {
    const purpose = [{ system: `${HL7}/v3-ActReason`, code: 'TREAT' }];
    const root = { type: 'deny', purpose, provision: [{ ...PERMIT, purpose: undefined }] };
    const read = rightsOfConsent(consentAround(root), READING);
    assert.ok('rights' in read);
    assert.deepEqual([...new Set(read.rights.map((right) => right.purpose))], ['TREAT']);
  });

  // @actor whoever gives a patient a Consent whose exceptions multiply each other | has the portal, its Lock and the command line stand still for minutes
  it('whose exceptions multiply is refused before it takes long', () => {
    const many = Array.from({ length: 9 }, () => ({ type: 'permit' }));
    const denial = { type: 'deny', provision: [{ type: 'permit', provision: many }] };
    let root: object = PERMIT;
    for (let level = 0; level < 3; level++) {
      const within = level === 0 ? [] : [{ type: 'deny', provision: [{ ...root }] }];
      const rest = level === 2 ? PERMIT : { type: 'permit' };
      root = {
        ...rest,
        provision: [denial, denial, ...within, { type: 'deny', period: { end: '1970' } }],
      };
    }
    const read = rightsOfConsent(consentAround(root), READING);
    assert.ok('outcome' in read && read.outcome.issue.every(({ code }) => code === 'too-costly'));
    assert.equal(read.outcome.issue.length, 1);
  });

  it('of a thousand exceptions is refused before it takes long', () => {
    const deny = { type: 'deny', securityLabel: ours('vitals') };
    const read = rightsOfConsent(
      consentAround({ ...PERMIT, provision: Array.from({ length: 1000 }, () => deny) }),
      READING,
    );
    assert.deepEqual(pathsOf(read), ['Consent.provision']);
  });
});

/**
 * The rule of FHIR, case by case: a provision applies where all that it names fits, but for its exceptions. A permit in a
 * permit is a further one: what it does not name is as in the outer one.
 */
function permits(provision: Provision, asked: Asked, isWithin = true): boolean {
  const inner = listOf(provision['provision']) as readonly Provision[];
  if (provision.type === 'deny') {
    return applies(provision, asked) && inner.some((each) => permits(each, asked));
  }
  const further = inner.filter(({ type }) => type === 'permit');
  const isNamed =
    (applies(provision, asked) && isWithin) ||
    further.some((each) => {
      const { provision: _, period, ...outer } = provision;
      return permits({ ...outer, ...each }, asked, isWithin && appliesAt(period, asked));
    });
  const denials = inner.filter(({ type }) => type === 'deny');
  return isNamed && !denials.some((each) => applies(each, asked) && !permits(each, asked));
}

function appliesAt(period: Provision['period'], { moment }: Asked): boolean {
  const { start, end } = period ?? {};
  return (
    (start === undefined || moment >= Date.parse(start) / 1000) &&
    (end === undefined || moment <= Date.parse(end) / 1000)
  );
}

function applies(provision: Provision, asked: Asked): boolean {
  const fits = (element: string, of: (value: unknown) => unknown, wanted: readonly unknown[]) => {
    const values = listOf(provision[element]);
    return values.length === 0 || values.some((value) => wanted.includes(of(value)));
  };
  const broader = {
    TREAT: ['TREAT'],
    ETREAT: ['TREAT', 'ETREAT'],
    BTG: ['TREAT', 'ETREAT', 'BTG'],
  };
  const purposesOf = (broader as Record<string, string[]>)[asked.purpose] ?? [asked.purpose];
  const meant = provision.type === 'deny' ? purposesOf : [asked.purpose];
  const action = { read: 'access', add: 'collect', amend: 'correct' }[asked.action];
  return (
    appliesAt(provision.period, asked) &&
    fits('actor', identified, [asked.actor]) &&
    fits('securityLabel', (value) => fieldOf(value, 'code'), [
      asked.category,
      ...(asked.category === 'sensitive'
        ? asked.label === undefined
          ? LABELS
          : [asked.label]
        : []),
    ]) &&
    fits('action', (value) => fieldOf(listOf(fieldOf(value, 'coding'))[0], 'code'), [action]) &&
    fits('purpose', (value) => fieldOf(value, 'code'), meant) &&
    fits('data', identified, [asked.record])
  );
}

function identified(value: unknown): unknown {
  return fieldOf(fieldOf(fieldOf(value, 'reference'), 'identifier'), 'value');
}

function covers(right: ConsentedRight, asked: Asked): boolean {
  return (
    right.grantee === asked.actor &&
    (right.categories as readonly string[]).includes(asked.category) &&
    (right.actions as readonly string[]).includes(asked.action) &&
    right.purpose === asked.purpose &&
    (right.record === undefined || right.record === asked.record) &&
    asked.moment >= (right.from ?? READING.at) &&
    asked.moment < right.until
  );
}

/** True if no permit leaves anything open that is then filled in with less than everything. */
function namesAll(root: Provision): boolean {
  const [permit] = root.type === 'permit' ? [root] : [];
  return (
    permit !== undefined && permit['action'] !== undefined && permit['securityLabel'] !== undefined
  );
}

function* everyUse(): Generator<Asked> {
  for (const actor of ASKED.actors) {
    for (const category of ASKED.categories) {
      for (const action of ASKED.actions) {
        for (const purpose of ASKED.purposes) {
          for (const moment of ASKED.moments) {
            yield { actor, category, action, purpose, moment };
            yield { actor, category, action, purpose, moment, record: ASKED.record };
          }
        }
      }
    }
  }
}

describe('a Consent resource that would widen', () => {
  // @attack a Consent resource that would widen | read as rights that never say more, or refused by its path
  it('is refused by its path, and gives nothing', () => {
    const cases: readonly (readonly [object, string])[] = [
      [{ ...PERMIT, actor: undefined }, 'Consent.provision.actor'],
      [{ ...PERMIT, purpose: undefined }, 'Consent.provision.purpose'],
      [{ ...PERMIT, period: undefined }, 'Consent.provision.period.end'],
      [{ ...PERMIT, type: undefined }, 'Consent.provision.type'],
      [{ ...PERMIT, dataPeriod: { start: '2020' } }, 'Consent.provision.dataPeriod'],
      [{ ...PERMIT, extension: [{ url: 'urn:x' }] }, 'Consent.provision.extension'],
      [{ ...PERMIT, _period: {} }, 'Consent.provision._period'],
      [
        {
          ...PERMIT,
          class: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Observation' }],
        },
        'Consent.provision.class[0]',
      ],
      [
        { ...PERMIT, code: [{ coding: [{ system: 'http://loinc.org', code: '34133-9' }] }] },
        'Consent.provision.code[0].coding[0]',
      ],
      [
        { ...PERMIT, securityLabel: [{ system: `${HL7}/v3-Confidentiality`, code: 'R' }] },
        'Consent.provision.securityLabel[0]',
      ],
      [{ ...PERMIT, action: actions('disclose') }, 'Consent.provision.action[0]'],
      [{ ...PERMIT, action: [] }, 'Consent.provision.action'],
      [{ ...PERMIT, purpose: purposes('HMARKT') }, 'Consent.provision.purpose[0]'],
      [
        { ...PERMIT, actor: [{ ...actorNamed(DOCTOR), reference: { reference: 'Group/1' } }] },
        'Consent.provision.actor[0].reference',
      ],
      [
        {
          ...PERMIT,
          data: [{ meaning: 'authoredby', reference: { reference: 'Practitioner/1' } }],
        },
        'Consent.provision.data[0].meaning',
      ],
      [
        { ...PERMIT, provision: [{ type: 'deny', data: [{ meaning: 'instance' }] }] },
        'Consent.provision.provision[0].data[0]',
      ],
      [
        { ...PERMIT, provision: [{ type: 'deny', dataPeriod: { end: '2019' } }] },
        'Consent.provision.provision[0].dataPeriod',
      ],
      [
        {
          ...PERMIT,
          provision: [{ type: 'deny', actor: [{ reference: { reference: 'Group/1' } }] }],
        },
        'Consent.provision.provision[0].actor[0].reference',
      ],
      [
        {
          ...PERMIT,
          provision: [{ type: 'deny', provision: [{ type: 'deny' }] }],
        },
        'Consent.provision.provision[0].provision[0].type',
      ],
      [
        {
          ...PERMIT,
          provision: [
            {
              type: 'permit',
              securityLabel: [{ system: `${HL7}/v3-Confidentiality`, code: 'R' }],
            },
          ],
        },
        'Consent.provision.provision[0].securityLabel[0]',
      ],
      [
        { ...PERMIT, period: { start: '2026-02-30', end: '2027' } },
        'Consent.provision.period.start',
      ],
    ];
    for (const [root, path] of cases) {
      const plain = JSON.parse(JSON.stringify(root)) as unknown;
      const read = rightsOfConsent(consentAround(plain), READING);
      assert.ok(pathsOf(read).includes(path), `${path}: ${JSON.stringify(read)}`);
    }
  });
});
