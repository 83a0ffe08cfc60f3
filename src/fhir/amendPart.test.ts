import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bundle } from '@medplum/fhirtypes';
import { utf8ToBytes } from '../crypto/bytes.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { amendPart } from './amendPart.ts';
import { exactJson } from './exactJson.ts';
import { parseFhirJson } from './parseFhirJson.ts';
import { partToBundle } from './partToBundle.ts';
import { splitBundle } from './splitBundle.ts';

const set = `0x${'55'.repeat(16)}` as const;
const act = { party: `0x${'ab'.repeat(20)}`, at: 1_700_000_000, purpose: 'TREAT' } as const;

function bundleOf(...resources: readonly string[]): Bundle {
  const entry = resources.map((resource) => `{"resource":{${resource}}}`).join(',');
  const text = `{"resourceType":"Bundle","type":"collection","entry":[${entry}]}`;
  return parseFhirJson(utf8ToBytes(text)) as Bundle;
}

const reading = (value: string): string =>
  `"resourceType":"Observation","code":{"text":"a reading"},"valueQuantity":{"value":${value}}`;

describe('a part that is amended alone', () => {
  const [part = assert.fail()] = splitBundle(bundleOf(reading('4.2'), reading('1.00')), { set });

  it('takes another precision for a change, and leaves what is as it was', () => {
    const amended = amendPart(part.content, bundleOf(reading('4.20'), reading('1.00')), act);
    assert.match(exactJson(amended), /"value":4\.20\}.*"value":1\.00\}/);
    assert.equal(amended.provenance?.target.length, 1);
  });

  it('is refused where an entry would be of another category, which others may read', () => {
    const condition = '"resourceType":"Condition","code":{"text":"a diagnosis"}';
    assert.throws(
      () => amendPart(part.content, bundleOf(reading('4.2'), condition), act),
      failsWith('PARTS_UNFIT', {
        reason: 'an entry would be of another category; amend the whole bundle',
      }),
    );
  });

  it('is refused where an entry came or went', () => {
    const reason = 'an entry was added or removed; amend the whole bundle';
    for (const readings of [[reading('4.2')], [], ['4.2', '1.00', '2', '3'].map(reading)]) {
      assert.throws(
        () => amendPart(part.content, bundleOf(...readings), act),
        failsWith('PARTS_UNFIT', { reason }),
      );
    }
  });

  it('is as it was if nothing changes', () => {
    const { content } = part;
    assert.equal(exactJson(amendPart(content, partToBundle(content), act)), exactJson(content));
  });
});
