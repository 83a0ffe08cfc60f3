import assert from 'node:assert/strict';
import { it } from 'node:test';
import { VALIDATOR_ADDRESS } from './validatorShapes.ts';

// @actor a newcomer to a consortium | to keep all validators from starting
it('takes an address of a validator only with a port that exists, for the engine stops at any other', () => {
  for (const host of ['203.0.113.1', 'validator.hospital.example', '[2001:db8::1]']) {
    for (const port of [1, 9, 80, 9999, 10_000, 26_656, 59_999, 64_999, 65_499, 65_529, 65_535]) {
      assert.match(`${host}:${port}`, VALIDATOR_ADDRESS);
    }
    for (const port of [
      '',
      '0',
      '080',
      '65536',
      '65540',
      '65600',
      '66000',
      '70000',
      '99999',
      '100000',
      '1e3',
    ]) {
      assert.doesNotMatch(`${host}:${port}`, VALIDATOR_ADDRESS);
    }
  }
});
