import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closureOf, type LockedPackages } from './lockedPackages.ts';

const packages: LockedPackages = {
  '': { dependencies: { a: '1' } },
  portal: { dependencies: { c: '1', absent: '1' } },
  'node_modules/a': { dependencies: { b: '2' } },
  'node_modules/a/node_modules/b': { peerDependencies: { c: '1', d: '1' } },
  'node_modules/b': {},
  'node_modules/c': { optionalDependencies: { b: '1' } },
  'node_modules/d': {},
};

describe('what packages of a lock need', () => {
  it('is found beside a package first, and above it otherwise', () => {
    assert.deepEqual([...closureOf(packages, [''])].toSorted(), [
      '',
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/b',
      'node_modules/c',
      'node_modules/d',
    ]);
  });

  it('is found by a workspace in the project, without what the lock has not', () => {
    assert.deepEqual(
      [...closureOf(packages, ['portal'])],
      ['portal', 'node_modules/c', 'node_modules/b'],
    );
  });

  it('leaves out optional peers', () => {
    const peers = {
      a: { peerDependencies: { b: '1' }, peerDependenciesMeta: { b: { optional: true } } },
    };
    const all = { ...peers, 'node_modules/b': {} };
    assert.deepEqual([...closureOf(all, ['a'])], ['a']);
  });
});
