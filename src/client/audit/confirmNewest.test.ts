import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { requireBlockConflict, type BlockConflict } from '../../protocol/evidence/blockConflict.ts';
import type { AttestedFacts, FactsQuery } from '../../protocol/evidence/facts.ts';
import type { BlockFacts } from '../../protocol/network/BlockFacts.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { SuccessorsFile } from '../../protocol/network/Successor.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import {
  network,
  ORGANISATIONS,
  primitives,
  research,
  signatory,
  word,
  type Signatory,
} from '../../protocol/test/sampleNetwork.ts';
import { blockStatement, conflictOf } from '../../protocol/test/sampleStatements.ts';
import {
  fileOf,
  signedBy,
  termsOf,
  withCoordinator,
} from '../../protocol/test/sampleSuccessors.ts';
import { confirmNewest, type NewestNode, type NewestOptions } from './confirmNewest.ts';

const FROM = 1_800_000_000;
/** A month after the office changed. */
const NOW = FROM + 30 * 86_400;
const [hospital, laboratory, insurer] = ORGANISATIONS.map((name) =>
  signatory(`coordinator of ${name}`),
) as [Signatory, Signatory, Signatory];
const [care = assert.fail()] = network.channels;
const later = [signatory('later hospital'), signatory('later laboratory')] as const;
const channels = [
  withCoordinator(withCoordinator(care, 'hospital', later[0]), 'laboratory', later[1]),
];
const change = signedBy(network, { ...termsOf(network, FROM), channels }, [...ORGANISATIONS]);

/** A coordinator’s statement in answer to a question; each part can be another. */
function said(
  key: Signatory,
  asked: FactsQuery,
  block: BlockFacts | undefined,
  other: { at?: number; signing?: SigningContext } = {},
): AttestedFacts {
  return blockStatement(key, asked, block, { at: NOW, ...other });
}

/** The block of a height as an honest ledger has it, or a made-up one. */
function blockAt(height: number, name = 'block', time = NOW - 5): BlockFacts {
  const known = height === 0 ? 900 : height;
  return { height: known, hash: word(`${name} ${known}`), time };
}

type Say = (asked: FactsQuery) => unknown;

/** A node that passes on what it likes. */
function node(organisation: string, say: Say, successors: SuccessorsFile['successors'] = []) {
  return {
    organisation,
    agent: {
      facts: async (asked: FactsQuery) => await Promise.resolve(say(asked) as AttestedFacts[]),
      successors: async () => await Promise.resolve(fileOf(...successors) as SuccessorsFile),
    },
  };
}

function says(keys: readonly Signatory[], name?: string): Say {
  return (asked) => keys.map((key) => said(key, asked, blockAt(asked.newest ?? 0, name)));
}

function away(): never {
  throw new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' });
}

let drawn = 0;

async function confirm(
  nodes: readonly NewestNode[],
  given: Partial<NewestOptions> = {},
): Promise<BlockFacts> {
  return await confirmNewest({
    primitives,
    clock: { now: () => NOW * 1000 },
    random: () => primitives.sha256(Uint8Array.of((drawn += 1))),
    network,
    nodes,
    ...given,
  });
}

const missing = failsWith('VERDICTS_MISSING');
const newest = blockAt(0);

const noisy: Say = (asked) => [null, {}, 'yes', ...(says([insurer, hospital])(asked) as [])];

/** Signatures of somebody in the names of coordinators. */
const forged: Say = (asked) =>
  [hospital, laboratory].map((key) => ({
    ...said(signatory('mallory'), asked, newest),
    coordinator: key.address,
  }));

/** Coordinators that answer another question. */
const elsewhere: Say = ({ nonce }) => says([hospital, laboratory])({ nonce, newest: 7 });

/** Coordinators whose ledger does not have the block. */
const silent: Say = (query) => [hospital, laboratory].map((key) => said(key, query, undefined));

/** Two of three for one block, two for another. */
const torn: Say = (asked) => [
  ...(says([hospital, laboratory])(asked) as []),
  ...(says([laboratory, insurer], 'made up')(asked) as []),
];

/** Coordinators that sign a block of a time at a moment. */
const at =
  (signedAt: number, time: number): Say =>
  (asked) =>
    [hospital, laboratory].map((key) =>
      said(key, asked, blockAt(0, 'block', time), { at: signedAt }),
    );

