import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requireSignedRules } from '../rights/requireSignedRules.ts';
import { findShapeError } from '../wire/findShapeError.ts';
import { SUCCESSOR } from '../shapes/answerShapes.ts';
import { failsWith } from '../test/failsWith.ts';
import { stakedSuccessor } from '../test/sampleConsortium.ts';
import { context, primitives, signatory, word } from '../test/sampleNetwork.ts';
import { FOUR, four, NEW_KEY, renewed, replacing, termsWith } from '../test/sampleReplacement.ts';
import { seatsOf } from '../test/sampleSuccessors.ts';
import { countSuccessor, requireSuccessor } from './countSuccessor.ts';
import type { NetworkFile } from './NetworkFile.ts';
import { organisationId } from './networkLookups.ts';
import { replacedKeyOf } from './replacedKeyOf.ts';
import { draftSuccessor, signSuccessor } from './signSuccessor.ts';
import type { Successor } from './Successor.ts';
import { successorOf } from './successorOf.ts';

const all = replacing(FOUR);
const invalid = failsWith('SUCCESSOR_INVALID');

function requireWhole(successor: Successor): NetworkFile {
  const network = requireSuccessor(context, four, successor);
  requireSignedRules(context, four, network, successor);
  return network;
}

describe('a successor that replaces the key of a validator at once', () => {
  it('changes that key alone, with the signatures of its organisation and of k others', () => {
    assert.equal(findShapeError(SUCCESSOR, all, 'it'), undefined);
    const network = requireWhole(all);
    const { validator } = network.nodes?.at(-1) ?? {};
    assert.deepEqual([validator?.key, validator?.stake], [NEW_KEY, 10]);
    assert.deepEqual(all.stakes, []);
    assert.equal(all.replacement?.signatures.length, 4);
  });

  it('says which offices have not signed: its organisation and k others are offices of their own', () => {
    const own = { office: 'the coordinator of pharmacy', count: 1 };
    const others = { office: 'the coordinators other than that of pharmacy', count: 1 };
    for (const [names, missing] of [
      [['hospital', 'laboratory', 'insurer'], [own]],
      [['hospital', 'laboratory', 'pharmacy'], [others]],
      [['hospital', 'insurer', 'pharmacy'], [others]],
      [FOUR, []],
    ] as const) {
      assert.deepEqual(countSuccessor(context, four, replacing(names)).missing, missing);
    }
  });

  // @actor an organisation and k - 1 others | to give a vote to a key in minutes
  it('is refused without its own organisation, and with k - 1 others', () => {
    for (const names of [
      ['hospital', 'laboratory', 'insurer'],
      ['hospital', 'laboratory', 'pharmacy'],
      ['pharmacy'],
      [],
    ]) {
      assert.throws(() => requireWhole(replacing(names)), invalid, names.join());
    }
  });

  // @actor who carries a successor from one node to another | to leave out the change at the ledger, or alter it
  it('is refused without the change at the ledger, with another one, and with another’s signatures of it', () => {
    const { replacement, ...without } = all;
    assert.ok(replacement !== undefined);
    assert.throws(() => requireWhole(without), invalid);
    const { message, signatures } = replacement;
    for (const altered of [
      { organisation: organisationId('hospital') },
      { former: word('validator of hospital') },
      { key: word('another key') },
      { deadline: message.deadline + 1 },
    ]) {
      const given = { ...all, replacement: { message: { ...message, ...altered }, signatures } };
      assert.throws(() => requireWhole(given), invalid, JSON.stringify(altered));
    }
    for (const few of [[], signatures.slice(1), signatures.slice(0, 3), [signatures[0] ?? '0x']]) {
      const given = { ...all, replacement: { message, signatures: few } };
      assert.throws(() => requireWhole(given), invalid, `${few.length} signatures`);
    }
  });

  // @actor those who sign a replacement | to move power, or the place of another, without the delay
  it('is refused with more power, another organisation, a second key, or any other part beside it', () => {
    const { authority, channels } = four;
    const others = [
      termsWith(({ validator, ...node }) => {
        return { ...node, validator: { ...validator, key: NEW_KEY, stake: 11 } };
      }),
      termsWith(({ validator, ...node }) => {
        return { ...node, validator: { ...validator, key: NEW_KEY, stake: 9 } };
      }),
      termsWith(({ validator, ...node }) => {
        return { ...node, url: 'https://other.example', validator: { ...validator, key: NEW_KEY } };
      }),
      termsWith(({ validator, ...node }) => {
        const { address: sender } = signatory('other sender');
        return { ...node, sender, validator: { ...validator, key: NEW_KEY } };
      }),
      termsWith(({ validator: _validator, ...node }) => node),
      // The key stays: only its address would change, for which no delay is needed.
      termsWith(({ validator, ...node }) => {
        return { ...node, validator: { ...validator, address: 'other.example:26656' } };
      }),
      { ...renewed, nodes: (renewed.nodes ?? []).toReversed() },
      { ...renewed, nodes: (renewed.nodes ?? []).slice(1) },
      {
        ...renewed,
        nodes: (renewed.nodes ?? []).map(({ validator, ...node }) => {
          const key = word(`second key of ${node.organisation}`);
          return validator ? { ...node, validator: { ...validator, key } } : node;
        }),
      },
      { ...renewed, authority: { ...authority, threshold: authority.threshold + 1 } },
      { ...renewed, channels: channels.map((each) => ({ ...each, copies: 3 })) },
      { ...renewed, contracts: { claims: signatory('claims').address } },
      { ...renewed, engine: { height: 900, programs: { 'linux/amd64': word('program') } } },
    ];
    for (const terms of others) {
      assert.throws(() => replacing(FOUR, terms), invalid);
      const draft = draftSuccessor(context, four, terms);
      const { replacement } = all;
      assert.ok(replacement !== undefined);
      assert.throws(
        () => signSuccessor(context, four, { ...draft, replacement }, FOUR.flatMap(seatsOf)),
        { code: /^(?:SUCCESSOR|NETWORK_FILE)_INVALID$/ },
      );
    }
  });

  it('carries no change of a stake or an office beside it', () => {
    const { stakes } = stakedSuccessor(four, renewed, FOUR);
    assert.equal(stakes.length, 2);
    assert.throws(() => requireWhole({ ...all, stakes }), invalid);
  });

  it('cannot take the key of another organisation', () => {
    const terms = termsWith(({ validator, ...node }) => {
      return { ...node, validator: { ...validator, key: word('validator of hospital') } };
    });
    assert.throws(() => replacing(FOUR, terms));
  });

  it('is not replayed on the file that it made', () => {
    const network = requireWhole(all);
    assert.throws(() => requireSuccessor(context, network, all), invalid);
    assert.throws(() => replacedKeyOf(network, network), invalid);
    const made = successorOf(primitives, network, { ...renewed, from: renewed.from + 1 });
    assert.throws(() => replacedKeyOf(network, made), invalid);
  });
});

it('changes a key without a replacement by changes of stakes alone, as ever', () => {
  const ordinary = stakedSuccessor(four, renewed, ['hospital', 'laboratory', 'insurer']);
  assert.equal(ordinary.replacement, undefined);
  assert.deepEqual(
    ordinary.stakes.map(({ message }) => message.amount),
    [10, 0],
  );
  requireWhole(ordinary);
});
