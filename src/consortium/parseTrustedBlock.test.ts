import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answersOf } from './answersOf.ts';
import { parseTrustedBlock, trustedBlockFile } from './parseTrustedBlock.ts';
import { forgeBlock, makeValidators } from './test/forgeBlock.ts';

const chain = `medseal-${'5a'.repeat(16)}`;
const block = forgeBlock({ chain, height: 7, validators: makeValidators({ anna: 10, bert: 20 }) });
const { header, validators } = block;
const unsigned = {
  chain,
  height: 7,
  time: header.time.seconds,
  validators,
  nextValidatorsHash: `0x${header.nextValidatorsHash.slice(2)}` as const,
  hash: `0x${block.commit.blockId.hash.slice(2)}` as const,
};
const trusted = { ...unsigned, signed: answersOf(block) };

const parse = (file: unknown): ReturnType<typeof parseTrustedBlock> =>
  parseTrustedBlock(JSON.parse(JSON.stringify(file)), (reason) => new Error(reason));

describe('parseTrustedBlock', () => {
  it('reads back what the file holds, and refuses one that is malformed', () => {
    assert.deepEqual(parse(trustedBlockFile(trusted)), trusted);
    assert.deepEqual(parse(trustedBlockFile(unsigned)), unsigned);
    assert.throws(
      () => parse({ ...trustedBlockFile(trusted), height: '7' }),
      /trusted block.height/,
    );
    assert.throws(() => parse({ ...trustedBlockFile(trusted), x: 1 }), /unknown field/);
  });

  // @actor a kept block's file | to stop its reader by bad signatures
  it('drops signatures that are malformed or another block’s, and whatever else stands with them', () => {
    const others = forgeBlock({ chain, height: 8, validators: makeValidators({ anna: 10 }) });
    const { commit, validators: set } = trusted.signed;
    for (const signed of [
      null,
      7,
      {},
      { commit },
      { commit: {}, validators: set },
      answersOf(others),
    ]) {
      assert.deepEqual(parse({ ...trustedBlockFile(unsigned), signed }), unsigned);
    }
    const padded = { commit: { ...Object(commit), x: [[[]]] }, validators: set, x: 1 };
    assert.deepEqual(parse({ ...trustedBlockFile(unsigned), signed: padded }), trusted);
  });
});
