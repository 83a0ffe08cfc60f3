import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToBase64 } from '../../crypto/base64.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { encodePart } from '../../fhir/encodePart.ts';
import { importedPart, partBefore, replacedIn } from '../../fhir/importedPart.ts';
import { makeDocumentReference } from '../../fhir/makeDocumentReference.ts';
import type { PartContent } from '../../fhir/Part.ts';
import { provenanceOfImport } from '../../fhir/provenanceOfImport.ts';
import type { RecordId } from '../../protocol/ids.ts';
import { originsOf } from './origin.ts';

const id = (digit: string): RecordId => `0x${digit.repeat(64)}`;
const SET = `0x${'7'.repeat(32)}` as const;

/** A part whose Provenance says that it was imported, with anything as its proof. */
function claiming(data: unknown): Pick<PartContent, 'provenance'> {
  const by = { party: `0x${'1'.repeat(40)}`, at: 1_800_000_000 } as const;
  const provenance = provenanceOfImport([{ resource: { resourceType: 'Basic' } as never }], by, []);
  return { provenance: { ...provenance, signature: [{ data }] as never } };
}

describe('the origin of a part', () => {
  it('is nobody’s if its proof has any other form, and reading it throws nothing', () => {
    for (const data of [undefined, 7, '', 'not base64', 'AAAA', {}])
      assert.deepEqual(originsOf(claiming(data)), []);
    const activity = { coding: [null] } as never;
    assert.deepEqual(
      originsOf({ provenance: { resourceType: 'Provenance', activity } as never }),
      [],
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const data = bytesToBase64(utf8ToBytes(JSON.stringify(value)));
        assert.deepEqual(originsOf(claiming(data)), []);
      }),
    );
    const shaped = fc.record(
      {
        format: fc.constant('medseal-origin/1'),
        network: fc.constantFrom(id('a'), 7),
        acknowledgement: fc.record({
          log: fc.constant('care/hospital'),
          entry: fc.constant(id('b')),
          body: fc.string(),
          verdicts: fc.constantFrom([], [7], 'none'),
        }),
        seal: fc.constantFrom(undefined, {}, { format: 'medseal-seal/1', head: '?' }),
        replaced: fc.constantFrom({}, { urls: 7 }, { records: ['x'] }),
      },
      { requiredKeys: ['format'] },
    );
    fc.assert(
      fc.property(shaped, (value) => {
        const data = bytesToBase64(utf8ToBytes(JSON.stringify(value)));
        assert.deepEqual(originsOf(claiming(data)), []);
      }),
    );
  });

  it('is not read from the Provenance of a correction', () => {
    const { provenance } = claiming('AAAA');
    const corrected = { ...provenance, activity: { coding: [{ code: 'UPDATE' }] } };
    assert.deepEqual(originsOf({ provenance: corrected as never }), []);
    assert.deepEqual(originsOf({}), []);
  });
});

describe('an imported part', () => {
  const document = {
    resource: makeDocumentReference({
      record: id('c'),
      contentType: 'application/pdf',
      title: 'Letter',
      at: 1_800_000_000,
    }),
  };
  const part: PartContent = {
    format: 'medseal-part/1',
    set: SET,
    part: 0,
    category: 'reports',
    whole: {
      bundle: { resourceType: 'Bundle', type: 'collection' },
      by: 'category',
      order: [0, 1],
      editions: [SET, SET],
      records: [id('d'), id('e')],
    },
    entries: [document, { resource: { resourceType: 'Patient' } }],
    provenance: {
      resourceType: 'Provenance',
      target: [],
      recorded: '2026-01-01',
      agent: [],
    } as never,
  };
  const provenance = provenanceOfImport(part.entries, { party: '0x11', at: 1 } as never, []);
  const here = new Map([
    [id('c'), id('1')],
    [id('d'), id('2')],
  ]);
  const record = (each: RecordId): RecordId | undefined => here.get(each);
  const renamed = { record, file: record, set: () => `0x${'8'.repeat(32)}` as const };

  it('names the records here, and none for one that did not come along', () => {
    const made = importedPart(part, replacedIn(part, renamed), renamed, provenance);
    assert.deepEqual(made.whole?.records, [id('2'), null]);
    const text = JSON.stringify(made.entries);
    assert.ok(text.includes(id('1').slice(2)) && !text.includes(id('c').slice(2)));
    assert.equal(made.provenance, provenance);
    // Another author's part with the same mark is of another bundle here.
    assert.equal(made.set, renamed.set());
  });

  it('leaves the address of a file alone that the part may not tell of', () => {
    const alone = { ...renamed, file: () => undefined };
    const made = importedPart(part, replacedIn(part, alone), alone, provenance);
    assert.deepEqual(made.entries, part.entries);
  });

  it('passes over attachments in a form that FHIR does not have', () => {
    for (const content of [null, 'abc', [null], [{}], [{ attachment: null }]]) {
      const odd = { ...part, entries: [{ resource: { ...document.resource, content } as never }] };
      const urls = [{ entry: 0, attachment: 0, url: `Binary/${'c'.repeat(64)}` }];
      assert.deepEqual(replacedIn(odd, renamed).urls, undefined);
      assert.deepEqual(partBefore(odd, { set: SET, urls }).entries, odd.entries);
    }
  });

  it('gives the part as it was written, to the byte', () => {
    for (const each of [part, { ...part, entries: [] }]) {
      const replaced = replacedIn(each, renamed);
      const made = importedPart(each, replaced, renamed, provenance);
      assert.deepEqual(encodePart(partBefore(made, replaced)), encodePart(each));
    }
  });
});
