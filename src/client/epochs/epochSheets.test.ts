import assert from 'node:assert/strict';
import { it } from 'node:test';
import { recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import { network, primitives } from '../../protocol/test/sampleNetwork.ts';
import { CATEGORIES } from '../../protocol/vocabulary.ts';
import { keysOfSpan } from '../test/keysOfSpan.ts';
import { epochIdentity } from './epochIdentity.ts';
import { epochSheets } from './epochSheets.ts';
import type { Party } from '../party/Party.ts';

it('sheets have the recipients of each epoch’s identities, on both sides of the end of a span', async () => {
  const keyring: Keyring = {
    format: 'medseal-keyring/2',
    handle: `0x${'22'.repeat(32)}`,
    keys: { 124: keysOfSpan(124), 128: keysOfSpan(52) },
  };
  const party = {
    primitives,
    cipher,
    network,
    log: 'care/hospital',
  } as unknown as Party;
  const { sheets } = await epochSheets(party, keyring, { first: 122, count: 6 });
  assert.deepEqual(
    sheets.map(({ sheet }) => sheet.epoch),
    [122, 123, 124, 125, 126, 127],
  );
  for (const { sheet } of sheets) {
    for (const category of CATEGORIES) {
      const identity = epochIdentity(keyring, sheet.epoch, category);
      assert.equal(sheet.recipients[category], await recipientOf(identity, cipher.kem));
    }
  }
});
