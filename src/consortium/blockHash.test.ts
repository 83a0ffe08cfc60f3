import assert from 'node:assert/strict';
import { it } from 'node:test';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { blockHash, blockHasher } from './blockHash.ts';
import { forgeBlock, makeValidators } from './test/forgeBlock.ts';

it('a hasher of headers that follow each other gives each the hash that it has alone, whichever field is another', () => {
  const { header } = forgeBlock({ height: 7, validators: makeValidators({ one: 1 }) });
  const hashOf = blockHasher(primitives);
  const others = [
    { version: { block: 12, app: 0 } },
    { chain: 'medseal-other' },
    { height: 8 },
    { time: { seconds: 5, nanos: 0 } },
    { lastBlockId: { hash: header.appHash, parts: { total: 2, hash: header.appHash } } },
    ...[
      'lastCommitHash',
      'dataHash',
      'validatorsHash',
      'nextValidatorsHash',
      'consensusHash',
      'appHash',
      'lastResultsHash',
      'evidenceHash',
      'proposer',
    ].flatMap((name) => [{ [name]: `0x${'ab'.repeat(32)}` }, { [name]: '0x' }]),
  ];
  const hashes = new Set<string>();
  for (const other of [{}, {}, ...others]) {
    const next = { ...header, ...other };
    const hash = hashOf(next);
    assert.deepEqual(hash, blockHash(primitives, next));
    hashes.add(hash.join());
    assert.deepEqual(hashOf(header), blockHash(primitives, header));
  }
  assert.equal(hashes.size, 1 + others.length);
});
