import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import type { PatientState } from '../state/PatientState.ts';
import { keysOfSpan } from '../test/keysOfSpan.ts';
import { epochIdentity } from './epochIdentity.ts';
import { joinKeys } from './joinKeys.ts';

const handle = `0x${'22'.repeat(32)}` as const;

function ring(keys: Keyring['keys'], prepared: number): Keyring {
  return { format: 'medseal-keyring/2', handle, keys, prepared };
}

function stateWith(keyring: Keyring, erasing?: PatientState['erasing']): PatientState {
  return {
    format: 'medseal-patient/1',
    revision: 3,
    handle,
    patientId: '',
    salt: '0x',
    keyring,
    grants: [],
    recipients: {},
    ...(erasing && { erasing }),
  };
}

const [OLD, NEW] = [keysOfSpan(10), keysOfSpan(50)];
const { vitals: _vitals, ...WITHOUT_VITALS } = OLD;
const HERE = ring({ 4: OLD, 128: NEW }, 8);

describe('keys of past epochs that only this device has', () => {
  it('are added if the newest state lacks the end of their span, or one of them', () => {
    for (const keys of [{ 128: NEW }, { 4: {}, 128: NEW }, { 4: WITHOUT_VITALS, 128: NEW }]) {
      const newest = stateWith(ring(keys, 8));
      const { keyring } = joinKeys(newest, { keyring: HERE, first: 5, erasures: [] });
      assert.deepEqual(keyring.keys, HERE.keys);
    }
  });

  it('are added up to the last prepared one, if the state lacks the whole span', () => {
    const newest = stateWith(ring({ 256: NEW }, 140));
    const here = ring({ 128: OLD }, 100);
    const { keyring } = joinKeys(newest, { keyring: here, first: 130, erasures: [] });
    assert.deepEqual(Object.keys(keyring.keys), ['100', '256']);
    assert.equal(epochIdentity(keyring, 7, 'vitals'), epochIdentity(here, 7, 'vitals'));
  });

  it('are not added if the state gives them, or the ledger proves them', () => {
    const closed = { ...OLD, vitals: epochIdentity(ring({ 128: OLD }, 128), 8, 'vitals') };
    for (const [newest, keyring, first] of [
      [ring({ 4: OLD, 128: NEW }, 12), HERE, 9],
      // This device did not hear that the span ended, and that the next one has other keys under the same end.
      [ring({ 8: closed, 128: NEW }, 12), ring({ 128: OLD }, 8), 9],
      // This device ended a span that the state goes on with.
      [ring({ 128: OLD }, 12), ring({ 128: OLD }, 8), 9],
      [ring({ 128: NEW }, 12), HERE, 4],
    ] as const) {
      const state = stateWith(newest);
      assert.equal(joinKeys(state, { keyring, first, erasures: [] }), state);
    }
  });

  it('stay away once they are erased, whether the state says so or an entry of the log', () => {
    const lacking = ring({ 4: WITHOUT_VITALS, 128: NEW }, 8);
    const told = stateWith(lacking, { vitals: 4 });
    assert.equal(joinKeys(told, { keyring: HERE, first: 5, erasures: [] }), told);
    const entered = stateWith(lacking);
    const erasures = [{ category: 'vitals', epoch: 4 }] as const;
    assert.equal(joinKeys(entered, { keyring: HERE, first: 5, erasures }), entered);
    const gone = joinKeys(stateWith(ring({ 128: NEW }, 8)), { keyring: HERE, first: 5, erasures });
    assert.deepEqual(gone.keyring.keys[4], WITHOUT_VITALS);
    const records = [{ category: 'vitals', epoch: 5 }] as const;
    const needed = { keyring: HERE, first: 5, erasures: [] };
    assert.equal(joinKeys(entered, { ...needed, records }), entered, 'nothing was sealed to it');
    const sealed = [{ category: 'vitals', epoch: 4 }] as const;
    assert.deepEqual(joinKeys(entered, { ...needed, records: sealed }).keyring.keys, HERE.keys);
    const earlier = [{ category: 'vitals', epoch: 3 }] as const;
    const { keyring } = joinKeys(entered, { keyring: HERE, first: 5, erasures: earlier });
    assert.deepEqual(keyring.keys, HERE.keys);
  });
});
