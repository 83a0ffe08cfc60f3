// Over 400 lines: one function, whose cases amend the parts of bundles with one costly validator for all.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Bundle, BundleEntry } from '@medplum/fhirtypes';
import * as fc from 'fast-check';
import { loadFhirDefinitions } from '../node/loadFhirDefinitions.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { amendBundle } from './amendBundle.ts';
import { createValidator } from './createValidator.ts';
import { divideLabelled } from './divideLabelled.ts';
import { utf8ToBytes } from '../crypto/bytes.ts';
import { exactJson } from './exactJson.ts';
import type { Part, PartContent } from './Part.ts';
import { makeDocumentReference } from './makeDocumentReference.ts';
import { parseFhirJson } from './parseFhirJson.ts';
import { partToBundle } from './partToBundle.ts';
import { reassembleBundle } from './reassembleBundle.ts';
import type { Reassembled } from './reassembleSet.ts';
import { splitBundle } from './splitBundle.ts';
import { arbitraryBundle } from './test/arbitraryBundle.ts';
import type { Validator } from './Validator.ts';
import { timesOf } from '../protocol/test/share.ts';

const set = `0x${'33'.repeat(16)}` as const;
const act = {
  party: `0x${'ab'.repeat(20)}`,
  at: 1_700_000_000,
  purpose: 'TREAT',
  edition: `0x${'77'.repeat(16)}`,
} as const;

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

/** A part among those of both sets. */
function nameOf(content: PartContent): string {
  return `${content.set}/${content.part}`;
}

/** Bundles in which nothing is labelled. */
const plainBundle = arbitraryBundle.map((each) => divideLabelled(each).shown);

/** The parts as they are after each changed one became the next version of its record. */
function replaced(old: readonly PartContent[], changed: readonly Part[]): PartContent[] {
  const now = new Map(old.map((content) => [nameOf(content), content]));
  for (const { content } of changed) now.set(nameOf(content), content);
  return [...now.values()];
}

/** A measurement whose value is written so. */
function weighed(text: string): Bundle {
  const reading = `"resourceType":"Observation","status":"final","code":{"text":"HbA1c"},"valueQuantity":{"value":${text}}`;
  const json = `{"resourceType":"Bundle","type":"collection","entry":[{"resource":{${reading}}}]}`;
  return parseFhirJson(utf8ToBytes(json)) as Bundle;
}

function isUnfinished(found: Reassembled): boolean {
  return found.complete && found.unfinished !== undefined;
}

