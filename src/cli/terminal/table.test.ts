import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { table } from './table.ts';

const HEADINGS = ['record', 'version', 'size', 'what'];
const ROWS = [['0x3fa8', '1', '2.1 kB', 'Chest, 2 views']];
const drop = ['version', 'size'];

function plain(columns: number, given: readonly string[] = drop): readonly string[] {
  return table(HEADINGS, ROWS, { drop: given, columns }).map((line) =>
    stripVTControlCharacters(line),
  );
}

describe('a table', () => {
  it('has every column if there is room', () => {
    assert.deepEqual(plain(39), [
      'record  version  size    what',
      '0x3fa8  1        2.1 kB  Chest, 2 views',
    ]);
  });

  it('drops columns in their order, and no more than it must, before it is too wide', () => {
    assert.deepEqual(plain(38), ['record  size    what', '0x3fa8  2.1 kB  Chest, 2 views']);
    assert.deepEqual(plain(29), ['record  what', '0x3fa8  Chest, 2 views']);
    assert.deepEqual(plain(10), plain(29));
    assert.deepEqual(plain(10, []), plain(99));
  });

  it('cuts free text before it drops columns, and gives it what is left of the line', () => {
    const rows = [['0x3fa8', '2.1 kB', 'Report of the stay of February, 日本語']];
    const made = (columns: number): string =>
      stripVTControlCharacters(
        table(['record', 'size', 'what'], rows, { drop: ['size'], shorten: 'what', columns })[1] ??
          '',
      );
    assert.equal(made(60), '0x3fa8  2.1 kB  Report of the stay of February, 日本語');
    assert.equal(made(53), '0x3fa8  2.1 kB  Report of the stay of February, 日本…');
    assert.equal(made(40), '0x3fa8  2.1 kB  Report of the stay of F…');
    assert.equal(made(39), '0x3fa8  Report of the stay of February…');
    assert.equal(made(20), '0x3fa8  Report of the stay of F…');
  });
});
