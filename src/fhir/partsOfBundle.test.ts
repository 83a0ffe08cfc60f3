import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Address, RecordId } from '../protocol/ids.ts';
import type { PartContent } from './Part.ts';
import { partsOfBundle, type PartClaim, type VersionListed } from './partsOfBundle.ts';

const [author, amender, hostile] = ['aa', 'bb', 'cc'].map(
  (byte) => `0x${byte.repeat(20)}` as const,
) as [Address, Address, Address];
const set = `0x${'11'.repeat(16)}` as const;

function id(name: number): RecordId {
  return `0x${String(name).padStart(64, '0')}`;
}

function claim(name: number, part: number, whole?: Partial<PartContent['whole']>): PartClaim {
  const all = { bundle: {}, by: 'category', order: [0, 1], ...whole } as const;
  return {
    record: { record: id(name) },
    content: {
      format: 'medseal-part/1',
      set,
      part,
      category: 'other',
      ...(part === 0 && { whole: all }),
      entries: [],
    },
  };
}

function listed(name: number, ...authors: readonly Address[]): VersionListed[] {
  return authors.map((each, at) => ({ record: id(name), version: at + 1, author: each }));
}

function namesOf(
  records: readonly VersionListed[],
  claims: readonly PartClaim[],
  asked: number,
  reader?: Address,
): readonly number[] {
  const { parts } = partsOfBundle({ records }, claims, id(asked), reader);
  return parts.map(({ record }) => Number(record.record.slice(2)));
}

describe('the parts of a bundle', () => {
  const mine = [...listed(1, author), ...listed(2, author, amender)];

  it('are what its author added, until the first part names records', () => {
    const records = [...mine, ...listed(9, hostile)];
    const claims = [claim(1, 0), claim(9, 1), claim(2, 1)];
    assert.deepEqual(namesOf(records, claims, 1), [1, 2]);
    assert.deepEqual(namesOf(records, claims, 9), [1, 2]);
  });

  it('are what the first part names, if who added it has written the first part', () => {
    const records = [...listed(1, author, amender), ...listed(2, author), ...listed(3, amender)];
    const first = claim(1, 0, { order: [0, 1, 2], records: [id(1), id(2), id(3)] });
    const claims = [first, claim(9, 2), claim(2, 1), claim(3, 2)];
    assert.deepEqual(namesOf([...records, ...listed(9, author)], claims, 3), [1, 2, 3]);
  });

  // @attack a writer adds another first part that names somebody's records as parts of it | a named record counts only if its author has written that first part
  it('are not taken over by another first part that names them', () => {
    const records = [...listed(9, hostile), ...mine];
    const claims = [claim(9, 0, { records: [id(9), id(2)] }), claim(1, 0), claim(2, 1)];
    assert.deepEqual(namesOf(records, claims, 2), [1, 2]);
    assert.deepEqual(namesOf(records, claims, 9), [9]);
  });

  it('include new ones of the reader alone that no first part knows yet', () => {
    const records = [...mine, ...listed(3, amender), ...listed(9, hostile)];
    const claims = [claim(1, 0), claim(2, 1), claim(9, 2), claim(3, 2)];
    assert.deepEqual(namesOf(records, claims, 1, amender), [1, 2, 3]);
    assert.deepEqual(namesOf(records, claims, 1), [1, 2]);
  });

  it('are all that say so while the first part is missing', () => {
    const { parts, isVouched } = partsOfBundle({ records: mine }, [claim(2, 1)], id(2));
    assert.deepEqual([parts.length, isVouched], [1, false]);
  });
});
