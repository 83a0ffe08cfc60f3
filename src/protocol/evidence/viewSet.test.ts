import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  array,
  assert as property,
  constantFrom,
  integer,
  property as of,
  uniqueArray,
} from 'fast-check';
import { canonicalJson } from '../wire/canonicalJson.ts';
import type { Body } from './evidence.ts';
import { parseBody } from './parseBody.ts';
import type { ViewSet } from '../struct/requests.ts';
import { sign } from '../struct/signing.ts';
import { failsWith } from '../test/failsWith.ts';
import { doctor, HANDLE, LOG, NOW, sampleBody } from '../test/sampleEvidence.ts';
import { context, primitives, word } from '../test/sampleNetwork.ts';
import {
  acceptedPairs,
  listPairs,
  pairLeaf,
  requirePairs,
  viewOfPair,
  type PairList,
  type ViewPair,
} from './viewSet.ts';

const SALT = `0x${'0d'.repeat(16)}` as const;

function versions(count: number): ViewPair[] {
  return Array.from({ length: count }, (_, nth) => ({ record: word(`record ${nth}`), version: 1 }));
}

function setOf({ root, count }: PairList, change: Partial<ViewSet> = {}): ViewSet {
  return {
    log: LOG,
    handle: HANDLE,
    root,
    count,
    grant: word('grant'),
    purpose: 'TREAT',
    keep: 0,
    deadline: NOW + 300,
    salt: SALT,
    ...change,
  };
}

function fits(set: ViewSet, pairs?: readonly ViewPair[]): void {
  requirePairs(primitives, set, pairs);
}

const malformed = failsWith('REQUEST_MALFORMED');

describe('the list of a set of views', () => {
  it('has these leaves and this root for ever', () => {
    const list = listPairs(primitives, SALT, versions(3));
    assert.deepEqual(
      list.pairs.map((pair) => pairLeaf(primitives, SALT, pair)),
      GOLDEN.leaves,
    );
    assert.equal(list.root, GOLDEN.root);
  });

  it('fits its set, in whatever order it was made', () => {
    const pair = integer({ min: 0, max: 40 }).map((nth) => ({
      record: word(`${nth}`),
      version: 1 + (nth % 3),
    }));
    const lists = uniqueArray(pair, {
      minLength: 1,
      maxLength: 40,
      selector: ({ record }) => record,
    });
    property(
      of(lists, (pairs) => {
        const list = listPairs(primitives, SALT, pairs);
        fits(setOf(list), list.pairs);
        assert.deepEqual(listPairs(primitives, SALT, pairs.toReversed()), list);
        const again = listPairs(primitives, `0x${'0e'.repeat(16)}`, pairs);
        assert.notEqual(again.root, list.root);
      }),
      { numRuns: 30 },
    );
  });

  // @attack another list beside a signed set of views | it is malformed: the signature is over the root and the number
  it('is refused if it is another one than was signed', () => {
    const list = listPairs(primitives, SALT, versions(5));
    const set = setOf(list);
    const [first, second, ...rest] = list.pairs;
    assert.ok(first && second);
    const others = [
      undefined,
      [],
      rest,
      [second, first, ...rest],
      [first, first, ...rest],
      [...list.pairs, first],
      [{ ...first, version: 2 }, second, ...rest],
      listPairs(primitives, SALT, versions(6)).pairs,
    ];
    for (const pairs of others) assert.throws(() => fits(set, pairs), malformed);
  });

  it('is refused for another number, root or salt than was signed', () => {
    const list = listPairs(primitives, SALT, versions(2));
    for (const change of [
      { count: 1 },
      { count: 3 },
      { root: word('another') },
      { salt: `0x${'0e'.repeat(16)}` as const },
    ]) {
      assert.throws(() => fits(setOf(list, change), list.pairs), malformed);
    }
  });

  it('names a version once, even if what was signed names it twice', () => {
    const [pair] = versions(1);
    assert.ok(pair);
    const list = listPairs(primitives, SALT, [pair, pair]);
    assert.throws(() => fits(setOf(list), list.pairs), malformed);
  });

  it('names 1,024 versions at most, and 64 to be kept', () => {
    const most = listPairs(primitives, SALT, versions(1024));
    fits(setOf(most), most.pairs);
    const many = listPairs(primitives, SALT, versions(1025));
    assert.throws(() => fits(setOf(many), many.pairs), malformed);
    const few = listPairs(primitives, SALT, versions(64));
    fits(setOf(few, { keep: NOW + 60 }), few.pairs);
    const more = listPairs(primitives, SALT, versions(65));
    assert.throws(() => fits(setOf(more, { keep: NOW + 60 }), more.pairs), malformed);
    assert.throws(() => fits(setOf(listPairs(primitives, SALT, [])), []), malformed);
  });
});

