import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { peopleToChoose } from './peopleToChoose.ts';
import { eventToGroup, OWN, type EventTold } from './test/eventToGroup.ts';

const OTHER = `0x${'22'.repeat(32)}` as const;

function people(...told: readonly EventTold[]): readonly (readonly string[])[] {
  const names = { '0x12345678aa': 'Dr. Chen', '0x87654321bb': 'Dr. Chen', bb: 'Noor' };
  const events = told.map((each, index) => eventToGroup(each, index));
  const erased = { log: 'care/hospital', index: 9, entry: '0x09' } as const;
  return peopleToChoose(
    [...events, erased],
    OWN,
    (party) => (names as Readonly<Record<string, string>>)[party] ?? party,
  );
}

describe('the people whose acts can be shown alone', () => {
  // @attack a node puts a name into the patient's choice of people by a line that does not hold, or of another patient | only signers of proven lines on this chart can be chosen
  it('are those who signed a proven line on this chart, each once', () => {
    const told = [{ party: 'bb' }, { fault: 'the body differs' }, { party: 'cc', handle: OTHER }];
    assert.deepEqual(people(...told, { party: 'bb', flag: 'R' }), [['bb', 'Noor']]);
  });

  it('differ also if they have the same name', () => {
    const told = [{ party: '0x12345678aa' }, { party: '0x87654321bb' }, { party: 'bb' }];
    assert.deepEqual(people(...told), [
      ['0x12345678aa', 'Dr. Chen · 0x12345678…'],
      ['0x87654321bb', 'Dr. Chen · 0x87654321…'],
      ['bb', 'Noor'],
    ]);
  });
});
