import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeEvidence, type EvidenceSupport } from './judgeEvidence.ts';
import { ZERO32 } from '../ids.ts';
import { DEFAULT_MAX_LEDGER_AGE } from '../network/maxLedgerAgeOf.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { EvidenceType, View, ViewSet } from '../struct/requests.ts';
import { sign } from '../struct/signing.ts';
import { failsWith } from '../test/failsWith.ts';
import { acknowledged, doctor, NOW, RECORD, sampleBody } from '../test/sampleEvidence.ts';
import { HANDLE, sampleView, sampleWrite } from '../test/sampleEvidence.ts';
import { context, network, primitives } from '../test/sampleNetwork.ts';
import { admit, patient, sampleGrant, sampleRules } from '../test/sampleRules.ts';
import { listPairs } from './viewSet.ts';

const BOUND = 90;
const chain = `medseal-${'5a'.repeat(16)}`;
/** A network whose validators hold the ledger, and whose file states the bound. */
const bounded: NetworkFile = { ...network, ledger: { ...network.ledger, chain, maxAge: BOUND } };
const older: NetworkFile = { ...network, ledger: { ...network.ledger, chain } };
const [record] = await acknowledged([sampleBody()]);

interface Case {
  readonly age: number;
  readonly file?: NetworkFile;
  readonly ended?: boolean;
  readonly until?: number;
  readonly view?: Partial<View>;
}

/** Has the doctor's view judged under a grant. */
function judgeView({ age, file = bounded, ended = false, until = NOW + 100, view }: Case): unknown {
  const rules = { ...sampleRules(), age };
  const opening = sampleGrant({ until });
  const grant = admit(rules, opening, ended ? 'ended' : 'active');
  const signed = sign(context, doctor, 'View', { ...sampleView, grant, ...view });
  const support: EvidenceSupport = { opening, ...(record && { record }) };
  return judgeEvidence(context, file, rules, signed, support, NOW);
}

/** Has a request of the patient or the doctor judged that takes no grant. */
function judgeOwn(type: EvidenceType, message: object, by = patient): unknown {
  const rules = { ...sampleRules(), age: BOUND + 1 };
  return judgeEvidence(context, bounded, rules, sign(context, by, type, message as never), {}, NOW);
}

const one = { what: 'record', record: RECORD, version: 1 } as const;

describe('a ledger whose newest block is older than its network allows', () => {
  for (const [name, view] of Object.entries({ chart: {}, record: one })) {
    it(`lets nobody view a ${name} by a right, whatever the purpose`, () => {
      for (const age of [0, 1, BOUND]) assert.doesNotThrow(() => judgeView({ age, view }));
      for (const age of [BOUND + 1, 86_400, NOW]) {
        assert.throws(() => judgeView({ age, view }), failsWith('LEDGER_STALE', { age }));
      }
    });
  }

  // @attack a doctor reads by a right that its patient ended while the ledger took nothing | nobody reads by a right once the newest block is older than the network file allows
  it('lets nobody view a set of versions by a right', () => {
    const rules = { ...sampleRules(), age: BOUND + 1 };
    const opening = sampleGrant();
    const grant = admit(rules, opening);
    const { what: _what, record: _record, version: _version, ...asked } = sampleView;
    const pairs = [{ record: RECORD, version: 1 }];
    const { root, count } = listPairs(primitives, asked.salt, pairs);
    const set: ViewSet = { ...asked, grant, keep: 0, root, count };
    const signed = sign(context, doctor, 'ViewSet', set);
    const support = { opening, pairs };
    const judge = (age: number): unknown =>
      judgeEvidence(context, bounded, { ...rules, age }, signed, support, NOW);
    assert.doesNotThrow(() => judge(BOUND));
    assert.throws(() => judge(BOUND + 1), failsWith('LEDGER_STALE'));
  });

  it('is judged by the default if an older file of validators states no bound', () => {
    assert.doesNotThrow(() => judgeView({ age: DEFAULT_MAX_LEDGER_AGE, file: older }));
    const late = { age: DEFAULT_MAX_LEDGER_AGE + 1, file: older };
    assert.throws(() => judgeView(late), failsWith('LEDGER_STALE'));
  });

  it('bounds nothing if one organisation keeps it: it makes blocks for transactions alone', () => {
    assert.doesNotThrow(() => judgeView({ age: 10 * 365 * 86_400, file: network }));
  });

  it('tells a party without a right, or whose right has ended, no more and no less than before', () => {
    const age = BOUND + 1;
    assert.throws(() => judgeView({ age, ended: true }), failsWith('RIGHT_ENDED'));
    assert.throws(() => judgeView({ age, until: NOW }), failsWith('RIGHT_ENDED'));
    assert.throws(() => judgeView({ age, view: { grant: HANDLE } }), failsWith('RIGHT_MISSING'));
    const own = { what: 'audit' } as const;
    assert.throws(() => judgeView({ age, view: own }), failsWith('RIGHT_MISSING'));
  });

  it('lets patients go on with their own charts and audits, and each party with its own acts', () => {
    for (const what of ['chart', 'audit'] as const) {
      assert.doesNotThrow(() => judgeOwn('View', { ...sampleView, what }));
    }
    const chainOf = { ...sampleView, what: 'chain', handle: ZERO32 };
    assert.doesNotThrow(() => judgeOwn('View', chainOf, doctor));
  });

  it('lets results be added under a right: a lost one harms, and nobody else reads it before a block comes', () => {
    const rules = { ...sampleRules(), age: BOUND + 1 };
    const opening = sampleGrant();
    const grant = admit(rules, opening);
    const signed = sign(context, doctor, 'Write', { ...sampleWrite, grant });
    assert.doesNotThrow(() => judgeEvidence(context, bounded, rules, signed, { opening }, NOW));
  });
});
