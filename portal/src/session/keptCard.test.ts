import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryDevice, type Party } from '../../../src/client/index.ts';
import { changedSince, keepCard, keptCard, noteCardChange } from './keptCard.ts';
import { isEmergencyCard, MOST_LINES, type EmergencyCard } from './EmergencyCard.ts';
import { showWithoutKey, shownCards } from './shownCards.ts';

const CARD: EmergencyCard = {
  owner: `0x${'ab'.repeat(20)}`,
  name: 'Ana, 1 May 1980',
  made: 1000,
  lines: [{ group: 'allergies', text: 'Peanut' }],
};

/** A person of whom nothing but the device is needed. */
function person(): Party {
  return { device: memoryDevice(), address: CARD.owner } as Party;
}

describe('an emergency card', () => {
  it('is old once an allergy, a problem or a medicine was written after it, and by nothing else', () => {
    const later = (['allergies', 'conditions', 'medications'] as const).map((category, place) => {
      return { category, at: 1001 + place };
    });
    assert.equal(changedSince(1000, later), 1003);
    assert.equal(changedSince(1003, later), undefined);
    assert.equal(changedSince(1000, [{ category: 'billing', at: 2000 }]), undefined);
  });

  it('keeps the moment of the last change, and loses it when it is made again', async () => {
    const party = person();
    assert.equal(await noteCardChange(party, [{ category: 'allergies', at: 1 }]), undefined);
    await keepCard(party, CARD);
    await noteCardChange(party, [{ category: 'allergies', at: 1200 }]);
    await noteCardChange(party, [{ category: 'allergies', at: 1100 }]);
    assert.equal((await keptCard(party))?.changed, 1200);
    await keepCard(party, { ...CARD, made: 1300 });
    assert.equal(
      (await noteCardChange(party, [{ category: 'allergies', at: 1200 }]))?.changed,
      undefined,
    );
  });

  it('is shown to nobody by a browser that keeps nothing', async () => {
    assert.equal(await showWithoutKey(CARD), false);
    assert.deepEqual(await shownCards(), []);
  });

  it('is read only in the form in which it is made', () => {
    const many = Array.from({ length: MOST_LINES + 1 }, () => CARD.lines[0]);
    for (const change of [
      { owner: 'Ana' },
      { lines: many },
      { lines: [{ group: 'x', text: '' }] },
      { more: 1 },
    ]) {
      assert.equal(
        isEmergencyCard({ ...CARD, ...change }),
        false,
        JSON.stringify(change).slice(0, 80),
      );
    }
    assert.equal(isEmergencyCard(CARD), true);
  });
});