describe('a view of one version in a set', () => {
  it('asks for what the set asks for, of this version alone', () => {
    const list = listPairs(primitives, SALT, versions(2));
    const [pair] = list.pairs;
    assert.ok(pair);
    const request = sign(context, doctor, 'ViewSet', setOf(list));
    const { root: _root, count: _count, keep: _keep, ...common } = request.message;
    const view = viewOfPair(request, pair);
    assert.deepEqual([view.type, view.message], ['View', { ...common, what: 'record', ...pair }]);
    const kept = sign(context, doctor, 'ViewSet', setOf(list, { keep: NOW + 60 }));
    const keeping = viewOfPair(kept, pair);
    assert.equal(keeping.type, 'KeptView');
    assert.deepEqual(keeping.message, { ...common, what: 'record', ...pair, keep: NOW + 60 });
  });
});

describe('the body of a set of views', () => {
  const list = listPairs(primitives, SALT, versions(4));
  const request = sign(context, doctor, 'ViewSet', setOf(list));

  function parsed(change: Partial<Body>): Body {
    return parseBody(canonicalJson({ ...sampleBody(), request, ...change }));
  }

  it('says which of its versions were left out', () => {
    assert.equal(parsed({}).left, undefined);
    assert.deepEqual(parsed({ left: [0, 3] }).left, [0, 3]);
    assert.deepEqual(acceptedPairs(list.pairs, [0, 3]), list.pairs.slice(1, 3));
  });

  it('is malformed unless that ascends and names some of them', () => {
    const places = array(integer({ min: -1, max: 5 }), { maxLength: 5 });
    property(
      of(places, (left) => {
        const isRight =
          left.length > 0 &&
          left.length < 4 &&
          left.every(
            (place, i) => place >= 0 && place < 4 && (i === 0 || (left[i - 1] ?? 0) < place),
          );
        if (isRight) assert.deepEqual(parsed({ left }).left, left);
        else assert.throws(() => parsed({ left }), malformed);
      }),
    );
  });

  it('is malformed if another request, or a refusal, leaves something out', () => {
    const refused: Partial<Body> = { flag: 'R', code: 'NOT_FOUND' };
    assert.equal(parsed(refused).flag, 'R');
    assert.throws(() => parsed({ ...refused, left: [0] }), malformed);
    assert.throws(() => parseBody(canonicalJson({ ...sampleBody(), left: [0] })), malformed);
    property(
      of(constantFrom('0', 0, null, {}, true), (left) => {
        assert.throws(() => parsed({ left } as unknown as Body), malformed);
      }),
    );
  });
});

/** Computed by a program in another language. */
const GOLDEN = {
  leaves: [
    '0x061eccb5eb0332c4f92629c4f788794c8ff4ba07ef743df9871bcde4cccf5e08',
    '0x3d1df6198c8886abe31acef15db12c261c62204fcf0835067f69f798ab9566b8',
    '0x5614702343166994f2b1b6fcab92a210cb58e465f8bc1383e6fffb5a84eb5dcb',
  ],
  root: '0xddfc77ffbf15b48f3c5f170ab45ffa651732a6c860258c61f98f4d230b49d25f',
} as const;
