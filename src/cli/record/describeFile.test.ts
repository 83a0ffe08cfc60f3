import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeFile } from './describeFile.ts';

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const nothing = new Uint8Array(10);

const FILES: readonly (readonly [string, Uint8Array, string, string?])[] = [
  ['chest.dcm', nothing, 'application/dicom', 'image'],
  ['IM000001', latin(`${'\0'.repeat(128)}DICM`), 'application/dicom', 'image'],
  ['letter.pdf', latin('%PDF-1.7'), 'application/pdf'],
  ['letter.txt', latin('%PDF-1.7'), 'application/pdf'],
  ['WOUND.JPG', nothing, 'image/jpeg', 'image'],
  ['wound', latin('\u00ff\u00d8\u00ff\u00e0'), 'image/jpeg', 'image'],
  ['shot', latin('\u0089PNG\r\n\u001a\n'), 'image/png', 'image'],
  ['scan', latin('II*\0'), 'image/tiff', 'image'],
  ['rest.scp', nothing, 'application/x-scp-ecg', 'ecg'],
  ['night', latin(`0${' '.repeat(7)}X`), 'application/x-edf', 'ecg'],
  ['oru', latin('MSH|^~\\&|'), 'application/hl7-v2'],
  ['readings.csv', latin('a,b'), 'text/csv'],
  ['note', Buffer.from('Grüße'), 'text/plain'],
  ['note', latin('Gr\u00fc\u00dfe'), 'application/octet-stream'],
  ['unknown', nothing, 'application/octet-stream'],
];

describe('what a file is', () => {
  for (const [name, beginning, contentType, kind] of FILES) {
    it(`${name} that begins with ${beginning.length} bytes is ${contentType}`, () => {
      const described = kind === undefined ? { contentType } : { contentType, kind };
      assert.deepEqual(describeFile(name, beginning), described);
    });
  }

  it('is what its owner says, whatever it looks like', () => {
    const described = describeFile('letter.pdf', latin('%PDF-'), 'image/png');
    assert.deepEqual(described, { contentType: 'image/png', kind: 'image' });
  });

  it('is text where its last character is cut off in the middle', () => {
    const long = Buffer.from('ü'.repeat(4096)).subarray(1, 4097);
    assert.equal(describeFile('x', long).contentType, 'application/octet-stream');
    const cut = Buffer.from(`a${'ü'.repeat(4096)}`).subarray(0, 4096);
    assert.equal(describeFile('x', cut).contentType, 'text/plain');
  });
});
