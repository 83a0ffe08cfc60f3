import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { roleNumber } from './roleNumber.ts';
import { LEDGER_ROLES, ROLES, SERVICES } from '../vocabulary.ts';

describe('roleNumber', () => {
  it('keeps the numbers of networks that were founded before there were registrars', () => {
    const first = ['patient', 'doctor', 'nurse', 'pharmacist', 'lab', 'insurer'] as const;
    assert.deepEqual(first.map(roleNumber), [1, 2, 3, 4, 5, 6]);
    assert.deepEqual((['researcher', 'analyst', 'verifier'] as const).map(roleNumber), [7, 8, 9]);
    assert.deepEqual(SERVICES.map(roleNumber), [10, 11, 12]);
    assert.equal(roleNumber('registrar'), 13);
  });

  it('numbers every role and every service once', () => {
    const all = [...ROLES, ...SERVICES];
    assert.deepEqual(new Set(all.map(roleNumber)).size, all.length);
    assert.equal(LEDGER_ROLES.length, all.length);
  });
});
