import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { answersOf } from './answersOf.ts';
import type { ConsensusSource } from './connectConsensus.ts';
import { forkOf, type ForkProof, type SignedAnswers } from './forkOf.ts';
import { LightLedger } from './LightLedger.ts';
import { parseTrustedBlock, trustedBlockFile } from './parseTrustedBlock.ts';
import { forgeBlock, makeValidators, type Forgery } from './test/forgeBlock.ts';

const chain = `medseal-${'5a'.repeat(16)}`;
const validators = makeValidators({ anna: 10, bert: 10, carl: 10, dora: 10 });
const [anna, bert, carl, dora] = validators;
assert.ok(anna && bert && carl && dora);
const strangers = makeValidators({ eve: 10, fred: 10, gina: 10, hugo: 10 });

const shown = (more: Partial<Forgery>): SignedAnswers =>
  answersOf(forgeBlock({ chain, height: 7, validators, ...more }));
const known = shown({ signers: [anna, bert, carl] });
const other = (more: Partial<Forgery> = {}): SignedAnswers => shown({ time: 1_099, ...more });

/** The same block with more in every object of the answers, so deep that it cannot be written as JSON. */
function padded(answers: SignedAnswers): SignedAnswers {
  let x: unknown = [];
  for (let depth = 0; depth < 20_000; depth++) x = [x];
  return JSON.parse(JSON.stringify(answers), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, x } : value,
  ) as SignedAnswers;
}

/** Shows blocks by their height; the newest is the last. */
function showing(blocks: Readonly<Record<number, SignedAnswers>>): ConsensusSource {
  const newest = Math.max(...Object.keys(blocks).map(Number));
  return {
    async request(method, params) {
      const height = Number(params['height'] ?? newest);
      const found = blocks[height];
      if (found === undefined) {
        const lowest = Math.min(...Object.keys(blocks).map(Number));
        throw new MedsealError('LEDGER_PRUNED', { lowest });
      }
      return await Promise.resolve(method === 'commit' ? found.commit : found.validators);
    },
  };
}

