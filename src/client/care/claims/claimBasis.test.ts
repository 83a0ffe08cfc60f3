import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ZERO32, type Address, type Bytes32 } from '../../../protocol/ids.ts';
import type { ChartRecord } from '../../records/viewChart.ts';
import { claimBasis, recordsForClaim } from './claimBasis.ts';
import type { ClaimListed } from './readClaims.ts';

const idOf = (digit: string): Bytes32 => `0x${digit.repeat(64)}`;
const partyOf = (digit: string): Address => `0x${digit.repeat(40)}`;
const [doctor, patient, insurer, otherInsurer] = ['a', 'b', 'c', 'd'].map(partyOf) as [
  Address,
  Address,
  Address,
  Address,
];

function recordOf(digit: string, change: Partial<ChartRecord> = {}): ChartRecord {
  const acknowledgement = { entry: idOf(digit) };
  const fields = { record: idOf(digit), version: 1, author: doctor, category: 'encounters' };
  return { ...fields, acknowledgement, ...change } as unknown as ChartRecord;
}

interface Made {
  readonly follows?: Bytes32;
  readonly treatment?: Bytes32;
  readonly approved?: number;
  readonly before?: number;
  readonly state?: string;
  readonly by?: Address;
}

/** A claim for the treatment of record 1, as far as what it rests on is told by it. */
function claimOf(digit: string, made: Made = {}, entry = idOf('1')): ClaimListed {
  const {
    follows = ZERO32,
    treatment = idOf('9'),
    approved = 0,
    before = 0,
    state = 'open',
  } = made;
  const terms = { entry, claimant: made.by ?? patient };
  return {
    digest: idOf(digit),
    message: { follows, treatment, insurer, terms },
    facts: { approved, before, state },
  } as unknown as ClaimListed;
}

describe('what a claim that is to be made rests on', () => {
  const first = recordOf('1');
  const basis = (...claims: readonly ClaimListed[]) =>
    claimBasis({ address: patient }, claims, { first, insurer });

  it('is nothing where nobody claimed before', () => {
    const other = claimOf('5', {}, idOf('2'));
    assert.deepEqual(basis(other), { approved: 0, needsBill: true });
  });

  it('is the newest claim for the treatment, in whatever order they are known, and all that was approved', () => {
    const one = claimOf('5', { approved: 300 });
    const two = claimOf('6', { follows: one.digest, before: 300, approved: 50 });
    for (const claims of [
      [one, two],
      [two, one],
    ]) {
      const { before, approved } = basis(...claims);
      assert.deepEqual([before?.digest, approved], [two.digest, 350]);
    }
  });

  it('needs no bill of another where the claimant treated', () => {
    assert.equal(claimBasis({ address: doctor }, [], { first, insurer }).needsBill, false);
  });

  it('is an authorisation only if this insurer gave it to the claimant and it is left', () => {
    const ahead = { treatment: ZERO32, state: 'approved' } as const;
    const given = claimOf('7', ahead, ZERO32);
    assert.equal(basis(given).authorisation, given);
    assert.equal(
      claimBasis({ address: patient }, [given], { first, insurer: otherInsurer }).authorisation,
      undefined,
    );
    for (const change of [{ state: 'used' }, { state: 'open' }, { by: doctor }]) {
      assert.equal(basis(claimOf('7', { ...ahead, ...change }, ZERO32)).authorisation, undefined);
    }
  });
});

describe('the records that a claim can name', () => {
  it('are treatments that others wrote, visits first, policies, and all but papers of claims', () => {
    const visit = recordOf('1');
    const result = recordOf('2', { category: 'laboratory' });
    const own = recordOf('3', { author: patient });
    const amended = recordOf('3', { version: 2 });
    const policy = recordOf('4', { category: 'coverage' });
    const paper = recordOf('5', { category: 'billing' });
    const all = [visit, result, own, amended, policy, paper];
    const { treatments, policies, others } = recordsForClaim(all, patient);
    assert.deepEqual(treatments, [visit, result]);
    assert.deepEqual(policies, [policy]);
    assert.deepEqual(others, [amended, result, visit]);
  });
});
