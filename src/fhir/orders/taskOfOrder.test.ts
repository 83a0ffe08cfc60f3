import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadFhirDefinitions } from '../../node/loadFhirDefinitions.ts';
import { createValidator } from '../createValidator.ts';
import { fillForm } from '../forms/fillForm.ts';
import { FILLED } from '../forms/test/arbitraryForm.ts';
import { makeSignOff, signOffIn } from './signOff.ts';
import { stateOfOrder, taskOfOrder, type OrderStanding } from './taskOfOrder.ts';

const validator = createValidator(loadFhirDefinitions());
const RECORD = `0x${'0d'.repeat(32)}` as const;
const REPORT = { record: `0x${'1e'.repeat(32)}`, version: 2, at: FILLED.at + 60 } as const;
const bundle = fillForm('order', { service: 'HbA1c', ordered: '2026-03-14T09:30Z' }, FILLED);
const ORDER: OrderStanding = {
  handle: FILLED.handle,
  record: RECORD,
  orderer: FILLED.author,
  request: bundle.entry?.[0]?.resource,
  at: FILLED.at,
  reports: [],
};

function report(status: string): OrderStanding['reports'][number] {
  return { ...REPORT, status };
}

function valid(resource: object): void {
  const entry = [{ resource }] as never;
  validator.validateBundle({ resourceType: 'Bundle', type: 'collection', entry });
}

describe('an order as a task', () => {
  it('is what order and reports make of it, and always valid FHIR R4', () => {
    const withdrawn = { ...ORDER, request: undefined };
    const revoked = { ...ORDER, request: { ...(ORDER.request as object), status: 'revoked' } };
    const cases: readonly (readonly [OrderStanding, string])[] = [
      [ORDER, 'requested'],
      [{ ...ORDER, laboratory: FILLED.author }, 'requested'],
      [{ ...ORDER, reports: [report('preliminary')] }, 'in-progress'],
      [{ ...ORDER, reports: [report('preliminary'), report('final')] }, 'completed'],
      [{ ...ORDER, reports: [report('corrected')] }, 'completed'],
      [withdrawn, 'cancelled'],
      [revoked, 'cancelled'],
      [{ ...revoked, reports: [report('preliminary')] }, 'cancelled'],
      [{ ...withdrawn, reports: [report('final')] }, 'completed'],
    ];
    for (const [order, state] of cases) {
      assert.equal(stateOfOrder(order), state);
      const task = taskOfOrder(order);
      assert.equal(task.status, state);
      valid(task);
    }
  });
});

describe('a sign-off', () => {
  const amendment = { party: FILLED.author, at: FILLED.at, purpose: 'TREAT' } as const;
  const { record, version } = REPORT;
  const made = makeSignOff(amendment, { order: RECORD, seen: [{ record, version }] });

  it('is a Provenance that FHIR R4 takes, and says which reports were seen in which version', () => {
    valid(made);
    const seen = [{ record, version }];
    assert.deepEqual(signOffIn(made), { order: RECORD, seen, unread: [] });
  });

  it('says which records could not be read, in an extension that FHIR R4 takes', () => {
    const seen = [{ record, version }];
    const unread = [{ record: RECORD, version: 3 }];
    const despite = makeSignOff(amendment, { order: RECORD, seen, unread });
    valid(despite);
    assert.deepEqual(signOffIn(despite), { order: RECORD, seen, unread });
  });

  it('is not read of anything else', () => {
    const others = [
      undefined,
      { ...made, resourceType: 'Observation' },
      { ...made, agent: [{ who: { display: 'somebody' } }] },
      { ...made, entity: [] },
      { ...made, entity: [{ what: { identifier: { system: 'urn:other', value: RECORD } } }] },
    ];
    for (const each of others) assert.equal(signOffIn(each), undefined);
    const vague = {
      ...made,
      target: [{ identifier: { system: 'urn:medseal:record', value: record } }],
    };
    assert.deepEqual(signOffIn(vague)?.seen, []);
  });
});
