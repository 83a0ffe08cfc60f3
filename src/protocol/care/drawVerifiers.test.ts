import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as assertProperty, constantFrom, property, uniqueArray } from 'fast-check';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import type { Ranked } from './claims.ts';
import { drawnVerifiers, MOST_RANKED, rankVerifiers } from './drawVerifiers.ts';
import type { Address, Bytes32 } from '../ids.ts';
import { word } from '../test/sampleNetwork.ts';

const primitives = await createNativePrimitives();
const verifier = (number: number): Address => `0x${number.toString(16).padStart(40, '0')}`;
const claim = word('claim');
const lots: readonly [Bytes32, Bytes32] = [word('claimant'), word('insurer')];
const of = (organisation: string, ...numbers: number[]): readonly Ranked[] =>
  numbers.map((number) => ({ organisation, verifier: verifier(number) }));
const FIVE = ['a', 'b', 'c', 'd', 'e'].flatMap((name, at) => of(name, 10 * at, 10 * at + 1));

describe('a draw of verifiers', () => {
  it('ranks one of each organisation, whatever the order of the candidates', () => {
    const ranking = rankVerifiers(primitives, claim, lots, FIVE);
    assert.equal(new Set(ranking.map(({ organisation }) => organisation)).size, 5);
    assert.deepEqual(rankVerifiers(primitives, claim, lots, FIVE.toReversed()), ranking);
    const many = Array.from({ length: 9 }, (_, at) => of(`o${at}`, at)).flat();
    assert.equal(rankVerifiers(primitives, claim, lots, many).length, MOST_RANKED);
  });

  it('is another one with another lot of either side, or for another claim', () => {
    const known = new Set<string>();
    for (let at = 0; at < 40; at++) {
      const other = word(String(at));
      for (const [digest, pair] of [
        [other, lots],
        [claim, [other, lots[1]]],
        [claim, [lots[0], other]],
      ] as const) {
        known.add(JSON.stringify(rankVerifiers(primitives, digest, pair, FIVE)));
      }
    }
    assert.ok(known.size > 100, `${known.size} of 120`);
  });

  // @attack an organisation enrols many verifiers, so that the draw finds it more often | organisations are ranked first
  it('an organisation gains nothing by having many verifiers', () => {
    const count = new Map<string, number>();
    const crowd = [
      ...of('crowd', ...Array.from({ length: 30 }, (_, at) => 100 + at)),
      ...of('one', 1),
    ];
    for (let at = 0; at < 400; at++) {
      const [first] = rankVerifiers(primitives, word(String(at)), lots, crowd);
      count.set(first?.organisation ?? '', (count.get(first?.organisation ?? '') ?? 0) + 1);
    }
    const crowded = count.get('crowd') ?? 0;
    assert.ok(crowded > 140 && crowded < 260, `${crowded} of 400`);
  });

  it('never finds a verifier of a side, one at first, then three others or all that there are', () => {
    const sides = uniqueArray(constantFrom<string>('a', 'b', 'c', 'd', 'e'), {
      maxLength: 5,
    });
    assertProperty(
      property(sides, (organisations) => {
        const ranking = rankVerifiers(primitives, claim, lots, FIVE);
        const third = ranking.filter(({ organisation }) => !organisations.includes(organisation));
        const named = third.map((each) => each.verifier);
        const drawn = drawnVerifiers({ ranking, round: 1 }, organisations);
        assert.deepEqual(drawn, named.slice(0, 1));
        const appeal = drawnVerifiers({ ranking, round: 2 }, organisations);
        assert.deepEqual(appeal, named.length < 4 ? named : named.slice(1, 4));
      }),
    );
    assert.deepEqual(drawnVerifiers({ round: 1 }, []), [], 'before both lots are open');
  });
});
