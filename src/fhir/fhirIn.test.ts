import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fhirIn } from './fhirIn.ts';

const patient = '{"resourceType":"Patient","id":"p"}';
const bundle = `{"entry":[{"resource":${patient}}],"resourceType":"Bundle"}`;
const xml = '<Patient xmlns="http://hl7.org/fhir"><id value="p"/></Patient>';
const bom = '\ufeff';
const utf8 = (text: string): Uint8Array => Buffer.from(text);
const utf16 = (text: string): Uint8Array => Buffer.from(text, 'utf16le');
const swapped = (text: string): Uint8Array => Buffer.from(text, 'utf16le').swap16();

const understood: readonly (readonly [string, string])[] = [
  ['a resource', patient],
  ['a resource behind a byte order mark', `${bom}${patient}`],
  ['a resource behind many blanks', `${' \r\n\t'.repeat(2000)}${patient}\n\n`],
  ['a resource behind both', `${bom}\n${patient}`],
  ['a bundle that says so last', bundle],
  ['a resource on several lines', JSON.stringify(JSON.parse(patient), null, 2)],
  ['a resource without a type that there is', '{"resourceType":1}'],
];

const JSON_TYPE = ' (or add the file as a document, with --type application/fhir+json)';
const XML_TYPE = JSON_TYPE.replace('json', 'xml');

const off: readonly (readonly [string, Uint8Array, RegExp])[] = [
  [
    'a trailing comma',
    utf8('{"resourceType":"Patient","id":"p",}'),
    /^the file is not well-formed JSON: look at line 1 column 36 /,
  ],
  ['an end that is lost', utf8(bundle.slice(0, -1)), /^the file is not well-formed JSON/],
  ['a comment', utf8(`{/* of today */${patient.slice(1)}`), /^the file is not well-formed JSON/],
  [
    'bytes that are not UTF-8',
    Buffer.from(patient.replace('p"', '\u00fc"'), 'latin1'),
    /^the file is not in UTF-8/,
  ],
  ['UTF-16', utf16(patient), /^the file is in UTF-16; save it in UTF-8/],
  ['UTF-16 with a mark', utf16(`${bom}${patient}`), /^the file is in UTF-16; /],
  ['UTF-16, the other byte first', swapped(patient), /^the file is in UTF-16; /],
  ['the other byte first, with a mark', swapped(`${bom}\n${bundle}`), /^the file is in UTF-16; /],
  [
    'NDJSON',
    utf8(`${patient}\n${patient}\n`),
    /^the file is NDJSON, a resource on each line; make a Bundle of them/,
  ],
  ['NDJSON with blank lines', utf8(`${bom}${patient}\r\n\r\n${bundle}`), /^the file is NDJSON, /],
  [
    'a list',
    utf8(`[${patient},${patient}]`),
    /^the file is a list of resources; make a Bundle of them/,
  ],
  [
    'a resource within other JSON',
    utf8(`{"data":${bundle}}`),
    /^the file holds FHIR within other JSON; /,
  ],
  [
    'a name that is there twice',
    utf8(patient.replace('}', ',"id":"q"}')),
    /^Patient\.id: appears twice/,
  ],
  ['XML', utf8(xml), /^the file is FHIR in XML; convert it to JSON/],
  [
    'XML with a prolog',
    utf8(`${bom}<?xml version="1.0"?>\n<!-- <x> -->\n${xml}`),
    /^the file is FHIR in XML; /,
  ],
  [
    'XML with a prefix',
    utf8('<f:Bundle\n  xmlns:f = \'http://hl7.org/fhir\' id="b"/>'),
    /^the file is FHIR in XML; /,
  ],
  [
    'XML in UTF-16',
    utf16(`${bom}<?xml version="1.0" encoding="UTF-16"?>${xml}`),
    /^the file is in UTF-16; /,
  ],
];

const other: readonly (readonly [string, Uint8Array])[] = [
  ['nothing', utf8('')],
  ['JSON of something else', utf8('{"type":"Bundle"}')],
  ['malformed JSON of something else', utf8('{"a":1,"a":2,}')],
  ['a list of something else', utf8('[1,2]')],
  ['text that tells of FHIR', utf8('See "resourceType": "Patient".')],
  ['XML of something else', utf8('<ClinicalDocument xmlns="urn:hl7-org:v3"/>')],
  ['HTML that tells of FHIR', utf8('<html><p xmlns="http://hl7.org/fhir"></p></html>')],
  ['a DICOM file', Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')])],
  ['bytes', Uint8Array.of(1, 2, 3, 254, 255)],
];

describe('a file that is to be put on a chart', () => {
  for (const [what, text] of understood) {
    it(`is FHIR where it is ${what}`, () => {
      assert.ok(fhirIn(utf8(text))?.resourceType);
    });
  }

  for (const [what, bytes, reason] of off) {
    // @attack a whole chart in XML, NDJSON or UTF-16 becomes one document under `reports`, without a word | what looks like FHIR is read as FHIR or refused
    it(`is refused, and no document by mistake, if it is FHIR with ${what}`, () => {
      assert.throws(
        () => fhirIn(bytes, true),
        (error: { code?: string; values?: { reason: string } }) => {
          assert.equal(error.code, 'FHIR_INVALID');
          assert.match(error.values?.reason ?? '', reason);
          const type = what.startsWith('XML') ? XML_TYPE : JSON_TYPE;
          assert.ok(error.values?.reason.endsWith(type), error.values?.reason);
          return true;
        },
      );
    });
  }

  for (const [what, bytes] of other) {
    it(`is not FHIR where it is ${what}`, () => {
      assert.equal(fhirIn(bytes), undefined);
    });
  }
});
