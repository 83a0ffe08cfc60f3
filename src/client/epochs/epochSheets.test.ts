import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bytesToHex } from '../../crypto/bytes.ts';
import { recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { PartyKeys } from '../../crypto/keys/PartyKeys.ts';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import { network, primitives } from '../../protocol/test/sampleNetwork.ts';
import { CATEGORIES, type Category } from '../../protocol/vocabulary.ts';
import { epochIdentity } from './epochIdentity.ts';
import { epochSheets } from './epochSheets.ts';
import type { Party } from '../party/Party.ts';

it('sheets have the recipients of each epoch’s identities, on both sides of the end of a span', async () => {
  const seed = new Uint8Array(32).fill(1);
  const salts = [124, 252].map((end) => {
    const each = CATEGORIES.map((category, place) => {
      return [category, bytesToHex(new Uint8Array(16).fill((end % 200) + place))] as const;
    });
    return [end, Object.fromEntries(each) as Record<Category, string>] as const;
  });
  const keyring: Keyring = {
    format: 'medseal-keyring/1',
    handle: `0x${'22'.repeat(32)}`,
    salts: Object.fromEntries(salts),
  };
  const party = {
    keys: new PartyKeys(seed),
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
      const identity = epochIdentity(seed, keyring, sheet.epoch, category);
      assert.equal(sheet.recipients[category], await recipientOf(identity, cipher.kem));
    }
  }
});
