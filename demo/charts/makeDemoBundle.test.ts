import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bundle } from '@medplum/fhirtypes';
import { canonicalJson } from '../../src/protocol/wire/canonicalJson.ts';
import { splitBundle } from '../../src/fhir/splitBundle.ts';
import { DEMO_PATIENTS } from './demoPatients.ts';
import { makeDemoBundle } from './makeDemoBundle.ts';

function make(start: number): Bundle[] {
  let next = start;
  const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => next++);
  return DEMO_PATIENTS.map((patient) => makeDemoBundle({ random, at: 1_700_000_000, patient }));
}

describe('makeDemoBundle', () => {
  it('reaches eleven categories for each patient', () => {
    for (const bundle of make(0)) {
      const categories = splitBundle(bundle, { set: '0x' }).map(({ category }) => category);
      assert.deepEqual(categories, [
        'demographics',
        'encounters',
        'conditions',
        'allergies',
        'vitals',
        'laboratory',
        'reports',
        'medications',
        'immunizations',
        'coverage',
        'billing',
      ]);
    }
  });

  it('makes the same of the same random bytes, and something else of others', () => {
    assert.equal(canonicalJson(make(0)), canonicalJson(make(0)));
    assert.notEqual(canonicalJson(make(0)), canonicalJson(make(1)));
  });

  it('refers only to what it holds', () => {
    for (const bundle of make(7)) {
      const held = new Set(bundle.entry?.map(({ fullUrl }) => fullUrl));
      const named = [...JSON.stringify(bundle).matchAll(/"reference":"([^"]+)"/g)];
      assert.ok(named.length > 10);
      for (const [, reference] of named) assert.ok(held.has(reference), reference);
    }
  });

  it('names resources by version 4 UUIDs', () => {
    const form = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    for (const { fullUrl } of make(0).flatMap(({ entry }) => entry ?? [])) {
      assert.match(String(fullUrl), form);
    }
  });
});
