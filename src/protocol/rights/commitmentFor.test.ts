import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { PatientFacts } from '../evidence/facts.ts';
import { word } from '../test/sampleNetwork.ts';
import { commitmentFor } from './commitmentFor.ts';

it('an epoch is of the next commitment from its first epoch on, though the present one reaches further', () => {
  const [handle, root] = [word('patient'), word('root')];
  const next = { first: 3, count: 12, root: word('next') };
  const present = { handle, first: 1, count: 4, root };
  const patient = { ...present, epoch: 2 } as PatientFacts;
  for (const epoch of [1, 2, 3, 4, 5]) assert.deepEqual(commitmentFor(patient, epoch), present);
  for (const epoch of [1, 2]) assert.deepEqual(commitmentFor({ ...patient, next }, epoch), present);
  for (const epoch of [3, 14, 15]) {
    assert.deepEqual(commitmentFor({ ...patient, next }, epoch), { handle, ...next });
  }
});
