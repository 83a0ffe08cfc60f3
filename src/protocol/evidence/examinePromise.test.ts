import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hexToBytes } from '../../crypto/bytes.ts';
import { acknowledgementCheck } from './acknowledgementCheck.ts';
import type { Acknowledgement, SignedVerdict } from './evidence.ts';
import { examinePromise, type PromiseCase } from './examinePromise.ts';
import { failsWith } from '../test/failsWith.ts';
import { acknowledged, checkpointOf, NOW, sampleBody } from '../test/sampleEvidence.ts';
import { context, coordinators, network, signatory, word } from '../test/sampleNetwork.ts';
import { sign } from '../struct/signing.ts';

const [promised] = (await acknowledged([sampleBody()])) as [Acknowledgement];
const others = [word('one'), word('other')];
const includeBy = NOW + 60;

function given(entries: readonly string[], change: Partial<PromiseCase> = {}): PromiseCase {
  return {
    acknowledgement: promised,
    checkpoint: checkpointOf(entries),
    madeAfter: includeBy + 11,
    entries: entries.map(hexToBytes),
    ...change,
  };
}

/** The acknowledgement with verdicts whose times are others, signed again. */
function at(times: { at?: number; includeBy?: number }, signers = coordinators): Acknowledgement {
  return { ...promised, verdicts: signedAgain(promised, times, signers) };
}

/** The verdicts of an acknowledgement with other times. */
function signedAgain(
  { verdicts }: Acknowledgement,
  times: { at?: number; includeBy?: number },
  signers = coordinators,
): SignedVerdict[] {
  return verdicts.flatMap((each, place): SignedVerdict[] => {
    const verdict = { ...each.verdict, ...times };
    const signer = signers[place];
    if (signer === undefined) return [];
    const { party, signature } = sign(context, signer, 'Verdict', verdict);
    return [{ ...each, verdict, coordinator: party, signature }];
  });
}

/** Another entry of the log, judged at a moment. */
async function laterAt(moment: number, by = coordinators): Promise<Acknowledgement> {
  const [judged] = await acknowledged([sampleBody({ at: moment })], by);
  assert.ok(judged);
  return {
    ...judged,
    verdicts: signedAgain(judged, { at: moment, includeBy: moment + 60 }, by),
  };
}

describe('a promise', () => {
  it('is kept where the log holds the entry, wherever it stands', async () => {
    const entries = [...others, promised.entry];
    for (const madeAfter of [0, includeBy + 1000]) {
      const found = await examinePromise(context, network, given(entries, { madeAfter }));
      assert.deepEqual(found, { promise: 'kept', index: 2 });
    }
  });

  it('is broken where a checkpoint that was made after it was due lacks the entry: who signed is convicted', async () => {
    assert.deepEqual(await examinePromise(context, network, given(others)), {
      promise: 'broken',
      includeBy,
      signers: coordinators.map(({ address }) => address),
      organisation: 'hospital',
    });
  });

  it('is open while the checkpoint may be from before it was due', async () => {
    for (const madeAfter of [0, includeBy, includeBy + 10]) {
      const found = await examinePromise(context, network, given(others, { madeAfter }));
      assert.deepEqual(found, { promise: 'open', includeBy });
    }
  });

  describe('held against a checkpoint of which nobody says when it was made', () => {
    const madeAfter = 0;

    async function found(later: readonly Acknowledgement[], inLog = later): Promise<string> {
      const entries = [...others, ...inLog.map(({ entry }) => entry)];
      return (await examinePromise(context, network, given(entries, { madeAfter, later }))).promise;
    }

    it('is broken where it holds an entry that was judged after it was due', async () => {
      assert.equal(await found([await laterAt(includeBy + 11)]), 'broken');
      const [before, after] = [await laterAt(includeBy), await laterAt(includeBy + 500)];
      assert.equal(await found([before, after]), 'broken');
      assert.equal(await found([]), 'open');
    });

    it('is open where it does not hold that entry, or it was not surely judged after that', async () => {
      const after = await laterAt(includeBy + 11);
      assert.equal(await found([after], []), 'open');
      assert.equal(await found([{ ...after, log: 'care/insurer' }], [after]), 'open');
      assert.equal(await found([await laterAt(includeBy + 10)]), 'open');
    });

    it('is open where too few say so, or one of them says that it was earlier', async () => {
      assert.equal(await found([await laterAt(includeBy + 11, coordinators.slice(0, 1))]), 'open');
      const [first, ...rest] = (await laterAt(includeBy + 11)).verdicts;
      const after = await laterAt(includeBy + 11);
      const [early] = signedAgain(after, { at: includeBy, includeBy: includeBy + 60 });
      assert.ok(first && early);
      assert.equal(await found([{ ...after, verdicts: [early, ...rest] }]), 'open');
      assert.equal(await found([{ ...after, verdicts: [] }]), 'open');
    });
  });

  it('convicts nobody whose signature does not hold', async () => {
    const [first, second, third] = promised.verdicts as [
      SignedVerdict,
      SignedVerdict,
      SignedVerdict,
    ];
    const forged = { ...third, signature: first.signature };
    const stranger = at({}, [signatory('x'), signatory('y'), signatory('z')]).verdicts;
    const verdicts = [first, second, forged, second, ...stranger];
    const acknowledgement = { ...promised, verdicts };
    const found = await examinePromise(context, network, given(others, { acknowledgement }));
    assert.ok(found.promise === 'broken');
    assert.deepEqual(found.signers, [first.coordinator, second.coordinator]);
  });

  const wrong: [string, () => PromiseCase][] = [
    ['entries that are not those of the checkpoint', () => given(others, { entries: [] })],
    [
      'entries with the promised one put in',
      () => given(others, { entries: [...others, promised.entry].map(hexToBytes) }),
    ],
    [
      'a checkpoint that nobody signed',
      () => given(others, { checkpoint: checkpointOf(others, []) }),
    ],
    [
      'an acknowledgement of too few',
      () => given(others, { acknowledgement: at({}, coordinators.slice(0, 1)) }),
    ],
    [
      'an acknowledgement of others than coordinators',
      () => given(others, { acknowledgement: at({}, ['a', 'b', 'c'].map(signatory)) }),
    ],
    [
      'a checkpoint of another log',
      () => given(others, { checkpoint: { ...checkpointOf(others), log: 'care/insurer' } }),
    ],
  ];
  for (const [name, build] of wrong) {
    it(`is not judged by ${name}`, async () => {
      await assert.rejects(
        examinePromise(context, network, build()),
        failsWith('EVIDENCE_INVALID'),
      );
    });
  }

  it('that falls due before it was made, in a thousand years, or was made at another time, is not one', () => {
    const check = acknowledgementCheck(context, network);
    assert.doesNotThrow(() => check.body(at({ includeBy: NOW + 600 })));
    for (const times of [
      { includeBy: NOW - 1 },
      { includeBy: NOW + 601 },
      { includeBy: 33_000_000_000 },
      { at: NOW + 601, includeBy: NOW + 700 },
      { at: NOW - 601, includeBy: NOW - 600 },
    ]) {
      assert.throws(
        () => check.body(at(times)),
        failsWith('EVIDENCE_INVALID'),
        JSON.stringify(times),
      );
    }
  });
});
