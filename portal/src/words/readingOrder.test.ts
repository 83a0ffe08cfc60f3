import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apart, isRightToLeft, unturned, withoutMarks } from './readingOrder.ts';

/** A text with brackets in place of the marks that nobody sees. */
function marked(text: string): string {
  return unturned(text, 'ar-EG').replaceAll('\u2066', '[').replaceAll('\u2069', ']');
}

describe('the order in which values are read', () => {
  it('is marked in Arabic, and in what somebody wrote in Arabic, alone', () => {
    assert.ok(isRightToLeft('ar'));
    assert.ok(isRightToLeft('ar-SA-u-ca-gregory-nu-latn'));
    for (const locale of ['en-GB', 'de', 'fr-CH', 'es']) {
      assert.equal(isRightToLeft(locale), false, locale);
      assert.equal(unturned('132 / 82 mmHg', locale), '132 / 82 mmHg', locale);
      assert.equal(unturned('ميتفورمين 500 mg', locale), 'ميتفورمين \u2066500 mg\u2069', locale);
    }
  });

  for (const [text, shown] of [
    ['132 / 82 mmHg', '[132 / 82 mmHg]'],
    ['≤ 5.1 mmol/L', '[≤ 5.1 mmol/L]'],
    ['-0.5', '[-0.5]'],
    ['°C', '[°C]'],
    ['/min', '[/min]'],
    ['98 %', '[98 %]'],
    ['37.2 °C', '[37.2 °C]'],
    ['5.4 10³/µL', '[5.4 10³/µL]'],
    ['1.73 m²', '[1.73 m²]'],
    ['2019-03-14', '[2019-03-14]'],
    ['ميتفورمين 500 mg مرتين', 'ميتفورمين [500 mg] مرتين'],
    ['14 مارس 2026 في 3:30 م', '[14] مارس [2026] في [3:30] م'],
    ['Metformin 500 mg، قرص', '[Metformin 500 mg]، قرص'],
    ['(500 mg)', '[(500 mg)]'],
    ['One tablet, in the morning.', '[One tablet, in the morning.]'],
    ['–', '–'],
    ['Aspirin (ASA)، قرص', '[Aspirin (ASA)]، قرص'],
    ['أسبرين (ASA 100 mg)', 'أسبرين ([ASA 100 mg])'],
    ['سطر 1\n2 mg', 'سطر [1]\n[2 mg]'],
    ['كلمات\\u{202e} 5', 'كلمات[\\u{202e} 5]'],
    ['5 \\u{0}ك', '[5 \\u{0}]ك'],
    ['كلمات', 'كلمات'],
    ['', ''],
  ] as const) {
    it(`is that of the script in each piece: ${text.replace('\n', ' ')}`, () => {
      assert.equal(marked(text), shown);
      assert.equal(withoutMarks(unturned(text, 'ar')), text);
    });
  }

  it('is that of each piece in a drawing', () => {
    assert.equal(apart('2:30:33 م'), '\u20682:30:33 م\u2069');
    assert.equal(apart('14:30:33'), '14:30:33');
    assert.equal(withoutMarks(apart('أكتوبر 2026')), 'أكتوبر 2026');
  });

  it('is not marked twice', () => {
    const once = unturned('ضغط 132 / 82', 'ar');
    assert.equal(withoutMarks(once), 'ضغط 132 / 82');
    assert.equal(marked('\u2068ضغط\u2069 5'), '\u2068ضغط] [5]');
  });
});
