import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadFhirDefinitions } from '../node/loadFhirDefinitions.ts';
import { categorise } from './categorise.ts';
import { createValidator } from './createValidator.ts';
import { attachedRecords } from './attachedRecords.ts';
import {
  categoryOfKind,
  makeDocumentReference,
  type DocumentDescribed,
} from './makeDocumentReference.ts';

const record = `0x${'5a'.repeat(32)}` as const;
const document: DocumentDescribed = {
  record,
  contentType: 'application/dicom',
  title: 'Chest, two views',
  size: 18_874_368,
  kind: 'image',
  at: 1_800_000_000,
};

/** A DocumentReference whose attachment is there. */
function at(url: unknown): object {
  return { resourceType: 'DocumentReference', content: [{ attachment: { url } }] };
}

describe('a DocumentReference', () => {
  it('has this form, which R4 knows', () => {
    const resource = makeDocumentReference(document);
    assert.deepEqual(resource, {
      resourceType: 'DocumentReference',
      status: 'current',
      type: {
        coding: [
          { system: 'http://loinc.org', code: '18748-4', display: 'Diagnostic imaging study' },
        ],
      },
      date: '2027-01-15T08:00:00.000Z',
      content: [
        {
          attachment: {
            contentType: 'application/dicom',
            url: `Binary/${'5a'.repeat(32)}`,
            size: 18_874_368,
            title: 'Chest, two views',
            creation: '2027-01-15T08:00:00.000Z',
          },
        },
      ],
    });
    const validator = createValidator(loadFhirDefinitions());
    const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource }] };
    assert.deepEqual(validator.validateBundle(bundle), bundle);
  });

  it('leaves out a size that FHIR cannot say, and a kind that is not known', () => {
    const { kind: _, ...plain } = document;
    const [content] = makeDocumentReference({ ...plain, size: 2 ** 31 }).content;
    assert.equal(content?.attachment.size, undefined);
    assert.equal(makeDocumentReference(plain).type, undefined);
    const [largest] = makeDocumentReference({ ...plain, size: 2 ** 31 - 1 }).content;
    assert.equal(largest?.attachment.size, 2 ** 31 - 1);
  });

  it('is of imaging where it tells of an image, and else of reports', () => {
    const { kind: _, ...plain } = document;
    assert.equal(categorise(makeDocumentReference(document)), 'imaging');
    assert.equal(categorise(makeDocumentReference({ ...plain, kind: 'ecg' })), 'reports');
    assert.equal(categorise(makeDocumentReference(plain)), 'reports');
    for (const kind of ['image', 'ecg', undefined] as const) {
      const described = makeDocumentReference({ ...plain, ...(kind && { kind }) });
      assert.equal(categoryOfKind(kind), categorise(described));
    }
  });

  it('names the record that holds the bytes', () => {
    assert.deepEqual(attachedRecords(makeDocumentReference(document)), [record]);
  });

  it('names no record if its id is malformed, or its attachment is elsewhere', () => {
    for (const resource of [
      undefined,
      null,
      'DocumentReference',
      {},
      { resourceType: 'Binary', content: [] },
      { resourceType: 'DocumentReference' },
      { resourceType: 'DocumentReference', content: [null, {}, { attachment: {} }] },
      at('https://pacs.example/scan'),
      at('Binary/1'),
      at(`Binary/${'5A'.repeat(32)}`),
      at(`Binary/${'5a'.repeat(32)}/_history/1`),
      at(7),
    ]) {
      assert.deepEqual(attachedRecords(resource), []);
    }
  });
});
