import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolverOf, type Entry } from './Resolve.ts';

interface Named {
  readonly resourceType: string;
  readonly id?: string;
  readonly contained?: readonly unknown[];
}

const entry = (bundle: string, resource: Named, url?: string): Entry => ({ bundle, url, resource });
const order = (): Named => ({ resourceType: 'MedicationRequest' });
const medicine = (id?: string): Named => ({
  resourceType: 'Medication',
  ...(id !== undefined && { id }),
});

describe('a reference', () => {
  it('reaches no resource of another bundle, by whatever it calls it', () => {
    const [from, other] = [order(), medicine('1')];
    for (const url of [undefined, 'urn:uuid:1', 'http://a/Medication/1']) {
      const resolve = resolverOf([entry('other', other, url), entry('own', from)]);
      for (const reference of ['Medication/1', 'urn:uuid:1', 'http://a/Medication/1', '#1']) {
        assert.equal(resolve(from, reference), undefined, `${url} ${reference}`);
      }
    }
  });

  it('reaches nothing from a resource outside of all bundles, or from anything else', () => {
    const resolve = resolverOf([entry('own', medicine('1'), 'urn:uuid:1')]);
    for (const from of [order(), undefined, null, 'MedicationRequest', 1]) {
      assert.equal(resolve(from, 'Medication/1'), undefined);
      assert.equal(resolve(from, 'urn:uuid:1'), undefined);
    }
  });

  it('reaches neither of two that have its name', () => {
    const holder = { ...order(), contained: [medicine('1'), medicine('1'), medicine('1')] };
    const resolve = resolverOf([
      entry('own', holder),
      entry('own', medicine('1'), 'urn:uuid:1'),
      entry('own', medicine('1'), 'urn:uuid:1'),
      entry('own', medicine('1'), 'urn:uuid:1'),
    ]);
    for (const reference of ['Medication/1', 'urn:uuid:1', '#1']) {
      assert.equal(resolve(holder, reference), undefined, reference);
    }
  });

  it('without a server means the server that the resource is from, also in a bundle of two servers', () => {
    const [atA, atB, here, there] = [order(), order(), medicine('1'), medicine('1')];
    const resolve = resolverOf([
      entry('own', here, 'http://a/fhir/Medication/1'),
      entry('own', there, 'http://b/Medication/1'),
      entry('own', atA, 'http://a/fhir/MedicationRequest/7'),
      entry('own', atB, 'http://b/MedicationRequest/7'),
      entry('own', medicine('2')),
    ]);
    assert.equal(resolve(atA, 'Medication/1'), here);
    assert.equal(resolve(atB, 'Medication/1'), there);
    assert.equal(resolve(atA, 'http://b/Medication/1'), there);
    assert.equal(resolve(atA, 'Medication/2'), undefined);
  });

  it('reaches the resource of its own bundle that has the address, or the type and id', () => {
    const [from, one, two] = [order(), medicine(), medicine('2')];
    const resolve = resolverOf([
      entry('own', from, 'urn:uuid:0'),
      entry('own', one, 'urn:uuid:1'),
      entry('own', two),
      entry('other', medicine('2'), 'urn:uuid:1'),
    ]);
    assert.equal(resolve(from, 'urn:uuid:1'), one);
    assert.equal(resolve(from, 'Medication/2'), two);
  });

  it('of a contained resource reaches what its holder reaches, and nothing that another one contains', () => {
    const [drug, maker] = [medicine('drug'), { resourceType: 'Organization', id: 'maker' }];
    const from = { ...order(), contained: [drug, maker] };
    const [other, outside] = [order(), medicine('9')];
    const resolve = resolverOf([entry('own', from), entry('own', other), entry('own', outside)]);
    assert.equal(resolve(other, '#drug'), undefined);
    assert.equal(resolve(from, '#drug'), drug);
    assert.equal(resolve(drug, '#maker'), maker);
    assert.equal(resolve(drug, 'Medication/9'), outside);
  });
});