describe('amendBundle', () => {
  let validator: Validator;
  before(() => {
    validator = createValidator(loadFhirDefinitions());
  });

  const labels = {
    meta: {
      security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' }],
    },
  };

  // @attack a grantee's old key opens a record that was labelled since | its part alone is not amended so; of the whole bundle, it goes to another part
  it('takes an entry that was labelled out of its part, into one of what is sensitive', () => {
    const [patient = assert.fail(), , goal = assert.fail()] = bundle.entry ?? [];
    const labelled = entry('Condition', 'c', { subject, ...labels });
    const amended = { ...bundle, entry: [patient, labelled, goal] };
    const changed = amendBundle(contents, amended, act);
    assert.deepEqual(
      changed.map(({ category, content }) => [category, content.part, content.entries]),
      [
        ['sensitive', 0, [labelled]],
        ['conditions', 1, []],
        ['demographics', 0, [patient]],
      ],
    );
    const whole = reassembleBundle(replaced(contents, changed));
    assert.deepEqual(whole, { complete: true, bundle: amended });
  });

  it('takes every entry of a document whose composition was labelled into one of what is sensitive', () => {
    const composition = entry('Composition', 'd', { confidentiality: 'N' });
    const document: Bundle = {
      ...bundle,
      type: 'document',
      entry: [composition, entry('Goal', 'g')],
    };
    const parts = splitBundle(document, { set }).map(({ content }) => content);
    const labelled = entry('Composition', 'd', { confidentiality: 'R' });
    const amended: Bundle = { ...document, entry: [labelled, entry('Goal', 'g')] };
    const after = replaced(parts, amendBundle(parts, amended, act));
    const full = after.filter(({ entries }) => entries.length > 0);
    assert.deepEqual(
      full.map(({ category }) => category),
      ['sensitive'],
    );
    assert.deepEqual(reassembleBundle(after), { complete: true, bundle: amended });
    assert.deepEqual(amendBundle(after, amended, act), []);
  });

  // @actor a reader who compares versions | learns from a new version of the first part that a labelled entry was amended
  it('of a labelled entry makes no version of any other part, and none of a new one', () => {
    const labelled = entry('Condition', 'c', { subject, ...labels });
    const [patient = assert.fail(), condition = assert.fail(), goal = assert.fail()] =
      bundle.entry ?? [];
    const marked = { ...bundle, entry: [patient, labelled, goal] };
    const added = amendBundle(
      contents,
      { ...bundle, entry: [labelled, ...(bundle.entry ?? [])] },
      act,
    );
    assert.deepEqual(
      added.map(({ category }) => category),
      ['sensitive'],
    );
    const parts = splitBundle(marked, { set }).map(({ content }) => content);
    const same = {
      ...marked,
      entry: [patient, { ...labelled, id: 'x' }, goal, { ...labelled, id: 'y' }],
    };
    const changed = amendBundle(parts, same, act);
    assert.deepEqual(
      changed.map(({ category }) => category),
      ['sensitive'],
    );
    assert.deepEqual(reassembleBundle(replaced(parts, changed)), { complete: true, bundle: same });
    // Without its label it is one of the others again.
    const freed = { ...bundle, entry: [patient, condition, goal] };
    const after = replaced(parts, amendBundle(parts, freed, act));
    assert.deepEqual(reassembleBundle(after), { complete: true, bundle: freed });
  });

  it('is refused where the bundle itself was labelled, for its first part tells that', () => {
    const amended = { ...bundle, ...labels };
    assert.throws(() => amendBundle(contents, amended, act), failsWith('PARTS_UNFIT'));
    const before = splitBundle(amended, { set }).map(({ content }) => content);
    assert.deepEqual(
      amendBundle(before, { ...amended, type: 'batch' }, act).map(({ category }) => category),
      ['sensitive'],
    );
  });

  it('is refused where a document was labelled, whose bytes lie under another key', () => {
    const attachment = { url: `Binary/${'ab'.repeat(32)}` };
    const resource = {
      resourceType: 'DocumentReference',
      status: 'current',
      content: [{ attachment }],
    };
    const document = { ...bundle, entry: [{ resource }] } as Bundle;
    const before = splitBundle(document, { set }).map(({ content }) => content);
    const labelled = { ...document, entry: [{ resource: { ...resource, ...labels } }] } as Bundle;
    assert.throws(() => amendBundle(before, labelled, act), failsWith('PARTS_UNFIT'));
  });

  it('moves what an earlier table had sorted elsewhere, and leaves the rest', () => {
    const value = entry('Observation', 'o', {
      code: { coding: [{ system: 'http://loinc.org', code: '718-7' }] },
    });
    const [patient = assert.fail()] = bundle.entry ?? [];
    const whole = {
      bundle: { resourceType: 'Bundle', type: 'collection' },
      by: 'category',
    } as const;
    const part = { format: 'medseal-part/1', set } as const;
    const older: PartContent[] = [
      {
        ...part,
        part: 0,
        category: 'demographics',
        whole: { ...whole, order: [0, 1] },
        entries: [patient],
      },
      { ...part, part: 1, category: 'other', entries: [value] },
    ];
    const same = { ...whole.bundle, entry: [patient, value] } as Bundle;
    const changed = amendBundle(older, same, act);
    assert.deepEqual(
      changed.map(({ category, content }) => [category, content.part, content.entries]),
      [
        ['other', 1, []],
        ['laboratory', 2, [value]],
        ['demographics', 0, [patient]],
      ],
    );
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
        [2, 'plans', 0, 'NULLIFY'],
        [3, 'other', 1, 'CREATE'],
        // It comes last: with it the others become part of the bundle.
        [0, 'demographics', 1, undefined],
      ],
    );
    const { edition } = act;
    assert.deepEqual(changed.at(-1)?.content.whole?.editions, [edition, null, edition, edition]);
    assert.ok(changed.every(({ content }) => content.edition === edition));
  });

  it('moves an entry out of a part of another category, where an older table had it', () => {
    const sorted = contents.map((content) =>
      content.part === 2 ? { ...content, category: 'other' as const } : content,
    );
    assert.deepEqual(
      amendBundle(sorted, bundle, act).map(({ category, content: { part, entries } }) => [
        part,
        category,
        entries.length,
      ]),
      [
        [2, 'other', 0],
        [3, 'plans', 1],
        [0, 'demographics', 1],
      ],
    );
  });

  it('leaves what tells of a document in the category that its author chose', () => {
    const described = { contentType: 'image/png', title: 'Wound', at: 0 };
    const record = `0x${'99'.repeat(32)}` as const;
    const resource = makeDocumentReference({ ...described, record });
    const told: Bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource }] };
    const [part = assert.fail()] = splitBundle(told, { set });
    assert.equal(part.category, 'reports');
    const chosen = { ...part.content, category: 'procedures' };
    const next: Bundle = { ...told, entry: [{ resource: { ...resource, description: 'left' } }] };
    const [amended, ...more] = amendBundle([chosen], next, act);
    assert.deepEqual([amended?.category, amended?.content.part, more], ['procedures', 0, []]);
  });

  // @attack who writes in one part tells there of a document of another, so that the next amendment moves it there | a category is chosen for a document by the first part alone
  it('moves what tells of a document by no other part that says to tell of it too', () => {
    const record = `0x${'99'.repeat(32)}` as const;
    const described = { contentType: 'image/png', title: 'Wound', at: 0, record };
    const resource = makeDocumentReference(described);
    const told: Bundle = {
      ...bundle,
      entry: [entry('Patient', 'p'), { resource }, entry('Goal', 'g')],
    };
    const parts = splitBundle(told, { set }).map(({ content }) => content);
    const copied = parts.map((part) =>
      part.category === 'plans' ? { ...part, entries: [{ resource }] } : part,
    );
    const next: Bundle = {
      ...told,
      entry: [entry('Patient', 'q'), ...(told.entry ?? []).slice(1)],
    };
    const categories = amendBundle(copied, next, act)
      .filter(({ content }) =>
        content.entries.some((each) => each.resource?.resourceType === resource.resourceType),
      )
      .map(({ category }) => category);
    assert.ok(!categories.includes('plans'), String(categories));
    const after = replaced(copied, amendBundle(copied, next, act));
    assert.deepEqual(reassembleBundle(after), { complete: true, bundle: next });
  });

  // @attack who may amend the first part copies there what tells of a document of another category, so that the next amendment moves it there | a category is chosen for a document only if the document's record has it
  it('moves a document into the first part by no entry there that says to tell of it', () => {
    const record = `0x${'99'.repeat(32)}` as const;
    const resource = makeDocumentReference({
      contentType: 'image/png',
      title: 'Wound',
      at: 0,
      record,
    });
    const told: Bundle = { ...bundle, entry: [entry('Patient', 'p'), { resource }] };
    const [first = assert.fail(), ...rest] = splitBundle(told, { set }).map((part) => part.content);
    const whole = { ...(first.whole ?? assert.fail()), order: [0, 0, 1] };
    const hostile = { ...first, whole, entries: [entry('Patient', 'p'), { resource }] };
    const next: Bundle = { ...told, entry: [entry('Patient', 'q'), { resource }] };
    const categories = new Map([[record, 'reports' as const]]);
    const after = replaced(
      [hostile, ...rest],
      amendBundle([hostile, ...rest], next, { ...act, categories }),
    );
    assert.deepEqual(
      after.map(({ category, entries }) => [category, entries.length]),
      [
        ['demographics', 1],
        ['reports', 1],
      ],
    );
  });

  it('is refused where the parts would be more than there are numbers', () => {
    const [first = assert.fail(), ...rest] = contents;
    const whole = first.whole ?? assert.fail();
    const editions = Array.from({ length: 65_536 }, () => act.edition);
    const full = { ...first, edition: act.edition, whole: { ...whole, editions } };
    const more = { ...bundle, entry: [...(bundle.entry ?? []), entry('Claim', 'x')] };
    assert.throws(() => amendBundle([full, ...rest], more, act), failsWith('PARTS_UNFIT'));
  });

  it('finds nothing to do if nothing changed', () => {
    assert.deepEqual(amendBundle(contents, structuredClone(bundle), act), []);
  });

  it('takes another precision for a change, and keeps it', () => {
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

  // @attack a record says to be part 4,000,000,000 of a bundle, so that whoever amends the whole runs out of memory | a number far beyond the existing parts is not a part
  it('takes nothing for a part that says to be one far beyond those that there are', () => {
    const [patient, condition, goal] = bundle.entry ?? [];
    const changed = entry('Goal', 'g', { ...goal?.resource, lifecycleStatus: 'completed' });
    const amended = {
      ...bundle,
      entry: [{ ...patient, fullUrl: 'urn:uuid:q' }, condition, changed],
    } as Bundle;
    const far = { format: 'medseal-part/1', set, part: 65_535, category: 'vitals', entries: [] };
    assert.deepEqual(
      amendBundle([far, ...contents], amended, act),
      amendBundle(contents, amended, act),
    );
    const further = { ...far, part: 2 ** 32 };
    assert.throws(
      () => amendBundle([further, ...contents], amended, act),
      failsWith('PARTS_UNFIT'),
    );
  });

  it('mends parts of which one does not fit the others', () => {
    const altered = contents.map((each, at) => (at === 1 ? { ...each, entries: [] } : each));
    assert.equal(reassembleBundle(altered).complete, false);
    const mended = replaced(altered, amendBundle(altered, bundle, act));
    assert.deepEqual(reassembleBundle(mended), { complete: true, bundle });
  });

  it('is seen whole or not at all, wherever it is broken off and whoever amends a part meanwhile', () => {
    const step = fc.record({ next: plainBundle, cut: fc.nat(6), part: fc.nat(4) });
    fc.assert(
      fc.property(
        plainBundle,
        fc.array(step, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('category' as const, 'encounter' as const),
        (first, steps, by) => {
          // Each record has its versions, the newest first.
          const records = splitBundle(first, { set, by }).map(({ content }) => [content]);
          const read = (): ReturnType<typeof reassembleBundle> => {
            const found = reassembleBundle(records.map(([newest]) => newest));
            return found.complete ? found : reassembleBundle(records.flat());
          };
          let seen = first;
          for (const [at, { next, cut, part }] of steps.entries()) {
            const edition = `0x${String(at).padStart(32, '0')}` as const;
            const newest = records.map(([content]) => content);
            const changed = amendBundle(newest, next, { ...act, edition });
            for (const [place, { content }] of changed.slice(0, cut).entries()) {
              const record = records.find(([each]) => each?.part === content.part);
              if (record === undefined) records.push([content]);
              else record.unshift(content);
              if (place === changed.length - 1) seen = next;
              const now = read();
              assert.ok(now.complete);
              assert.equal(exactJson(now.bundle), exactJson(seen));
            }
            if (changed.length === 0) seen = next;
            if (cut > 0) assert.equal(isUnfinished(read()), cut < changed.length);

            // Somebody who has one part alone amends it where it lies, and the bundle is whole as before.
            const record = records[part % records.length] ?? assert.fail();
            const [old = assert.fail()] = record;
            const marked = old.entries.map((entry) => ({ ...entry, id: `amended-${at}` }));
            record.unshift({ ...old, entries: marked });
            const after = read();
            assert.ok(after.complete);
            assert.equal(after.bundle.entry?.length ?? 0, seen.entry?.length ?? 0);
            seen = after.bundle;
          }
          // The next amendment that is not broken off mends all of it.
          const changed = amendBundle(
            records.map(([content]) => content),
            first,
            act,
          );
          for (const { content } of changed) {
            const record = records.find(([each]) => each?.part === content.part);
            if (record === undefined) records.push([content]);
            else record.unshift(content);
          }
          assert.deepEqual(
            exactJson(reassembleBundle(records.map(([newest]) => newest))),
            exactJson({ complete: true, bundle: first }),
          );
        },
      ),
      { numRuns: timesOf(100) },
    );
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
        { numRuns: timesOf(100) },
      );
    });
  }
});
