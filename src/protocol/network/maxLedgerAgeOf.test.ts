import assert from 'node:assert/strict';
import { test } from 'node:test';
import { network } from '../test/sampleNetwork.ts';
import { DEFAULT_MAX_LEDGER_AGE, isMaxLedgerAge, maxLedgerAgeOf } from './maxLedgerAgeOf.ts';

const chain = `medseal-${'5a'.repeat(16)}`;

test('bounds the age of a ledger that validators hold: as its file states, or by the default in an older file', () => {
  const ledger = { ...network.ledger, chain };
  assert.equal(maxLedgerAgeOf({ ledger }), DEFAULT_MAX_LEDGER_AGE);
  assert.equal(maxLedgerAgeOf({ ledger: { ...ledger, maxAge: 90 } }), 90);
});

test('bounds no ledger at one organisation, which makes blocks for transactions alone', () => {
  const { chain: _, ...ledger } = { ...network.ledger, chain };
  assert.equal(maxLedgerAgeOf({ ledger }), undefined);
  assert.equal(maxLedgerAgeOf({ ledger: { ...ledger, maxAge: 90 } }), undefined);
});

test('is a minute to a day, in whole seconds', () => {
  for (const age of [60, DEFAULT_MAX_LEDGER_AGE, 86_400])
    assert.ok(isMaxLedgerAge(age), String(age));
  for (const age of [59, 0, -180, 86_401, 60.5, Infinity, NaN, '180', null, undefined]) {
    assert.ok(!isMaxLedgerAge(age), String(age));
  }
});
