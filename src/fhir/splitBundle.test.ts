import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bundle } from '@medplum/fhirtypes';
import * as fc from 'fast-check';
import { utf8ToBytes } from '../crypto/bytes.ts';
import { categorise } from './categorise.ts';
import { createEncounterFinder } from './createEncounterFinder.ts';
import { divideLabelled } from './divideLabelled.ts';
import { exactJson } from './exactJson.ts';
import { parseFhirJson } from './parseFhirJson.ts';
import { reassembleBundle } from './reassembleBundle.ts';
import { splitBundle } from './splitBundle.ts';
import { arbitraryBundle } from './test/arbitraryBundle.ts';
import { syntheaAbsent, syntheaPatients } from './test/synthea.ts';

const set = '0x000102030405060708090a0b0c0d0e0f';
const ways = ['category', 'encounter'] as const;

/** Returns the value as it is after sealing and opening: the same JSON, in other objects. */
function travelled(value: unknown): unknown {
  return parseFhirJson(utf8ToBytes(exactJson(value)));
}

function label(code: string): object {
  const system = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
  return { meta: { security: [{ system, code }] } };
}

describe('splitBundle', () => {
  it('gives parts of the documented form', () => {
    const patient = { fullUrl: 'urn:uuid:1', resource: { resourceType: 'Patient' as const } };
    const claim = { resource: { resourceType: 'Basic', id: 'b' } };
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [claim, patient],
    } as unknown as Bundle;
    assert.deepEqual(splitBundle(bundle, { set }), [
      {
        category: 'demographics',
        content: {
          format: 'medseal-part/1',
          set,
          part: 0,
          category: 'demographics',
          whole: {
            bundle: { resourceType: 'Bundle', type: 'collection' },
            by: 'category',
            order: [1, 0],
          },
          entries: [patient],
        },
      },
      {
        category: 'other',
        content: { format: 'medseal-part/1', set, part: 1, category: 'other', entries: [claim] },
      },
    ]);
  });

  describe('of a bundle that is labelled', () => {
    const patient = { resource: { resourceType: 'Patient' } };
    const claim = { resource: { resourceType: 'Claim', ...label('N') } };
    const labelled = {
      resourceType: 'Bundle',
      type: 'collection',
      ...label('R'),
      entry: [patient, claim],
    } as unknown as Bundle;

    it('has each entry inherit the label that has none, and tells it in no other category', () => {
      const parts = splitBundle(labelled, { set });
      assert.deepEqual(
        parts.map(({ category, content }) => [category, content.entries]),
        [
          ['billing', [claim]],
          ['sensitive', [patient]],
        ],
      );
      const plain = { resourceType: 'Bundle', type: 'collection' };
      assert.deepEqual(parts[0]?.content.whole?.bundle, plain);
      assert.partialDeepStrictEqual(parts[1]?.content.whole?.bundle, label('R'));
    });

    // @attack a demographics grantee learns by the first part that a bundle is labelled | the first part of a labelled bundle is sensitive
    it('tells the label in a part of its own where every entry has others', () => {
      const parts = splitBundle({ ...labelled, entry: [claim] } as unknown as Bundle, { set });
      assert.deepEqual(
        parts.map(({ category, content }) => [category, content.entries]),
        [
          ['billing', [claim]],
          ['sensitive', []],
        ],
      );
      const whole = reassembleBundle(parts.map(({ content }) => travelled(content)));
      assert.ok(whole.complete);
      assert.deepEqual(whole.bundle.entry, [claim]);
    });
  });

  for (const by of ways) {
    it(`by ${by} loses nothing of any bundle, whatever order the parts come back in`, () => {
      fc.assert(
        fc.property(arbitraryBundle, fc.nat(), (bundle, turn) => {
          const contents = splitBundle(bundle, { set, by }).map(({ content }) =>
            travelled(content),
          );
          const at = turn % contents.length;
          const turned = [...contents.slice(at), ...contents.slice(0, at)];
          const back = reassembleBundle(turned);
          assert.ok(back.complete);
          assert.equal(exactJson(back.bundle), exactJson(bundle));
        }),
      );
    });

    it(`by ${by} puts into a part only what is of its category`, () => {
      fc.assert(
        fc.property(arbitraryBundle, (bundle) => {
          for (const { category, content } of splitBundle(bundle, { set, by })) {
            for (const { resource } of content.entries)
              assert.equal(categorise(resource), category);
          }
        }),
      );
    });

    it(
      `by ${by} splits all Synthea patients and has them back equal`,
      { skip: syntheaAbsent },
      () => {
        const patients = syntheaPatients();
        assert.equal(patients.length, 7);
        for (const [name, bundle] of patients) {
          const parts = splitBundle(bundle, { set, by });
          assert.equal(parts[0]?.category, 'demographics', name);
          const back = reassembleBundle(parts.map(({ content }) => travelled(content)));
          assert.ok(back.complete);
          assert.equal(exactJson(back.bundle), exactJson(bundle), name);
        }
      },
    );
  }

  it('by category makes one part of each category that the bundle holds', () => {
    fc.assert(
      fc.property(arbitraryBundle, (bundle) => {
        const categories = splitBundle(bundle, { set }).map(({ category }) => category);
        assert.equal(categories.length, new Set(categories).size);
      }),
    );
  });

  it('by encounter puts into a part only what is of one encounter', { skip: syntheaAbsent }, () => {
    for (const [name, bundle] of syntheaPatients()) {
      const encounterOf = createEncounterFinder(bundle.entry ?? []);
      const seen = new Set<string>();
      for (const { category, content } of splitBundle(bundle, { set, by: 'encounter' })) {
        const encounters = new Set(content.entries.map(encounterOf));
        assert.equal(encounters.size, 1, name);
        const key = `${category} ${[...encounters].join()}`;
        assert.ok(!seen.has(key), key);
        seen.add(key);
      }
    }
  });

  it('tells the reader of any part but the first nothing of the others', () => {
    fc.assert(
      fc.property(arbitraryBundle, (bundle) => {
        const [, ...others] = splitBundle(divideLabelled(bundle).shown, { set });
        for (const { content } of others) {
          assert.deepEqual(Object.keys(content).toSorted(), [
            'category',
            'entries',
            'format',
            'part',
            'set',
          ]);
        }
      }),
    );
  });

  // @attack a document is confidential by its composition, and its diagnoses are read under `conditions` | each entry without labels is as sensitive as the composition
  it('has each entry of a document inherit what its composition says of all of it', () => {
    const security = [
      { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'N' },
    ];
    const told = (type: string, confidentiality: string): readonly string[] => {
      const entry = [
        { resource: { resourceType: 'Composition', confidentiality } },
        { resource: { resourceType: 'Condition' } },
        { resource: { resourceType: 'Goal', meta: { security } } },
      ];
      const parts = splitBundle({ resourceType: 'Bundle', type, entry } as never, { set });
      return parts.map(({ category }) => category);
    };
    assert.deepEqual(told('document', 'R'), ['plans', 'sensitive']);
    assert.deepEqual(told('document', 'N'), ['reports', 'conditions', 'plans']);
    assert.deepEqual(told('collection', 'R'), ['conditions', 'plans', 'sensitive']);
  });

  // @class what one may not read shows in what one may | any bundle, with and without labelled entries
  it('gives all but the labelled parts the same, to the byte, whatever is labelled or not there', () => {
    const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' }];
    const hidden = fc.record({
      fullUrl: fc.constantFrom('urn:uuid:1', 'urn:uuid:9'),
      resource: fc.record({
        resourceType: fc.constantFrom('Condition', 'Composition', 'Encounter'),
        meta: fc.constant({ security }),
        note: fc.jsonValue(),
      }),
    });
    const plain = arbitraryBundle
      .map((bundle) => divideLabelled(bundle).shown)
      .filter(({ entry = [] }) => entry.length > 0);
    fc.assert(
      fc.property(
        plain,
        fc.array(fc.tuple(hidden, fc.nat()), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...ways),
        (bundle, labelled, by) => {
          const entry = [...(bundle.entry ?? [])];
          // Not in front of the others: the first entry of a document speaks for all of it.
          for (const [each, place] of labelled) {
            entry.splice(1 + (place % entry.length), 0, each as never);
          }
          const total = entry.length;
          const whole = { ...bundle, total, signature: { data: 'x' }, entry } as Bundle;
          const without = { ...bundle, total: total - labelled.length };
          const shown = splitBundle(whole, { set, by }).filter(
            ({ category }) => category !== 'sensitive',
          );
          assert.equal(exactJson(shown), exactJson(splitBundle(without, { set, by })));
          const back = reassembleBundle(shown.map(({ content }) => travelled(content)));
          assert.equal(exactJson(back), exactJson({ complete: true, bundle: without }));
        },
      ),
    );
  });

  it('puts nothing beside the labelled entries of a bundle that has no others', () => {
    const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' }];
    const entry = [{ resource: { resourceType: 'Condition', meta: { security } } }];
    const parts = splitBundle({ resourceType: 'Bundle', type: 'collection', entry } as never, {
      set,
    });
    assert.deepEqual(
      parts.map(({ category }) => category),
      ['sensitive'],
    );
  });

  it('puts an entry whose answer is labelled under sensitive', () => {
    const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }];
    const outcome = { resourceType: 'OperationOutcome', meta: { security } };
    const entry = [{ resource: { resourceType: 'Patient' }, response: { status: '200', outcome } }];
    const parts = splitBundle({ resourceType: 'Bundle', type: 'batch-response', entry } as never, {
      set,
    });
    assert.deepEqual(
      parts.map(({ category }) => category),
      ['sensitive'],
    );
  });

  it('does not change the bundle, and does the same again', () => {
    fc.assert(
      fc.property(arbitraryBundle, (bundle) => {
        const before = exactJson(bundle);
        const first = exactJson(splitBundle(bundle, { set }));
        assert.equal(exactJson(splitBundle(bundle, { set })), first);
        assert.equal(exactJson(bundle), before);
      }),
    );
  });
});
