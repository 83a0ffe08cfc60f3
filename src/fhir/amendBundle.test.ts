import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Bundle, BundleEntry } from '@medplum/fhirtypes';
import * as fc from 'fast-check';
import { loadFhirDefinitions } from '../node/loadFhirDefinitions.ts';
import { amendBundle } from './amendBundle.ts';
import { createValidator } from './createValidator.ts';
import { utf8ToBytes } from '../crypto/bytes.ts';
import { exactJson } from './exactJson.ts';
import type { Part, PartContent } from './Part.ts';
import { parseFhirJson } from './parseFhirJson.ts';
import { partToBundle } from './partToBundle.ts';
import { reassembleBundle } from './reassembleBundle.ts';
import { splitBundle } from './splitBundle.ts';
import { arbitraryBundle } from './test/arbitraryBundle.ts';
import type { Validator } from './Validator.ts';

const set = `0x${'33'.repeat(16)}` as const;
const act = { party: `0x${'ab'.repeat(20)}`, at: 1_700_000_000, purpose: 'TREAT' } as const;

function entry(resourceType: string, id: string, more: object = {}): BundleEntry {
  return { fullUrl: `urn:uuid:${id}`, resource: { resourceType, ...more } } as BundleEntry;
}

const subject = { reference: 'urn:uuid:p' };
const bundle: Bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    entry('Patient', 'p'),
    entry('Condition', 'c', { subject }),
    entry('Goal', 'g', { lifecycleStatus: 'active', description: { text: 'Walk.' }, subject }),
  ],
};
const contents = splitBundle(bundle, { set }).map(({ content }) => content);

/** The parts as they are after each changed one became the next version of its record. */
function replaced(old: readonly PartContent[], changed: readonly Part[]): PartContent[] {
  const now = new Map(old.map((content) => [content.part, content]));
  for (const { content } of changed) now.set(content.part, content);
  return [...now.values()];
}

describe('amendBundle', () => {
  let validator: Validator;
  before(() => {
    validator = createValidator(loadFhirDefinitions());
  });

  it('changes only the part that holds the changed entry, and says who did it', () => {
    const goal = entry('Goal', 'g', {
      lifecycleStatus: 'completed',
      description: { text: 'Walk.' },
      subject,
    });
    const amended = { ...bundle, entry: [...(bundle.entry ?? []).slice(0, 2), goal] };
    const changed = amendBundle(contents, amended, act);
    assert.deepEqual(changed, [
      {
        category: 'plans',
        content: {
          format: 'medseal-part/1',
          set,
          part: 2,
          category: 'plans',
          entries: [goal],
          provenance: {
            resourceType: 'Provenance',
            target: [{ reference: 'urn:uuid:g' }],
            recorded: '2023-11-14T22:13:20.000Z',
            activity: {
              coding: [
                {
                  system: 'http://terminology.hl7.org/CodeSystem/v3-DataOperation',
                  code: 'UPDATE',
                },
              ],
            },
            reason: [
              {
                coding: [
                  { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' },
                ],
              },
            ],
            agent: [{ who: { identifier: { system: 'urn:medseal:party', value: act.party } } }],
          },
        },
      },
    ]);
    for (const { content } of changed) validator.validateBundle(partToBundle(content));
  });

  it('gives a new category a new number, and leaves an empty part where all entries went', () => {
    const claim = entry('Basic', 'b', { code: { text: 'note' } });
    const [patient, condition] = bundle.entry ?? [];
    assert.ok(patient !== undefined && condition !== undefined);
    const changed = amendBundle(contents, { ...bundle, entry: [claim, patient, condition] }, act);
    assert.deepEqual(
      changed.map(({ category, content: { part, entries, provenance } }) => [
        part,
        category,
        entries.length,
        provenance?.activity?.coding?.[0]?.code,
      ]),
      [
        [0, 'demographics', 1, undefined],
        [2, 'plans', 0, 'NULLIFY'],
        [3, 'other', 1, 'CREATE'],
      ],
    );
  });

  it('finds nothing to do where nothing changed', () => {
    assert.deepEqual(amendBundle(contents, structuredClone(bundle), act), []);
  });

  it('takes another precision for a change, and keeps it', () => {
    const weighed = (text: string): Bundle =>
      parseFhirJson(
        utf8ToBytes(
          `{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Observation",` +
            `"status":"final","code":{"text":"HbA1c"},"valueQuantity":{"value":${text}}}}]}`,
        ),
      ) as Bundle;
    const [part] = splitBundle(weighed('4.2'), { set });
    const changed = amendBundle([part?.content], weighed('4.20'), act);
    assert.deepEqual(
      changed.map(({ content }) => /"value":([^}]*)/.exec(exactJson(content))?.[1]),
      ['4.20'],
    );
    assert.deepEqual(amendBundle([changed[0]?.content], weighed('4.20'), act), []);
  });

  it('amends nothing while a part is missing, and says so as what may be there later', () => {
    const some = contents.slice(0, 2);
    assert.throws(() => amendBundle(some, bundle, act), { code: 'NOT_YET', retry: true });
  });

  it('refuses parts of which one was altered', () => {
    const altered = contents.map((each, at) => (at === 1 ? { ...each, entries: [] } : each));
    assert.throws(() => amendBundle(altered, bundle, act), { code: 'PARTS_UNFIT' });
  });

  for (const by of ['category', 'encounter'] as const) {
    it(`by ${by} makes of any bundle any other, again and again`, () => {
      fc.assert(
        fc.property(
          fc.array(arbitraryBundle, { minLength: 2, maxLength: 4 }),
          ([first, ...rest]) => {
            assert.ok(first !== undefined);
            let parts = splitBundle(first, { set, by }).map(({ content }) => content);
            for (const next of rest) {
              parts = replaced(parts, amendBundle(parts, next, act));
              const back = reassembleBundle(parts);
              assert.ok(back.complete);
              assert.equal(exactJson(back.bundle), exactJson(next));
              assert.deepEqual(amendBundle(parts, next, act), []);
            }
          },
        ),
      );
    });
  }
});
