import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BlockFacts } from './BlockFacts.ts';
import { failsWith } from '../test/failsWith.ts';
import { consortium, FROM, movedTerms } from '../test/sampleConsortium.ts';
import {
  context,
  network,
  ORGANISATIONS,
  signatory,
  word,
  type Signatory,
} from '../test/sampleNetwork.ts';
import { blockStatement } from '../test/sampleStatements.ts';
import { fileOf, signedBy, termsOf } from '../test/sampleSuccessors.ts';
import { countSuccessor } from './countSuccessor.ts';
import { followSuccessors } from './followSuccessors.ts';
import type { NetworkFile } from './NetworkFile.ts';
import { newestStated } from './newestStated.ts';
import { requireStatedBlock } from './requireStatedBlock.ts';
import { draftSuccessor } from './signSuccessor.ts';
import type { BlockStatement, Successor } from './Successor.ts';

const refused = failsWith('SUCCESSOR_INVALID');
const block: BlockFacts = { height: 900, hash: word('block 900'), time: 1_799_000_000 };
const [hospital, laboratory, insurer] = ORGANISATIONS.map((name) =>
  signatory(`coordinator of ${name}`),
) as [Signatory, Signatory, Signatory];

/** A coordinator’s statement about a block. */
function said(key: Signatory, of = block, nonce = word('nonce')): BlockStatement {
  return blockStatement(key, { nonce, newest: 0 }, of) as BlockStatement;
}

/** A successor of the consortium that states a block, and that all organisations signed. */
function stating(...newest: readonly BlockStatement[]): Successor {
  return signedBy(consortium, { ...termsOf(consortium, FROM), newest }, [...ORGANISATIONS]);
}

describe('the block that a successor states', () => {
  it('is the one that k coordinators of the file before signed, over whichever question', () => {
    const nonces = said(laboratory, block, word('another nonce'));
    for (const statements of [
      [said(hospital), said(laboratory)],
      [said(insurer), nonces],
      [said(hospital), said(laboratory), said(insurer)],
    ]) {
      assert.deepEqual(requireStatedBlock(context, consortium, statements), block);
      const [, made] = followSuccessors(context, consortium, fileOf(stating(...statements)));
      assert.deepEqual(made && newestStated(made), block);
    }
  });

  it('is absent in networks and successors of before, and older than one of a later successor', () => {
    assert.equal(newestStated(network), undefined);
    const first = stating(said(hospital), said(laboratory));
    const [, made = assert.fail()] = followSuccessors(context, consortium, fileOf(first));
    const silent = signedBy(made, termsOf(made, FROM + 1000), [...ORGANISATIONS]);
    const files = followSuccessors(context, consortium, fileOf(first, silent));
    assert.deepEqual(newestStated(files[2] ?? assert.fail()), block);
    const later = { ...block, height: 1900, hash: word('block 1900') };
    const newest = [said(hospital, later), said(insurer, later)];
    const third = signedBy(made, { ...termsOf(made, FROM + 1000), newest }, [...ORGANISATIONS]);
    const [, , last = assert.fail()] = followSuccessors(context, consortium, fileOf(first, third));
    assert.deepEqual(newestStated(last), later);
    assert.equal(last.before?.length, 2);
  });

  // @attack somebody has followers of a successor trust a block of another ledger | k coordinators of the file before signed it, and the quorum that signed the successor
  it('is refused unless k of its office signed it, each once and the same', () => {
    const former = signatory('former coordinator');
    const other = { ...block, hash: word('another ledger') };
    const forged = { ...said(laboratory), signature: said(insurer).signature };
    const altered = said(laboratory);
    for (const [why, statements] of [
      ['none', []],
      ['too few', [said(hospital)]],
      ['one twice', [said(hospital), said(hospital)]],
      ['one twice, over two questions', [said(hospital), said(hospital, block, word('again'))]],
      ['a stranger', [said(hospital), said(former)]],
      ['a stranger beside enough', [said(hospital), said(laboratory), said(former)]],
      ['two blocks', [said(hospital), said(laboratory, other)]],
      ['two blocks beside enough', [said(hospital), said(laboratory), said(insurer, other)]],
      ['another time', [said(hospital), said(laboratory, { ...block, time: 7 })]],
      ['another’s signature', [said(hospital), forged]],
      [
        'altered after it was signed',
        [said(hospital), { ...altered, facts: { ...altered.facts, newest: other } }],
      ],
      [
        'another question than was signed',
        [said(hospital), { ...altered, facts: { ...altered.facts, asked: { newest: 900 } } }],
      ],
    ] as const) {
      assert.throws(() => requireStatedBlock(context, consortium, statements), refused, why);
      const draft = { ...termsOf(consortium, FROM), newest: statements };
      const successor = draftSuccessor(context, consortium, draft);
      assert.throws(() => countSuccessor(context, consortium, successor), refused, why);
    }
  });

  it('is refused for another network, and where no validators hold the ledger', () => {
    const statements = [said(hospital), said(laboratory)];
    const elsewhere: NetworkFile = { ...consortium, networkId: word('another network') };
    assert.throws(() => requireStatedBlock(context, elsewhere, statements), refused);
    assert.throws(() => requireStatedBlock(context, network, statements), refused);
  });

  it('is not of the office that the successor itself names', () => {
    const joined = movedTerms(consortium, ['pharmacy'], ['insurer']);
    const pharmacy = signatory('coordinator of pharmacy');
    const newest = [said(hospital), said(pharmacy)];
    const draft = draftSuccessor(context, consortium, { ...joined, newest });
    assert.throws(() => countSuccessor(context, consortium, draft), refused);
  });

  // @attack a node puts another block into a successor that is signed, or takes it out | the file that was signed has the block
  it('cannot be put in, taken out or replaced once the successor is signed', () => {
    const statements = [said(hospital), said(laboratory)];
    const other = { ...block, height: 100, hash: word('block 100') };
    const signed = stating(...statements);
    const { newest: _, ...without } = signed;
    const silent = signedBy(consortium, termsOf(consortium, FROM), [...ORGANISATIONS]);
    for (const [why, successor] of [
      ['taken out', without],
      ['put in', { ...silent, newest: statements }],
      ['replaced', { ...signed, newest: [said(hospital, other), said(laboratory, other)] }],
    ] as const) {
      const follow = (): unknown => followSuccessors(context, consortium, fileOf(successor));
      assert.throws(follow, refused, why);
    }
    const more = { ...signed, newest: [...statements, said(insurer)] };
    const [, made] = followSuccessors(context, consortium, fileOf(more));
    assert.deepEqual(made && newestStated(made), block, 'a further witness of the same block');
  });
});
