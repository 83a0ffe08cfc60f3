import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeFile } from './describeFile.ts';

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const nothing = new Uint8Array(10);

const CDA = '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc">';

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
  ['IM000002', latin(`\u0002\0\0\0UL\u0004\0${'\0'.repeat(200)}`), 'application/dicom', 'image'],
  ['report.pdf', latin(`%PDF-1.7${' '.repeat(120)}DICM`), 'application/dicom', 'image'],
  ['rest', latin(`${'\u0001'.repeat(16)}SCPECG`), 'application/x-scp-ecg', 'ecg'],
  ['oru', latin('MSH|^~\\&|'), 'application/hl7-v2'],
  ['oru.txt', latin('\u000bMSH|^~\\&|LAB|M\u00fcller\rPID|1'), 'application/hl7-v2'],
  ['batch', latin('FHS#!~\\&#LAB'), 'application/hl7-v2'],
  ['batch', Buffer.from('\ufeff\r\nBHS|^~\\&#|LAB'), 'application/hl7-v2'],
  ['MSH.txt', latin('MSH stands for message header'), 'text/plain'],
  ['oru.xml', latin('<ORU_R01 xmlns="urn:hl7-org:v2xml">'), 'application/hl7v2+xml'],
  ['summary.xml', latin(CDA), 'application/cda+xml'],
  [
    'summary',
    Buffer.from(`\ufeff<?xml version="1.0"?><!-- C-CDA -->${CDA}`),
    'application/cda+xml',
  ],
  ['summary', Buffer.from(`\ufeff<?xml version="1.0"?>${CDA}`, 'utf16le'), 'application/cda+xml'],
  ['summary.txt', latin('<n:ClinicalDocument xmlns:n="urn:hl7-org:v3"/>'), 'application/cda+xml'],
  [
    'rest.xml',
    latin('<AnnotatedECG xmlns="urn:hl7-org:v3" type="Observation">'),
    'application/x-hl7-aecg+xml',
    'ecg',
  ],
  ['other.xml', latin('<AnnotatedECG xmlns="urn:other">'), 'application/xml'],
  ['ClinicalDocument', latin('<?xml version="1.0"?><ClinicalDocument/>'), 'application/xml'],
  ['wound.jpg', latin('\0\0\0\u0018ftypheic\0\0\0\0mif1heic'), 'image/heic', 'image'],
  ['wound', latin('\0\0\0\u0018ftypmif1\0\0\0\0mif1heic'), 'image/heic', 'image'],
  ['wound', latin('\0\0\0\u0014ftypmif1\0\0\0\0mif1'), 'image/heif', 'image'],
  ['wound', latin('\0\0\0\u0014ftypavif\0\0\0\0mif1'), 'image/avif', 'image'],
  ['gait.dat', latin('\0\0\0\u0014ftypqt  \0\0\0\0qt  '), 'video/quicktime'],
  ['gait', latin('\0\0\0\u0018ftypisom\0\0\u0002\0isommp42'), 'video/mp4'],
  ['gait', latin('\0\0\0\u0014ftypnone\0\0\0\0none'), 'application/octet-stream'],
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