describe('the newest block that coordinators sign', () => {
  it('is the one that k of them sign alike, whatever else a node passes on', async () => {
    assert.deepEqual(await confirm([node('hospital', noisy)]), newest);
  });

  it('is asked for at another node if one is away, or gives too few', async () => {
    const honest = node('insurer', says([hospital, laboratory, insurer]));
    for (const bad of [away, says([hospital]), () => 'no list', () => []]) {
      assert.deepEqual(await confirm([node('hospital', bad), honest]), newest);
    }
    await assert.rejects(confirm([node('hospital', away)]), failsWith('PEER_UNREACHABLE'));
    await assert.rejects(confirm([]), missing);
  });

  it('is signed by those of the first channel, in a network of several whose organisations are in both', async () => {
    const several = { ...network, channels: [...network.channels, research] };
    const given = { network: several };
    assert.deepEqual(await confirm([node('insurer', says([hospital, laboratory]))], given), newest);
    await assert.rejects(confirm([node('insurer', says([insurer]))], given), missing);
    const stranger = node('clinic', says([hospital, laboratory]));
    await assert.rejects(confirm([stranger], given), failsWith('NOT_FOUND'));
  });

  // @attack fewer coordinators than the quorum, or strangers, sign a block for a device whose trust is too old | k different organisations of the network file must sign
  it('is refused if fewer than k sign, one signs more than once, or strangers do', async () => {
    const strangers = [signatory('one'), signatory('other'), signatory('third')];
    for (const keys of [[hospital], [hospital, hospital, hospital], strangers, []]) {
      await assert.rejects(confirm([node('hospital', says(keys))]), missing);
    }
    await assert.rejects(confirm([node('hospital', forged)]), missing);
  });

  // @attack coordinators of a former office, whose keys somebody has, sign a block for a device that was away | only those of the newest network file count, and one honest node suffices to hear of it
  it('is refused if those of an office before the newest sign it', async () => {
    const former = says([hospital, laboratory]);
    const present = says([later[0], later[1]]);
    assert.deepEqual(await confirm([node('hospital', former)]), newest);
    await assert.rejects(confirm([node('hospital', former, [change])]), missing);
    // A node that hides the change is of no use beside one that tells of it.
    const both = [node('hospital', former), node('insurer', present, [change])];
    assert.deepEqual(await confirm(both), newest);
    await assert.rejects(
      confirm(both.slice(0, 1).concat(node('insurer', away, [change]))),
      missing,
    );
  });

  it('is that of the former office while the change is to come', async () => {
    const clock = { now: () => (FROM - 60) * 1000 };
    const say: Say = (asked) =>
      [hospital, laboratory].map((key) =>
        said(key, asked, blockAt(0, 'block', FROM - 65), { at: FROM - 60 }),
      );
    const block = await confirm([node('hospital', say, [change])], { clock });
    assert.equal(block.time, FROM - 65);
  });

  it('cannot be told if nodes give two changes of one number, each signed by a quorum', async () => {
    const terms = { ...termsOf(network, FROM), authority: { ...network.authority, threshold: 3 } };
    const rival = signedBy(network, terms, [...ORGANISATIONS]);
    const nodes = [node('hospital', away, [change]), node('insurer', away, [rival])];
    await assert.rejects(confirm(nodes), failsWith('NETWORK_FORKED', { number: 1 }));
  });

  // @attack a node shows what coordinators of another network signed | each signature covers the network's id
  it('is refused if it was signed for another network', async () => {
    const other: NetworkFile = { ...network, networkId: word('other network') };
    const signing = { primitives, domain: domainOf(other) };
    const say: Say = (asked) =>
      [hospital, laboratory].map((key) => said(key, asked, newest, { signing }));
    await assert.rejects(confirm([node('hospital', say)]), missing);
  });

  // @attack a node replays what coordinators signed for an earlier question | the signatures cover the asker's own nonce, and the question
  it('is refused if it was signed for another question or nonce', async () => {
    const asked = { nonce: word('an earlier nonce'), newest: 0 };
    const replayed: Say = () => says([hospital, laboratory])(asked);
    await assert.rejects(confirm([node('hospital', replayed)]), missing);
    await assert.rejects(confirm([node('hospital', elsewhere)]), missing);
    await assert.rejects(confirm([node('hospital', silent)]), missing);
  });

  // @attack coordinators' statement or its block is minutes old, to hide what happened since | statements over a minute old, and blocks over three, are refused
  it('is refused if it was signed minutes ago, or is minutes old', async () => {
    assert.equal((await confirm([node('hospital', at(NOW - 60, NOW - 180))])).height, 900);
    const skewed = failsWith('CLOCK_SKEWED');
    await assert.rejects(confirm([node('hospital', at(NOW - 61, NOW))]), skewed);
    await assert.rejects(confirm([node('hospital', at(NOW + 61, NOW))]), skewed);
    await assert.rejects(confirm([node('hospital', at(NOW, NOW + 61))]), skewed);
    const old = failsWith('LEDGER_STALE', { age: 181 });
    await assert.rejects(confirm([node('hospital', at(NOW, NOW - 181))]), old);
  });

  // @attack a node answers a block of its own making, signed by its own coordinator | too few sign it; beside an honest node its statement is kept as evidence against it
  it('does not change by a node’s own made-up block, which is kept beside the other', async () => {
    const liar = node('laboratory', says([laboratory], 'made up'));
    await assert.rejects(confirm([liar]), missing);
    const conflicts: BlockConflict[] = [];
    const onConflict = async (conflict: BlockConflict) =>
      await Promise.resolve(void conflicts.push(conflict));
    const honest = node('hospital', says([hospital, insurer]));
    for (const nodes of [
      [honest, liar],
      [liar, honest],
    ]) {
      assert.deepEqual(await confirm(nodes, { onConflict }), newest);
      const kept: unknown = JSON.parse(JSON.stringify(conflicts.pop()));
      const { height, signed } = requireBlockConflict({ primitives }, [network], kept);
      assert.equal(height, 900);
      assert.deepEqual(
        signed.filter(({ block }) => block.hash !== newest.hash).map((each) => each.organisation),
        ['laboratory'],
      );
      assert.notEqual(signed[0]?.block.hash, signed[1]?.block.hash);
    }
    assert.equal(conflicts.length, 0);
  });

  it('is refused if k sign one and k another, and says that they conflict', async () => {
    const conflicts: BlockConflict[] = [];
    const onConflict = async (conflict: BlockConflict) =>
      await Promise.resolve(void conflicts.push(conflict));
    const disputed = failsWith('LEDGER_DISPUTED', { height: 900 });
    await assert.rejects(confirm([node('hospital', torn)], { onConflict }), disputed);
    assert.equal(conflicts.length, 1);
  });
});

