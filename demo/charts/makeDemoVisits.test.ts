import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bundle, Observation } from '@medplum/fhirtypes';
import { loadFhirDefinitions } from '../../src/node/loadFhirDefinitions.ts';
import { seededRandom } from '../../src/node/test/testNetwork.ts';
import { canonicalJson } from '../../src/protocol/wire/canonicalJson.ts';
import { createValidator } from '../../src/fhir/createValidator.ts';
import { splitBundle } from '../../src/fhir/splitBundle.ts';
import { DEMO_CHARTS } from './demoCharts.ts';
import { makeDemoResults } from './makeDemoResults.ts';
import { makeDemoVisits } from './makeDemoVisits.ts';

const AT = 1_800_000_000;

function make(seed: string): readonly Bundle[] {
  return DEMO_CHARTS.flatMap(({ patient, earlier, newest, results }) => {
    const random = seededRandom(`${seed} ${patient.family}`);
    const common = { random, at: AT, patient };
    return [
      makeDemoVisits({ ...common, visits: [...earlier, newest] }),
      makeDemoResults({ ...common, results }),
    ];
  });
}

describe('makeDemoVisits and makeDemoResults', () => {
  it('make valid FHIR R4 of every chart', () => {
    const validator = createValidator(loadFhirDefinitions());
    for (const bundle of make('valid')) validator.validateBundle(bundle);
  });

  it('make the same of the same random bytes, and something else of others', () => {
    assert.equal(canonicalJson(make('one')), canonicalJson(make('one')));
    assert.notEqual(canonicalJson(make('one')), canonicalJson(make('other')));
  });

  it('fill the categories that the screens of a chart show', () => {
    const [visits, results] = make('categories');
    assert.ok(visits && results);
    const categories = [visits, results].flatMap((bundle) =>
      splitBundle(bundle, { set: '0x' }).map(({ category }) => category),
    );
    for (const category of [
      'demographics',
      'encounters',
      'conditions',
      'allergies',
      'medications',
      'immunizations',
      'vitals',
      'procedures',
      'plans',
      'billing',
      'laboratory',
      'reports',
    ] as const) {
      assert.ok(categories.includes(category), category);
    }
  });

  it('give each measurement several values over years, with a unit and what is normal', () => {
    for (const bundle of make('trends')) {
      const dates = new Map<string, string[]>();
      for (const { resource } of bundle.entry ?? []) {
        if (resource?.resourceType !== 'Observation') continue;
        const name = resource.code.text ?? '';
        dates.set(name, [...(dates.get(name) ?? []), resource.effectiveDateTime ?? '']);
        const parts: readonly Pick<Observation, 'valueQuantity' | 'referenceRange'>[] =
          resource.component ?? [resource];
        for (const { valueQuantity, referenceRange } of parts) {
          assert.ok(valueQuantity?.code, name);
          if (name !== 'Body weight') assert.ok(referenceRange?.[0], name);
        }
      }
      const trends = [...dates.values()].filter((moments) => {
        const [first = '', last = ''] = [moments.at(0), moments.at(-1)];
        return moments.length >= 3 && Date.parse(last) - Date.parse(first) > 730 * 86_400_000;
      });
      assert.ok(trends.length >= 3);
    }
  });

  it('refer only to what they hold, and say that the laboratory found what is out of range', () => {
    for (const bundle of make('references')) {
      const held = new Set(bundle.entry?.map(({ fullUrl }) => fullUrl));
      for (const [, reference = ''] of JSON.stringify(bundle).matchAll(/"reference":"([^"]+)"/g)) {
        assert.ok(held.has(reference), reference);
      }
    }
    const results = make('range').map((bundle) => JSON.stringify(bundle));
    assert.match(results.join('\n'), /"code":"H"/);
    assert.match(results.join('\n'), /"code":"N"/);
  });
});
