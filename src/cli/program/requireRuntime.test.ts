import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { OLDEST_NODE, requireRuntime } from './requireRuntime.ts';

describe('the runtime that the command takes', () => {
  for (const version of ['24.7.0', '24.21.0', '25.0.0', '30.1.2']) {
    it(`is Node ${version}`, () => requireRuntime(version));
  }

  for (const version of ['18.20.4', '20.20.2', '22.99.0', '24.6.9']) {
    it(`is not Node ${version}`, () => {
      assert.throws(() => requireRuntime(version), failsWith('RUNTIME_OLD'));
    });
  }

  it('is the one that the package names', () => {
    const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
    const { engines } = JSON.parse(manifest) as { engines: { node: string } };
    assert.equal(engines.node, `>=${OLDEST_NODE}`);
  });
});
