import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PartContent } from '../../fhir/Part.ts';
import { describeContent } from './describeContent.ts';

const document = (...content: readonly unknown[]): object => ({
  resourceType: 'DocumentReference',
  content,
});

function described(...resources: readonly unknown[]): string {
  const entries = resources.map((resource) => ({ resource }));
  return describeContent({ entries } as unknown as PartContent);
}

describe('what a part of a bundle holds', () => {
  it('is told by the number of each type', () => {
    const [one, other] = [{ resourceType: 'Goal' }, { resourceType: 'CarePlan' }];
    assert.equal(described(one, other, one), '2 Goal, 1 CarePlan');
    assert.equal(described(undefined), '1 no resource');
    assert.equal(described(), 'nothing');
  });

  it('is told by title and media type where it is a document', () => {
    const attachment = { title: 'Chest', contentType: 'application/dicom' };
    assert.equal(described(document({ attachment })), 'Chest (application/dicom)');
    assert.equal(described(document({ attachment: {} })), 'untitled');
    assert.equal(
      described(document({ attachment }), { resourceType: 'Goal' }),
      '1 DocumentReference, 1 Goal',
    );
  });

  const hostile: readonly (readonly [string, unknown, string])[] = [
    ['content that is null', document(null), 'untitled'],
    ['content without attachment', document({}), 'untitled'],
    ['an attachment that is null', document({ attachment: null }), 'untitled'],
    [
      'a title that is not text',
      document({ attachment: { title: {}, contentType: 1 } }),
      'untitled',
    ],
    [
      'content that is not a list',
      { resourceType: 'DocumentReference', content: {} },
      '1 DocumentReference',
    ],
    ['a type that is not text', { resourceType: { toString: 1 } }, '1 no resource'],
  ];
  for (const [what, resource, text] of hostile) {
    it(`is told where its author wrote ${what}`, () => {
      assert.equal(described(resource), text);
    });
  }
});