describe('a proof that coordinators signed two blocks of one height', () => {
  const asked = { nonce: word('nonce'), newest: 0 };
  const one = said(hospital, asked, blockAt(7));
  const other = said(insurer, asked, blockAt(7, 'other'));

  it('names both blocks and whoever signed them, also by former network files', () => {
    const { height, signed } = requireBlockConflict(
      { primitives },
      [network],
      conflictOf(one, other),
    );
    assert.deepEqual(
      [height, signed.map(({ organisation, block }) => [organisation, block.hash])],
      [
        7,
        [
          ['hospital', blockAt(7).hash],
          ['insurer', blockAt(7, 'other').hash],
        ],
      ],
    );
    const present = { ...network, channels };
    const of = requireBlockConflict({ primitives }, [present, network], conflictOf(one, other));
    assert.equal(of.signed[0]?.coordinator, hospital.address);
  });

  it('is refused if it proves nothing, or is of another network', () => {
    const { facts } = one;
    for (const value of [
      conflictOf(one),
      conflictOf(one, one),
      conflictOf(one, said(insurer, asked, blockAt(8, 'other'))),
      conflictOf(one, said(insurer, asked, blockAt(7))),
      conflictOf(one, said(signatory('stranger'), asked, blockAt(7, 'other'))),
      conflictOf(one, { ...other, coordinator: laboratory.address }),
      conflictOf(one, { ...other, facts }),
      conflictOf(one, said(insurer, asked, undefined)),
      { ...conflictOf(one, other), format: 'medseal-block-conflict/2' },
      { ...conflictOf(one, other), network: `0x${'12'.repeat(32)}` },
      null,
    ]) {
      const refused = () => requireBlockConflict({ primitives }, [network], value);
      assert.throws(refused, failsWith('EVIDENCE_INVALID'));
    }
  });
});
