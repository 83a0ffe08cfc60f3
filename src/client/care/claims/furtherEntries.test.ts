import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InsuranceClaim } from '../../../protocol/care/claims.ts';
import type { Acknowledgement } from '../../../protocol/evidence/evidence.ts';
import type { Bytes32 } from '../../../protocol/ids.ts';
import { furtherEntries } from './furtherEntries.ts';

const idOf = (digit: string): Bytes32 => `0x${digit.repeat(64)}`;
const terms = { entry: idOf('1'), records: [idOf('2'), idOf('3')] };
const message = { terms } as unknown as InsuranceClaim;
const acknowledged = (digit: string): Acknowledgement =>
  ({ entry: idOf(digit) }) as unknown as Acknowledgement;

describe('further entries of a claim’s file', () => {
  it('are missing from the file of the claim itself, which has its records and the treatment’s first version', () => {
    const entries = ['1', '2', '3'].map(acknowledged);
    assert.deepEqual(furtherEntries({ message, entries }), []);
  });

  it('are those that the claim does not name', () => {
    const entries = ['2', '4'].map(acknowledged);
    assert.deepEqual(furtherEntries({ message, entries }), [acknowledged('4')]);
  });
});
