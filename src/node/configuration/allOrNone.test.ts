import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { allOrNone } from './allOrNone.ts';

describe('settings that are needed together', () => {
  it('are refused if one lacks, with the first that lacks and the first that needs it', () => {
    for (const [settings, lacks, has] of [
      [{ module: 'm', token: undefined, pin: undefined }, 'token', 'module'],
      [{ module: undefined, token: undefined, pin: 'p' }, 'module', 'pin'],
      [{ module: undefined, token: 't', pin: 'p' }, 'module', 'token'],
      [{ module: 'm', token: 't', pin: undefined }, 'pin', 'module'],
    ] as const) {
      const refusal = {
        key: `pkcs11.${lacks}`,
        source: 'the configuration',
        reason: `pkcs11.${has} needs it too`,
      };
      assert.throws(
        () => allOrNone('pkcs11', settings),
        failsWith('CONFIGURATION_INVALID', refusal),
      );
    }
  });

  it('are taken whole, or as none', () => {
    assert.equal(allOrNone('pkcs11', { module: undefined, token: undefined }), undefined);
    assert.deepEqual(allOrNone('pkcs11', { module: '', token: 't' }), { module: '', token: 't' });
  });
});
