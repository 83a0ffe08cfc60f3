import type { DeviceStep, GrantStep, Step } from './Step.ts';

const FIRST: DeviceStep = { patient: 0, device: 0 };
const HOUR = 3600;
/** A right to read vital signs for an hour, unless said otherwise. */
function grant(grantee: number, change: Partial<GrantStep> = {}): GrantStep {
  const right = { categories: ['vitals'], actions: ['read'], from: 0, lasting: HOUR } as const;
  return { do: 'grant', ...FIRST, grantee, ...right, ...change };
}

const add: Extract<Step, { do: 'add' }> = { do: 'add', ...FIRST, category: 'vitals' };
const amend: Step = { do: 'amend', ...FIRST, which: 0 };
const erase: Extract<Step, { do: 'erase' }> = { do: 'erase', ...FIRST, which: 0 };
const refresh: Step = { do: 'refresh', ...FIRST };
const restore: Step = { do: 'restore', patient: 0, alone: true };

/**
 * Sequences that did not agree with the model once, as short as they were found, and some that random ones seldom have: by
 * what happens in them.
 */
export const PINNED: Readonly<Record<string, readonly Step[]>> = {
  'a category is erased after rights that end at several dates, and the words restore the patient':
    [
      add,
      ...[60, 120, 600, HOUR].map((lasting, grantee) => grant(grantee, { lasting })),
      erase,
      restore,
      add,
      refresh,
    ],
  'one device breaks off an erasure, and another finishes it': [
    add,
    grant(0),
    { do: 'restore', patient: 0, alone: false },
    { ...erase, dies: { call: 9, done: true } },
    { ...erase, device: 1 },
    add,
    { ...refresh, device: 0 },
    { ...amend, device: 0 },
    restore,
  ],
  'a version of a record that is shared alone is erased, and the next one is read': [
    add,
    grant(0, { one: 0 }),
    erase,
    amend,
    refresh,
  ],
  'a grantee is suspended while a category is erased': [
    add,
    grant(0),
    grant(1, { one: 0 }),
    { do: 'suspend', grantee: 0 },
    erase,
    { do: 'lift', grantee: 0 },
    add,
    refresh,
  ],
  'an erasure breaks off, and the chart is read': [
    add,
    grant(0),
    { ...erase, dies: { call: 14, done: true } },
    add,
    restore,
    refresh,
    erase,
  ],
  'a lying agent places grants from before an erasure': [
    add,
    grant(0, { withheld: true }),
    grant(1, { withheld: true, one: 0 }),
    erase,
    { do: 'place' },
    refresh,
    add,
  ],
  'a lying agent places grants in the epoch in which they were signed, and after the keys turned': [
    add,
    grant(0, { withheld: true }),
    { do: 'place' },
    grant(1, { withheld: true, one: 0 }),
    { do: 'revoke', ...FIRST, which: 0 },
    { do: 'place' },
    refresh,
  ],
  'a grantee changes keys, and is sealed to once the patient has accepted that': [
    add,
    grant(0),
    { do: 'change', grantee: 0 },
    grant(1, { lasting: 60 }),
    { do: 'revoke', ...FIRST, which: 1 },
    add,
    refresh,
    { do: 'accept', ...FIRST },
    add,
  ],
  'a right is revoked, another is to one record alone, and more is added': [
    add,
    { ...add, category: 'other' },
    grant(0),
    grant(1, { one: 0 }),
    add,
    { do: 'revoke', ...FIRST, which: 0 },
    add,
    refresh,
  ],
  'a right ends at its date, and something is added a moment later': [
    grant(0, { lasting: 20 }),
    grant(1),
    { do: 'wait', seconds: 20 },
    add,
  ],
  'a right ends at its date, and something is added long after': [
    grant(0, { lasting: 60 }),
    { do: 'wait', seconds: 700 },
    add,
  ],
  'a grantee is suspended, and something is added': [grant(0), { do: 'suspend', grantee: 0 }, add],
  'a patient’s key is stolen and changed, and somebody may read on': [
    add,
    grant(0),
    { do: 'renew', patient: 0, which: 0 },
    add,
    restore,
    { do: 'renew', patient: 0, which: 0 },
    { ...erase, which: 1 },
    add,
  ],
};
