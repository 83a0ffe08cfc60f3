import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as forAll, property, string } from 'fast-check';
import { HOSTILE, OBEYED } from './test/hostile.ts';
import { visibleJson } from './visibleJson.ts';
import { visibleText } from './visibleText.ts';

describe('a text that others wrote', () => {
  it('shows what a terminal would obey or a person would not see', () => {
    for (const [text, shown] of [
      ['\u001b[2J\u001b]0;title\u0007', '\\u{1b}[2J\\u{1b}]0;title\\u{7}'],
      ['\u009b31mred\u007f', '\\u{9b}31mred\\u{7f}'],
      ['one\r\ntwo\ttabbed', 'one\\u{d}\\u{a}two\\u{9}tabbed'],
      ['one\u2028two\u2029three\u0085four', 'one\\u{2028}two\\u{2029}three\\u{85}four'],
      ['gpj.\u202egnp\u202c', 'gpj.\\u{202e}gnp\\u{202c}'],
      ['\u2066a\u2069\u200e\u200f\u061c', '\\u{2066}a\\u{2069}\\u{200e}\\u{200f}\\u{61c}'],
      ['pay\u200bpal\ufeff\u2060\u00ad\u034f', 'pay\\u{200b}pal\\u{feff}\\u{2060}\\u{ad}\\u{34f}'],
      ['x\u{e0041}\u{e007f}', 'x\\u{e0041}\\u{e007f}'],
      ['\ud800half\udc00', '\\u{d800}half\\u{dc00}'],
      ['\ue000\u{10fffd}\uffff\u0378', '\\u{e000}\\u{10fffd}\\u{ffff}\\u{378}'],
      ['a\u3164b\u2800c\uffa0', 'a\\u{3164}b\\u{2800}c\\u{ffa0}'],
      // Spaces of other widths can fill a row up to its end.
      ['a\u00a0b\u3000c\u2003d', 'a b c d'],
      // Joiners that join nothing, and selectors that select nothing.
      ['pass\u200dword\u200c', 'pass\\u{200d}word\\u{200c}'],
      ['\u{1f469}\u200d\u200d\u{1f4bb}', '\u{1f469}\\u{200d}\\u{200d}\u{1f4bb}'],
      ['a\ufe0fb\u{e0100}', 'a\\u{fe0f}b\\u{e0100}'],
      ['\u0301 above nothing', '\\u{301} above nothing'],
    ] as const) {
      assert.equal(visibleText(text), shown);
    }
  });

  it('stays as it is in the scripts that people write', () => {
    for (const text of [
      'Chest, 2 views (“left”) – 37 °C',
      'تصوير الصدر ٣ — ؀١٢',
      'می‌خواهم نتیجه‌ها',
      'צִלּוּם חָזֶה, בְּרֵאשִׁ֖ית',
      'ภาพถ่ายรังสีทรวงอกที่',
      'क्‍ष श्री ശ്രീ ന്‍ ශ්‍රී',
      '胸部X線 葛󠄀城 ㄅ',
      'Ngực Tiê\u0301ng Viê\u0323\u0302t',
      'ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ᠌',
      'རྒྱལ་ཧཱུྃ ကျွန်ုပ်',
      '👩🏽‍⚕️ 👨‍👩‍👧 🏳️‍🌈 ❤️ 1️⃣ 🇩🇪 🩻',
      'ẞ ﬁ Ω ℞ ± µg',
    ]) {
      assert.equal(visibleText(text), text);
    }
  });

  it('is no longer than it may be, and has no more marks on a letter than scripts need', () => {
    assert.equal(visibleText('x'.repeat(11), 10), `${'x'.repeat(9)}…`);
    assert.equal(visibleText('x'.repeat(10), 10), 'x'.repeat(10));
    assert.equal(visibleText('é'.repeat(10), 10), 'é'.repeat(10));
    assert.equal(visibleText('\u001b'.repeat(9), 10), '\\u{1b}…');
    assert.equal(visibleText(`Z${'\u0301'.repeat(500)}algo`), `Z${'\u0301'.repeat(8)}…algo`);
    const huge = 'a'.repeat(50_000_000);
    assert.equal(visibleText(huge, 80).length, 80);
    assert.equal(visibleText(`a${'\u0301'.repeat(50_000_000)}`, 80).length, 11);
  });

  it('is one line that nothing obeys, whatever it is, and the same when it is shown again', () => {
    forAll(
      property(string({ unit: 'binary', maxLength: 300 }), (text) => {
        for (const each of [text, text + HOSTILE + text]) {
          const shown = visibleText(each, 200);
          assert.doesNotMatch(shown, OBEYED);
          assert.ok(!shown.includes('\n'));
          assert.ok(Array.from(shown).length <= 200);
          assert.equal(visibleText(shown, 200), shown);
        }
      }),
    );
  });
});

describe('JSON that is printed', () => {
  it('holds no such character as it is, and says the same', () => {
    forAll(
      property(string({ unit: 'binary' }), (text) => {
        const value = { [text]: [text, HOSTILE, '\ud800'] };
        for (const space of [undefined, 2]) {
          const shown = visibleJson(JSON.stringify(value, null, space));
          assert.doesNotMatch(shown, OBEYED);
          assert.deepEqual(JSON.parse(shown), value);
        }
      }),
    );
  });
});
