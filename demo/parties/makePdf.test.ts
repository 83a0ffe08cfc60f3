import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEMO_CHARTS } from '../charts/demoCharts.ts';
import { makePdf } from './makePdf.ts';

describe('makePdf', () => {
  for (const { letter } of DEMO_CHARTS) {
    it(`makes a file of “${letter.title}” whose table names the place of each object`, () => {
      const file = Buffer.from(makePdf(letter.lines)).toString('latin1');
      assert.match(file, /^%PDF-1\.4\n/);
      const [, table = ''] = /startxref\n(\d+)\n%%EOF\n$/.exec(file) ?? [];
      assert.ok(file.startsWith('xref\n', Number(table)));
      const places = [...file.matchAll(/^(\d{10}) 00000 n $/gm)].map(([, place]) => Number(place));
      assert.equal(places.length, 5);
      for (const [number, place] of places.entries()) {
        assert.ok(file.startsWith(`${number + 1} 0 obj\n`, place));
      }
      const [, length = '', content = ''] =
        /\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/.exec(file) ?? [];
      assert.equal(content.length, Number(length));
      // The standard fonts of a PDF have no other letters.
      assert.match(file, /^[\n -~]*$/);
    });
  }

  it('escapes what would end a text', () => {
    const file = Buffer.from(makePdf([String.raw`a (b) \ c`])).toString('latin1');
    assert.ok(file.includes(String.raw`(a \(b\) \\ c) Tj`));
  });
});