describe('forkOf', () => {
  it('proves that validators signed two blocks of one height, and which', () => {
    const fork = forkOf(primitives, chain, [known, other({ signers: [bert, carl, dora] })]);
    assert.deepEqual(new Set(fork?.signers), new Set([bert.key, carl.key]));
    // Whoever reads the file needs nothing else.
    const read = JSON.parse(JSON.stringify(fork)) as ForkProof;
    assert.deepEqual(forkOf(primitives, chain, read.blocks), fork);
  });

  // @actor a lying validator | to have honest ones convicted of a fork
  it('names only who signed both in one round, and nobody for a block that was never decided', () => {
    // Anna is honest: she may vote for another block in a later round. Dora adds her vote for the first one.
    const undecided = other({ round: 0, signers: [anna, dora] });
    assert.equal(forkOf(primitives, chain, [known, undecided]), undefined);
    assert.equal(forkOf(primitives, chain, [undecided, known]), undefined);
    const three = makeValidators({ anna: 10, bert: 10, carl: 10 });
    const decided = shown({ validators: three });
    const exactly = other({ validators: three, signers: three.slice(1) });
    assert.equal(forkOf(primitives, chain, [decided, exactly]), undefined);
    assert.equal(forkOf(primitives, chain, [exactly, decided]), undefined);
    const earlier = other({ round: 0, signers: [bert, carl, dora] });
    assert.deepEqual(forkOf(primitives, chain, [known, earlier])?.signers, []);
    // Half of the validators pass themselves off as all of them.
    const half = other({ validators: [bert, carl] });
    const named = forkOf(primitives, chain, [known, half])?.signers;
    assert.deepEqual(new Set(named), new Set([bert.key, carl.key]));
  });

  it('proves nothing by one block, by blocks that few signed both, or that are not the chain’s', () => {
    const forged = JSON.parse(
      JSON.stringify(other()).replaceAll(/"signature":"..../g, '"signature":"AAAA'),
    ) as SignedAnswers;
    for (const [what, block] of [
      ['the same block', known],
      ['another round of it', shown({ signers: [bert, carl, dora] })],
      ['another height', other({ height: 8 })],
      ['one that a quarter signed too', other({ signers: [carl, dora] })],
      ['one that strangers signed', other({ validators: strangers })],
      ['one that two thirds did not sign', other({ signers: [bert, carl] })],
      [
        'one of validators of whom few are the chain’s',
        other({ validators: [...strangers, bert], signers: [...strangers, bert] }),
      ],
      ['one of another chain', other({ chain: `medseal-${'6b'.repeat(16)}` })],
      ['votes for another chain', other({ signedFor: 'medseal-other' })],
      ['forged signatures', forged],
      ['the votes for the other block', { ...known, validators: other().validators }],
      [
        'other validators',
        {
          ...other(),
          validators: answersOf(forgeBlock({ height: 7, validators: strangers })).validators,
        },
      ],
    ] as const) {
      assert.equal(forkOf(primitives, chain, [known, block]), undefined, what);
    }
    const malformed = { commit: {}, validators: {} };
    assert.throws(() => forkOf(primitives, chain, [known, malformed]), { code: 'PEER_MALFORMED' });
  });
});

describe('a reader that is shown a fork', () => {
  const clock = { now: () => 1_100_000 };
  const founding = { chain, time: 1000, validators };

  async function read(
    blocks: Readonly<Record<number, SignedAnswers>>,
    kept?: ReturnType<typeof trustedBlockFile>,
  ): Promise<{ ledger: LightLedger; proofs: ForkProof[] }> {
    const proofs: ForkProof[] = [];
    const trusted = kept && parseTrustedBlock(kept, (what) => new Error(what));
    const ledger = new LightLedger({
      primitives,
      clock,
      source: showing(blocks),
      founding,
      ...(trusted && { trusted }),
      onFork: async (proof) => {
        proofs.push(proof);
        await Promise.resolve();
      },
    });
    return await Promise.resolve({ ledger, proofs });
  }

  const later = answersOf(forgeBlock({ chain, height: 9, validators }));

  // @actor a third of the validators | to sign two ledgers
  it('has the proof of two endpoints’ blocks, from the block that it kept', async () => {
    const { ledger: first } = await read({ 7: known });
    assert.equal((await first.verifiedHead()).height, 7);
    const kept = JSON.parse(JSON.stringify(trustedBlockFile(first.trusted))) as ReturnType<
      typeof trustedBlockFile
    >;
    for (const blocks of [{ 7: other() }, { 7: other(), 9: later }]) {
      const { ledger, proofs } = await read(blocks, kept);
      await assert.rejects(ledger.verifiedHead(), { code: 'LEDGER_FORKED', values: { height: 7 } });
      const [proof] = proofs;
      assert.ok(proof);
      assert.equal(proofs.length, 1);
      assert.equal(forkOf(primitives, chain, proof.blocks)?.signers.length, 3);
    }
    const { ledger, proofs } = await read({ 7: known, 9: later }, kept);
    assert.equal((await ledger.verifiedHead()).height, 9);
    assert.equal(proofs.length, 0);
  });

  // @actor a consortium's endpoint | to fill a reader's folder, or hide a fork
  it('keeps and saves nothing of an answer but the block, and names the fork even if saving fails', async () => {
    const clean = await read({ 7: known });
    await clean.ledger.verifiedHead();
    const { ledger: first } = await read({ 7: padded(known) });
    await first.verifiedHead();
    const kept = trustedBlockFile(first.trusted);
    assert.equal(JSON.stringify(kept), JSON.stringify(trustedBlockFile(clean.ledger.trusted)));
    const forked = { code: 'LEDGER_FORKED', values: { height: 7 } };
    const { ledger, proofs } = await read({ 7: padded(other()) }, kept);
    await assert.rejects(ledger.verifiedHead(), forked);
    const proof = forkOf(primitives, chain, [known, other()]);
    assert.equal(JSON.stringify(proofs), JSON.stringify([proof]));
    const full = new LightLedger({
      primitives,
      clock,
      source: showing({ 7: other() }),
      founding,
      trusted: first.trusted,
      onFork: async () => {
        await Promise.reject(new RangeError('no room'));
      },
    });
    await assert.rejects(full.verifiedHead(), forked);
  });

  it('believes no fork that the validators did not sign', async () => {
    const { ledger: first } = await read({ 7: known });
    await first.verifiedHead();
    const { ledger, proofs } = await read(
      { 7: other({ validators: strangers }), 9: later },
      trustedBlockFile(first.trusted),
    );
    await assert.rejects(ledger.verifiedHead(), { code: 'LEDGER_UNPROVEN' });
    assert.equal(proofs.length, 0);
  });

  // @actor a consortium's endpoint | to fail for the block that shows a fork
  it('does not go on at an endpoint that fails for the block which was kept, or until that is compared', async () => {
    const { ledger: first } = await read({ 7: known });
    await first.verifiedHead();
    const forking = showing({ 7: other(), 9: later });
    let failure: MedsealError | undefined;
    const ledger = new LightLedger({
      primitives,
      clock,
      founding,
      trusted: first.trusted,
      source: {
        async request(method, params) {
          if (params['height'] === '7' && failure !== undefined) throw failure;
          return await forking.request(method, params);
        },
      },
    });
    for (failure of [
      new MedsealError('LEDGER_REJECTED', { code: -32_603, reason: 'broken' }),
      new MedsealError('LEDGER_UNREACHABLE', {}),
      new MedsealError('PEER_MALFORMED', { what: 'ledger answer' }),
      // It says itself that it still has the block.
      new MedsealError('LEDGER_PRUNED', { lowest: 7 }),
    ]) {
      await assert.rejects(ledger.verifiedHead(), { code: failure.code });
      assert.equal(ledger.trusted.height, 7);
    }
    failure = undefined;
    for (let read = 0; read < 2; read++) {
      await assert.rejects(ledger.verifiedHead(), { code: 'LEDGER_FORKED' });
    }
  });

  it('goes on at an endpoint that has removed the block which was kept', async () => {
    const { ledger: first } = await read({ 7: known });
    await first.verifiedHead();
    const { ledger } = await read({ 9: later }, trustedBlockFile(first.trusted));
    assert.equal((await ledger.verifiedHead()).height, 9);
  });
});
