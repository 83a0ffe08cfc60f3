// Over 400 lines: each reason to refuse is tried over one sample of rules, grants and requests.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Acknowledgement } from './evidence.ts';
import { ZERO32 } from '../ids.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { authenticate, judgeEvidence, type EvidenceSupport } from './judgeEvidence.ts';
import type { Grant, KeptView, Signed, View, Write } from '../struct/requests.ts';
import { MAX_DEADLINE_AHEAD } from './requireTimely.ts';
import { digestOf, sign } from '../struct/signing.ts';
import { failsWith } from '../test/failsWith.ts';
import { keyChange } from '../test/keyChange.ts';
import {
  acknowledged,
  doctor,
  HANDLE,
  NOW,
  RECORD,
  sampleBody,
  sampleView,
  sampleWrite,
} from '../test/sampleEvidence.ts';
import {
  context,
  coordinators,
  network,
  research,
  signatory,
  word,
} from '../test/sampleNetwork.ts';
import { UNTOLD_LIFE, type LifeFacts, type Will } from '../care/vitalRecords.ts';
import { ROLES, SERVICES, type Category, type Role, type Service } from '../vocabulary.ts';
import { admit, patient, sampleGrant, sampleRules } from '../test/sampleRules.ts';

const [written] = await acknowledged([sampleBody()]);
/** The record of the same name and version on another patient's chart. */
const [elsewhere] = await acknowledged([sampleBody({}, { handle: word('another patient') })]);
const [byOne] = await acknowledged([sampleBody()], coordinators.slice(0, 1));
const [declined] = await acknowledged([sampleBody({ flag: 'R', code: 'RIGHT_MISSING' })]);
const [viewed] = await acknowledged([
  sampleBody({ request: sign(context, doctor, 'View', sampleView) }),
]);

/** Judges the doctor's request under a grant that gives all actions. */
function judge(
  request: { write: Partial<Write> } | { view: Partial<View> },
  support: EvidenceSupport = {},
  options: { at?: number; terms?: Partial<Grant['terms']> } = {},
): unknown {
  const rules = sampleRules();
  const opening = sampleGrant({ amend: true, ...options.terms });
  const grant = admit(rules, opening);
  const signed: Signed<'Write' | 'View'> =
    'write' in request
      ? sign(context, doctor, 'Write', { ...sampleWrite, grant, ...request.write })
      : sign(context, doctor, 'View', { ...sampleView, grant, ...request.view });
  return judgeEvidence(context, network, rules, signed, { opening, ...support }, options.at ?? NOW);
}

const record = { what: 'record', record: RECORD, version: 1 } as const;
const amendment = { action: 'amend', version: 2 } as const;
const support = (acknowledgement: Acknowledgement | undefined): EvidenceSupport =>
  acknowledgement === undefined ? {} : { record: acknowledgement };

describe('authenticate', () => {
  const request = sign(context, doctor, 'Write', sampleWrite);

  it('lets pass what the present key of an enrolled party signed', () => {
    assert.doesNotThrow(() => authenticate(context, sampleRules(), request));
  });

  it('refuses who is not enrolled', () => {
    const stranger = sign(context, signatory('stranger'), 'Write', sampleWrite);
    assert.throws(() => authenticate(context, sampleRules(), stranger), failsWith('PARTY_UNKNOWN'));
  });

  // @actor an account of a service | to sign requests as a party does
  it('refuses the account of a service, which sends to the ledger alone', () => {
    const rules = sampleRules();
    const facts = rules.parties.get(doctor.address);
    assert.ok(facts);
    for (const role of SERVICES) {
      rules.parties.set(doctor.address, { ...facts, role });
      for (const type of [
        'Write',
        'View',
        'Ask',
        'Upload',
        'Letter',
        'Collect',
        'FindRights',
        'Notify',
      ] as const) {
        const signed = { ...request, type } as Signed<typeof type>;
        assert.throws(() => authenticate(context, rules, signed), failsWith('PARTY_UNKNOWN'), type);
      }
    }
  });

  const forged: [string, Signed<'Write'>][] = [
    ['someone else’s signature', { ...request, party: patient.address }],
    ['a changed message', { ...request, message: { ...sampleWrite, size: 1001 } }],
    ['a signature of nobody', { ...request, signature: `0x${'00'.repeat(65)}` }],
    [
      'a signature over another struct',
      { ...request, type: 'Write', signature: sign(context, doctor, 'View', sampleView).signature },
    ],
    [
      'a signature for another network',
      sign(
        { ...context, domain: { ...context.domain, salt: word('other') } },
        doctor,
        'Write',
        sampleWrite,
      ),
    ],
  ];
  for (const [name, signed] of forged) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => authenticate(context, sampleRules(), signed),
        failsWith('SIGNATURE_INVALID'),
      );
    });
  }

  it('refuses the first key of a party that has another now', () => {
    const rules = sampleRules();
    const fresh = signatory('new key of the doctor');
    rules.signers.set(doctor.address, fresh.address);
    assert.throws(() => authenticate(context, rules, request), failsWith('SIGNATURE_INVALID'));
    const keyChanges = [keyChange(doctor.address, [doctor, fresh])];
    const signer = { ...fresh, address: doctor.address, keyChanges };
    const later = sign(context, signer, 'Write', sampleWrite);
    assert.doesNotThrow(() => authenticate(context, rules, later));
    // A request that nobody could verify later is refused now.
    const { keyChanges: _proof, ...bare } = later;
    assert.throws(() => authenticate(context, rules, bare), failsWith('SIGNATURE_INVALID'));
  });
});

