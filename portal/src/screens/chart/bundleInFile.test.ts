import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../../../../src/protocol/test/failsWith.ts';
import { bundleInFile } from './bundleInFile.ts';

function file(value: unknown): Blob {
  return new Blob([typeof value === 'string' ? value : JSON.stringify(value)]);
}

describe('a file that may be a FHIR bundle', () => {
  it('is read as one if it is one', async () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: { resourceType: 'Patient', birthDate: '1999-01-02' } }],
    };
    assert.deepEqual(await bundleInFile(file(bundle)), bundle);
  });

  it('is refused if it is one that breaks the rules', async () => {
    for (const entry of [{}, [{}], [{ resource: { resourceType: 'Patient', birthDate: 7 } }]]) {
      const bundle = { resourceType: 'Bundle', type: 'collection', entry };
      await assert.rejects(bundleInFile(file(bundle)), failsWith('FHIR_INVALID'));
    }
  });

  it('is added as a file if it is anything else', async () => {
    for (const value of ['', '{', 'note', [], null, { resourceType: 'Patient' }, '\u00ff\u00fe']) {
      assert.equal(await bundleInFile(file(value)), undefined);
    }
    const twice = '{"resourceType":"Bundle","resourceType":"Bundle"}';
    assert.equal(await bundleInFile(file(twice)), undefined);
  });
});
