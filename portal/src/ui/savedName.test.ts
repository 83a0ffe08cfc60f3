import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { constantFrom, assert as forAll, oneof, property, string } from 'fast-check';
import { visibleText } from '../../../src/errors/visibleText.ts';
import { BY_NAME } from '../../../src/fhir/mediaTypes.ts';
import { savedName } from './savedName.ts';

const ENDINGS = Object.keys(BY_NAME);

describe('the name under which a file of others is saved', () => {
  // @actor an author of a file | pads its name with spaces or makes it so long that `.exe` is out of sight
  it('hides no ending behind spaces, and ends by none that a system runs', () => {
    const padded = `invoice.pdf${' '.repeat(90)}.exe`;
    assert.equal(savedName(padded, 'application/octet-stream'), 'invoice.pdf .exe.bin');
    assert.equal(savedName(padded, 'application/pdf'), 'invoice.pdf .exe.pdf');
    assert.equal(savedName('letter.exe', ''), 'letter.exe.bin');
    assert.equal(savedName('letter.lnk. . ', 'x/y'), 'letter.lnk.bin');
    const long = savedName(`${'a'.repeat(300)}.pdf`, 'application/pdf');
    assert.equal(long, `${'a'.repeat(100)}.pdf`);
  });

  // @class a file of others is saved under a name that ends as a document does | is opened as a program
  it('ends as a document does, whatever its author called it and its type', () => {
    const words = oneof(
      string({ unit: 'binary', maxLength: 200 }),
      constantFrom('.exe', '.scr ', '.lnk.', '\u00a0.bat', 'x.pdf   .com', '...', '', 'a.js\u2003'),
    );
    const types = oneof(constantFrom(...Object.values(BY_NAME)), string());
    forAll(
      property(words, words, types, (one, other, type) => {
        const name = savedName(visibleText(`${one}${other}`, 120), type);
        const ofType = ENDINGS.filter((ending) => BY_NAME[ending] === type);
        const allowed = ofType.length > 0 ? ofType : [...ENDINGS, '.bin', '.dat'];
        const isSafe = allowed.some((ending) => name.toLowerCase().endsWith(ending));
        assert.ok(isSafe || !name.includes('.'), name);
        assert.doesNotMatch(name, /\s\s|^\s|[\s.]$|[\\/]/u);
        assert.ok(name.length > 0 && name.length <= 110, name);
      }),
      { numRuns: 2000 },
    );
  });

  it('names no folder, and ends as files of its type do, whatever its author called it', () => {
    assert.equal(savedName('../a:b', 'application/pdf'), '.._a_b.pdf');
    assert.equal(savedName('letter.exe', 'application/pdf'), 'letter.exe.pdf');
    assert.equal(savedName('Scan.JPEG', 'image/jpeg'), 'Scan.JPEG');
    assert.equal(savedName('Scan', 'image/jpeg'), 'Scan.jpg');
  });

  it('stays as it is if nothing is known of its type', () => {
    assert.equal(savedName('scan.bin', 'application/octet-stream'), 'scan.bin');
    assert.equal(savedName('scan', ''), 'scan');
  });
});