/** Judges a write under another network file. */
function inChannel(
  file: NetworkFile,
  { write = {}, support: shown = {} }: { write?: Partial<Write>; support?: EvidenceSupport },
  party = doctor,
): unknown {
  const rules = sampleRules();
  const opening = sampleGrant({ amend: true });
  const grant = party === doctor ? admit(rules, opening) : ZERO32;
  const request = sign(context, party, 'Write', {
    ...sampleWrite,
    begunBy: party.address,
    grant,
    ...write,
  });
  return judgeEvidence(context, file, rules, request, { opening, ...shown }, NOW);
}

const dead = (since: number): Pick<LifeFacts, 'death'> => ({
  death: { stage: 'confirmed', step: 2, since },
});

describe('judgeEvidence', () => {
  it('covers what the right covers', () => {
    const categories = ['laboratory', 'medications'];
    assert.deepEqual(judge({ write: {} }), { categories });
    assert.deepEqual(judge({ write: amendment }, support(written)), { categories });
    assert.deepEqual(judge({ view: {} }), { categories });
    assert.deepEqual(judge({ view: record }, support(written)), { categories });
  });

  it('takes a deadline from this second to the furthest, and no other', () => {
    for (const deadline of [NOW, NOW + MAX_DEADLINE_AHEAD]) judge({ write: { deadline } });
    assert.throws(() => judge({ write: { deadline: NOW - 1 } }), failsWith('REQUEST_LATE'));
    const deadline = NOW + MAX_DEADLINE_AHEAD + 1;
    assert.throws(() => judge({ view: { deadline } }), failsWith('REQUEST_EARLY'));
  });

  const refused: [string, Parameters<typeof judge>, ErrorCode][] = [
    [
      'a write of a category without a right',
      [{ write: { category: 'billing' } }],
      'RIGHT_MISSING',
    ],
    [
      'a write where only reading is given',
      [{ write: {} }, {}, { terms: { add: false } }],
      'RIGHT_MISSING',
    ],
    ['a write after the right', [{ write: {} }, {}, { at: NOW + 100 }], 'RIGHT_ENDED'],
    ['a write to the epoch before', [{ write: { epoch: 0 } }], 'EPOCH_STALE'],
    ['a write to an epoch to come', [{ write: { epoch: 2 } }], 'EPOCH_STALE'],
    ['a first version that is not 1', [{ write: { version: 2 } }], 'REQUEST_MALFORMED'],
    ['a record without a name', [{ write: { record: ZERO32 } }], 'REQUEST_MALFORMED'],
    ['an amendment of nothing', [{ write: amendment }], 'NOT_FOUND'],
    [
      'an amendment that leaves a version out',
      [{ write: { ...amendment, version: 3 } }, support(written)],
      'NOT_FOUND',
    ],
    [
      'an amendment of another record',
      [{ write: { ...amendment, record: word('other') } }, support(written)],
      'NOT_FOUND',
    ],
    [
      'an amendment that moves the record',
      [{ write: { ...amendment, category: 'medications' } }, support(written)],
      'REQUEST_MALFORMED',
    ],
    ['an amendment of what was refused', [{ write: amendment }, support(declined)], 'NOT_FOUND'],
    ['an amendment of a view', [{ write: amendment }, support(viewed)], 'NOT_FOUND'],
    [
      'an amendment of what one coordinator judged',
      [{ write: amendment }, support(byOne)],
      'EVIDENCE_INVALID',
    ],
    ['a view of a record that is not shown', [{ view: record }], 'NOT_FOUND'],
    [
      'a view of a record that is shown as another patient’s',
      [{ view: record }, support(elsewhere)],
      'NOT_FOUND',
    ],
    [
      'a view of another version than is shown',
      [{ view: { ...record, version: 2 } }, support(written)],
      'NOT_FOUND',
    ],
    [
      'a view of a record of a category without a right',
      [{ view: record }, support(written), { terms: { categories: ['medications'] } }],
      'RIGHT_MISSING',
    ],
    [
      'a view of another record than the one given',
      [{ view: record }, support(written), { terms: { record: word('other') } }],
      'RIGHT_MISSING',
    ],
    ['a view for another purpose', [{ view: { purpose: 'HRESCH' } }], 'RIGHT_MISSING'],
    ['a view of a chart that names a record', [{ view: { record: RECORD } }], 'REQUEST_MALFORMED'],
    ['a view of a chart that names a version', [{ view: { version: 1 } }], 'REQUEST_MALFORMED'],
  ];
  for (const [name, given, code] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(() => judge(...given), failsWith(code));
    });
  }

  it('tells who has no right the same of records that exist and of those that do not', () => {
    for (const known of [written, undefined]) {
      assert.throws(
        () => judge({ view: record }, support(known), { terms: { read: false } }),
        failsWith('RIGHT_MISSING'),
      );
    }
  });

  describe('of vital records', () => {
    const vital = { write: { category: 'vital-records' } } as const;
    const terms = { categories: ['vital-records'] } as const;
    const as = (role: Role | Service, given: Parameters<typeof judge>[0] = vital): unknown => {
      const rules = sampleRules();
      const opening = sampleGrant({ amend: true, ...terms });
      const grant = admit(rules, opening);
      const facts = rules.parties.get(doctor.address) ?? assert.fail();
      rules.parties.set(doctor.address, { ...facts, role });
      const message = { ...sampleWrite, grant, ...('write' in given ? given.write : {}) };
      const request = sign(context, doctor, 'Write', message);
      return judgeEvidence(context, network, rules, request, { opening }, NOW);
    };

    it('takes a write of a doctor, a nurse and a registrar whom the patient lets add', () => {
      for (const role of ['doctor', 'nurse', 'registrar'] as const) {
        assert.deepEqual(as(role), { categories: ['vital-records'] });
      }
    });

    // @attack a party with a patient's leave adds a birth or death record that its role does not write | `ROLE_UNFIT` at each judge
    it('refuses every other role, though a right covers it', () => {
      const may: readonly string[] = ['doctor', 'nurse', 'registrar'];
      for (const role of ROLES.filter((each) => !may.includes(each))) {
        assert.throws(() => as(role), failsWith('ROLE_UNFIT', { what: 'vital-records', role }));
      }
    });

    it('tells who has no right nothing of roles', () => {
      const other = { write: { category: 'vital-records', purpose: 'HRESCH' } } as const;
      assert.throws(() => as('lab', other), failsWith('RIGHT_MISSING'));
    });

    it('lets patients put a copy on their own chart', () => {
      const rules = sampleRules();
      const message = {
        ...sampleWrite,
        begunBy: patient.address,
        grant: ZERO32,
        purpose: 'PATRQT',
        ...vital.write,
      } as const;
      const request = sign(context, patient, 'Write', message);
      assert.deepEqual(judgeEvidence(context, network, rules, request, {}, NOW), {});
    });
  });

  describe('of somebody dead', () => {
    const own = { grant: ZERO32, purpose: 'PATRQT' } as const;
    interface Given {
      readonly life?: Partial<LifeFacts>;
      readonly will?: Partial<Will['terms']> | null;
      readonly role?: Role;
      readonly terms?: Partial<Grant['terms']>;
    }
    const judgeDead = (
      asked: { write: Partial<Write> } | { view: Partial<View & Pick<KeptView, 'keep'>> },
      { life = {}, will: changed = {}, role = 'doctor', terms = {} }: Given = {},
    ): unknown => {
      const rules = sampleRules();
      const opening = sampleGrant({ amend: true, ...terms });
      const grant = admit(rules, opening);
      const facts = rules.parties.get(doctor.address) ?? assert.fail();
      rules.parties.set(doctor.address, { ...facts, role });
      const salt = `0x${'5a'.repeat(16)}` as const;
      const words = { grants: [grant], lasts: 100, salt };
      const will = { terms: words, handle: HANDLE, number: 1, deadline: NOW };
      const digest = digestOf(context, 'Will', will);
      const known = { ...UNTOLD_LIFE, ...dead(NOW - 50), number: 1, will: digest };
      rules.lives.set(HANDLE, { ...known, ...life });
      const shown = changed && { ...will, terms: { ...words, ...changed } };
      const merged = 'write' in asked ? asked.write : asked.view;
      const signer = merged.grant === ZERO32 ? patient : doctor;
      const { keep, ...viewed } = 'view' in asked ? asked.view : {};
      const view = { ...sampleView, grant, ...viewed };
      const signed: Signed<'Write' | 'View' | 'KeptView'> =
        'write' in asked
          ? sign(context, signer, 'Write', { ...sampleWrite, grant, ...asked.write })
          : keep === undefined
            ? sign(context, signer, 'View', view)
            : sign(context, signer, 'KeptView', { ...view, what: 'record', keep });
      const along = { opening, ...support(written), ...(shown && { will: shown }) };
      return judgeEvidence(context, network, rules, signed, along, NOW);
    };
    const vital = { write: { category: 'vital-records' } } as const;
    const vitalTerms = { terms: { categories: ['vital-records'] } } as const;

    it('refuses every addition and amendment, from the patient’s own devices too', () => {
      const frozen = failsWith('CHART_FROZEN');
      assert.throws(() => judgeDead({ write: {} }), frozen);
      assert.throws(() => judgeDead({ write: amendment }), frozen);
      assert.throws(() => judgeDead({ write: own }), frozen);
      assert.throws(() => judgeDead({ write: { ...own, ...vital.write } }), frozen);
    });

    it('takes a vital record of a doctor or a registrar whom the patient had let add, and of nobody else', () => {
      for (const role of ['doctor', 'registrar'] as const) {
        assert.doesNotThrow(() => judgeDead(vital, { role, ...vitalTerms, will: null }));
      }
      assert.throws(
        () => judgeDead(vital, { role: 'nurse', ...vitalTerms }),
        failsWith('CHART_FROZEN'),
      );
      const over = { categories: ['vital-records'], until: NOW } as const;
      assert.throws(() => judgeDead(vital, { terms: over }), failsWith('RIGHT_ENDED'));
      assert.throws(() => judgeDead(vital), failsWith('RIGHT_MISSING'));
    });

    it('lets those read whom the will names, for as long as it says', () => {
      assert.doesNotThrow(() => judgeDead({ view: {} }));
      assert.doesNotThrow(() => judgeDead({ view: record }));
      const ended = failsWith('RIGHT_ENDED');
      assert.throws(() => judgeDead({ view: {} }, { life: dead(NOW - 100) }), ended);
      assert.throws(() => judgeDead({ view: record }, { life: dead(NOW - 100) }), ended);
      assert.doesNotThrow(() => judgeDead({ view: {} }, { life: dead(NOW - 99) }));
    });

    // @attack a reader of a dead patient’s chart keeps a record for longer than the will lets it read | refused
    it('lets nobody keep a record for longer than the will says', () => {
      assert.doesNotThrow(() => judgeDead({ view: { ...record, keep: NOW + 50 } }));
      assert.throws(
        () => judgeDead({ view: { ...record, keep: NOW + 51 } }),
        failsWith('KEEP_TOO_LONG'),
      );
    });

    it('ends every grant without a will, or with another one than the ledger has', () => {
      const ended = failsWith('RIGHT_ENDED');
      assert.throws(() => judgeDead({ view: {} }, { will: null }), ended);
      assert.throws(() => judgeDead({ view: record }, { will: null }), ended);
      assert.throws(() => judgeDead({ view: {} }, { will: { lasts: 1000 } }), ended);
      assert.throws(() => judgeDead({ view: {} }, { will: { grants: [] } }), ended);
      assert.throws(() => judgeDead({ view: {} }, { life: { will: word('other') } }), ended);
    });

    it('gives no more by a will than its grant gave', () => {
      const terms = { until: NOW } as const;
      assert.throws(() => judgeDead({ view: {} }, { terms }), failsWith('RIGHT_ENDED'));
      const purpose = { view: { purpose: 'HRESCH' } } as const;
      assert.throws(() => judgeDead(purpose), failsWith('RIGHT_MISSING'));
    });

    it('lets the patient’s own devices read and audit, so that the living see what happened', () => {
      assert.deepEqual(judgeDead({ view: own }, { will: null }), {});
      assert.deepEqual(judgeDead({ view: { ...own, what: 'audit' } }, { will: null }), {});
    });

    it('changes nothing before it is confirmed, or once it is undone', () => {
      for (const stage of ['reported', 'none'] as const) {
        const life = { death: { stage, step: 2 } } as const;
        assert.doesNotThrow(() => judgeDead({ view: {} }, { life, will: null }));
        assert.doesNotThrow(() => judgeDead({ write: {} }, { life, will: null }));
      }
    });
  });

  it('refuses every write if no epoch has begun', () => {
    const rules = sampleRules();
    const chart = Object(rules.patient(sampleWrite.handle));
    rules.patients.set(sampleWrite.handle, { ...chart, epoch: 0 });
    const request = sign(context, patient, 'Write', { ...sampleWrite, epoch: 0 });
    assert.throws(
      () => judgeEvidence(context, network, rules, request, {}, NOW),
      failsWith('EPOCH_STALE'),
    );
  });

  describe('in a channel of certain categories', () => {
    const [care = assert.fail()] = network.channels;
    const only = (...categories: Category[]): NetworkFile => ({
      ...network,
      channels: [{ ...care, categories }],
    });
    it('takes a write of one of them', () => {
      assert.doesNotThrow(() => inChannel(only('vitals', 'laboratory'), {}));
      const own = { write: { purpose: 'PATRQT' } } as const;
      assert.doesNotThrow(() => inChannel(only('laboratory'), own, patient));
    });

    it('refuses a write of another, though a right covers it, even from the patient', () => {
      const excluded = failsWith('CATEGORY_EXCLUDED', { category: 'laboratory', channel: 'care' });
      assert.throws(() => inChannel(only('vitals'), {}), excluded);
      const own = { write: { purpose: 'PATRQT' } } as const;
      assert.throws(() => inChannel(only('vitals'), own, patient), excluded);
    });

    it('refuses an amendment once its category is not one of them any more', () => {
      const amended = { write: amendment, support: support(written) };
      assert.doesNotThrow(() => inChannel(only('laboratory'), amended));
      assert.throws(() => inChannel(only('vitals'), amended), failsWith('CATEGORY_EXCLUDED'));
    });

    it('tells who has no right nothing else than elsewhere', () => {
      const billing = { write: { category: 'billing' } } as const;
      assert.throws(() => inChannel(only('vitals'), billing), failsWith('RIGHT_MISSING'));
    });

    it('shows what was written before, whatever may be written now', () => {
      const rules = sampleRules();
      const opening = sampleGrant();
      const view = { ...sampleView, ...record, grant: admit(rules, opening) };
      const request = sign(context, doctor, 'View', view);
      const shown = { opening, ...support(written) };
      assert.doesNotThrow(() => judgeEvidence(context, only('vitals'), rules, request, shown, NOW));
    });
  });

  // @attack the record of another channel is shown as support of a view in this one | refused, though the same coordinators judged it there
  it('takes no record of another channel for one of this channel, though the same coordinators judged it there', () => {
    const both = { ...network, channels: [...network.channels, research] };
    const rules = sampleRules();
    const opening = sampleGrant({ amend: true });
    const grant = admit(rules, opening);
    const shown = { opening, ...support(written) };
    const seen = (log: string): unknown => {
      const request = sign(context, doctor, 'View', { ...sampleView, ...record, grant, log });
      return judgeEvidence(context, both, rules, request, shown, NOW);
    };
    const amended = (log: string): unknown => {
      const request = sign(context, doctor, 'Write', { ...sampleWrite, ...amendment, grant, log });
      return judgeEvidence(context, both, rules, request, shown, NOW);
    };
    for (const judged of [seen, amended]) {
      assert.doesNotThrow(() => judged('care/laboratory'));
      assert.throws(() => judged('research/hospital'), failsWith('NOT_FOUND'));
    }
  });

  it('refuses who is suspended before all else', () => {
    const rules = sampleRules();
    const facts = Object(rules.party(doctor.address));
    rules.parties.set(doctor.address, { ...facts, suspended: true });
    const request = sign(context, doctor, 'Write', { ...sampleWrite, deadline: 0 });
    assert.throws(
      () => judgeEvidence(context, network, rules, request, {}, NOW),
      failsWith('PARTY_SUSPENDED'),
    );
  });
});
