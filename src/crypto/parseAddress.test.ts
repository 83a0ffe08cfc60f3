import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAddress } from './parseAddress.ts';
import { portablePrimitives } from './portablePrimitives.ts';

describe('parseAddress', () => {
  // The examples of EIP-55.
  const published = [
    '0x52908400098527886E0F7030069857D2E4169EE7',
    '0xde709f2102306220921060314715629080e2fb77',
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
    '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
  ];
  for (const text of published) {
    it(`reads ${text}, and the same in small letters`, () => {
      assert.equal(parseAddress(portablePrimitives, text), text.toLowerCase());
      assert.equal(parseAddress(portablePrimitives, text.toLowerCase()), text.toLowerCase());
    });
  }

  const wrong: [string, string][] = [
    ['a digit that was mistyped', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee'],
    ['a letter of the other size', '0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
    ['a digit too few', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe'],
    ['no prefix', '5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
    ['another letter', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg'],
  ];
  for (const [what, text] of wrong) {
    it(`refuses ${what}`, () => {
      assert.equal(parseAddress(portablePrimitives, text), undefined);
    });
  }
});
