import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { BlockConflict } from '../../protocol/evidence/blockConflict.ts';
import type { FactsQuery } from '../../protocol/evidence/facts.ts';
import type { BlockFacts } from '../../protocol/network/BlockFacts.ts';
import { requireStatedBlock } from '../../protocol/network/requireStatedBlock.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { BlockStatement } from '../../protocol/network/Successor.ts';
import { canonicalHash } from '../../protocol/wire/canonicalHash.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { consortium } from '../../protocol/test/sampleConsortium.ts';
import {
  context,
  ORGANISATIONS,
  primitives,
  signatory,
  word,
  type Signatory,
} from '../../protocol/test/sampleNetwork.ts';
import { blockStatement } from '../../protocol/test/sampleStatements.ts';
import { stateBlock } from './stateBlock.ts';

const NOW = 1_799_000_000;
const block: BlockFacts = { height: 900, hash: word('block 900'), time: NOW - 5 };
const other = { ...block, hash: word('another block') };
const ahead = { ...block, height: 901, hash: word('block 901') };
const [hospital, laboratory, insurer] = ORGANISATIONS.map((name) =>
  signatory(`coordinator of ${name}`),
) as [Signatory, Signatory, Signatory];

interface Stated {
  readonly statements: readonly BlockStatement[] | undefined;
  readonly reasons: readonly string[];
  readonly conflicts: readonly BlockConflict[];
}

/** Asks a node that answers as it likes. */
async function ask(
  say: (asked: FactsQuery) => unknown,
  network: NetworkFile = consortium,
): Promise<Stated> {
  const reasons: string[] = [];
  const conflicts: BlockConflict[] = [];
  const agent = { facts: async (asked: FactsQuery) => await Promise.resolve(say(asked) as never) };
  const ports = {
    primitives,
    clock: { now: () => NOW * 1000, after: () => () => undefined },
    random: (length: number) => new Uint8Array(length).fill(7),
  };
  const node = { organisation: 'hospital', agent };
  const statements = await stateBlock(ports, network, node, {
    onNone: (reason) => void reasons.push(reason),
    onConflict: async (conflict) => void (await Promise.resolve(conflicts.push(conflict))),
  });
  return { statements, reasons, conflicts };
}

/** Answers of coordinators about the newest block, each of its own. */
function saying(
  ...said: readonly (readonly [Signatory, BlockFacts, number?])[]
): (asked: FactsQuery) => unknown {
  return (asked) => said.map(([key, of, at = NOW]) => blockStatement(key, asked, of, { at }));
}

describe('whoever drafts a successor', () => {
  it('takes the statements of all coordinators that sign the newest block alike', async () => {
    for (const said of [
      saying([hospital, block], [laboratory, block]),
      saying([hospital, block], [insurer, block], [laboratory, ahead]),
      saying([hospital, block], [hospital, block], [laboratory, block], [insurer, block]),
      saying([signatory('a stranger'), block], [hospital, block], [laboratory, block]),
      saying([hospital, block], [laboratory, block], [insurer, block, NOW - 3600]),
    ]) {
      const { statements = [], reasons, conflicts } = await ask(said);
      assert.deepEqual(requireStatedBlock(context, consortium, statements), block);
      assert.deepEqual([reasons, conflicts], [[], []]);
    }
  });

  it('states none, and says why, if too few sign one, the ledger stands still, or the node is away', async () => {
    for (const said of [
      saying(),
      saying([hospital, block]),
      saying([hospital, block], [laboratory, ahead]),
      saying([hospital, block], [signatory('a stranger'), block]),
      saying(
        [hospital, { ...block, time: NOW - 300 }],
        [laboratory, { ...block, time: NOW - 300 }],
      ),
      () => ({ hello: 1 }),
      () => {
        throw new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' });
      },
    ]) {
      const { statements, reasons } = await ask(said);
      assert.deepEqual([statements, reasons.length], [undefined, 1]);
    }
  });

  // @attack a coordinator signs a block of another ledger for a successor | its statement is kept beside another's as proof, and is not in the successor
  it('keeps proof of two blocks of one height, and states the one that k sign', async () => {
    const said = saying([hospital, block], [laboratory, block], [insurer, other]);
    const { statements = [], conflicts } = await ask(said);
    assert.deepEqual(requireStatedBlock(context, consortium, statements), block);
    assert.equal(conflicts.length, 1);
    assert.equal(conflicts[0]?.format, 'medseal-block-conflict/1');
  });

  // @attack a coordinator signs more than the block, so that no successor can be drafted that excludes it | its statement is left out, or no block is stated
  it('leaves a statement out that says more than the block, as no successor could carry it', async () => {
    const more = (asked: FactsQuery): unknown => {
      const { nonce, ...of } = asked;
      const facts = { asked: of, newest: block, party: {} };
      const attestation = { nonce, facts: canonicalHash(primitives, facts), at: NOW };
      const { party: coordinator, signature } = sign(context, insurer, 'Attestation', attestation);
      return { facts, attestation, coordinator, signature };
    };
    const enough = saying([hospital, block], [laboratory, block]);
    const few = saying([hospital, block]);
    const stated = await ask((asked) => [more(asked), ...(enough(asked) as unknown[])]);
    assert.deepEqual(requireStatedBlock(context, consortium, stated.statements ?? []), block);
    const without = await ask((asked) => [more(asked), ...(few(asked) as unknown[])]);
    assert.deepEqual([without.statements, without.reasons.length], [undefined, 1]);
  });

  it('states the block that coordinators of the first channel sign, or none, if there are several channels', async () => {
    const [first = assert.fail()] = consortium.channels;
    const second = {
      ...first,
      name: 'study',
      logs: first.logs.map((log) => ({ ...log, name: `study/${log.organisation}` as const })),
    };
    const said = saying([hospital, block], [laboratory, block]);
    const both = { ...consortium, channels: [first, second] };
    const { statements = [] } = await ask(said, both);
    assert.deepEqual(requireStatedBlock(context, both, statements), block);
    const logs = first.logs.filter(({ organisation }) => organisation !== 'hospital');
    const outside = { ...consortium, channels: [{ ...first, logs }, second] };
    const { statements: none, reasons } = await ask(said, outside);
    assert.deepEqual([none, reasons.length], [undefined, 1]);
  });

  it('drafts nothing by an answer that shows a wrong clock, or a fault that is not one of absence', async () => {
    const late = saying([hospital, block, NOW - 3600], [laboratory, block, NOW - 3600]);
    await assert.rejects(ask(late), failsWith('CLOCK_SKEWED'));
    const fault = new MedsealError('PEER_MALFORMED', { what: 'facts' });
    const wrong = (): never => {
      throw fault;
    };
    await assert.rejects(ask(wrong), failsWith('PEER_MALFORMED'));
  });
});
