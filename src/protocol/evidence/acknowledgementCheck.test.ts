import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acknowledgementCheck } from './acknowledgementCheck.ts';
import type { Acknowledgement, Body, SignedVerdict } from './evidence.ts';
import type { EntryKind } from '../network/NetworkFile.ts';
import { sign } from '../struct/signing.ts';
import { failsWith } from '../test/failsWith.ts';
import { keyChange } from '../test/keyChange.ts';
import {
  acknowledged,
  doctor,
  NOW,
  sampleBody,
  sampleView,
  sampleWrite,
} from '../test/sampleEvidence.ts';
import {
  context,
  coordinators,
  network,
  primitives,
  signatory,
  word,
} from '../test/sampleNetwork.ts';

const bodies = Array.from({ length: 20 }, (_, place) => sampleBody({ at: NOW + place }));
const together = await acknowledged(bodies);
const [one] = together as [Acknowledgement];
const [first, second, third] = one.verdicts as [SignedVerdict, SignedVerdict, SignedVerdict];

/** The primitives, with a count of the signatures that were verified. */
function counting(): { context: typeof context; count: () => number } {
  let recovered = 0;
  const counted = {
    ...primitives,
    recover(digest: Uint8Array, signature: Uint8Array) {
      recovered += 1;
      return primitives.recover(digest, signature);
    },
  };
  return { context: { ...context, primitives: counted }, count: () => recovered };
}

/** The acknowledgement of a body that was judged as a kind. */
async function entry(of: Body, kind: EntryKind, by = coordinators): Promise<Acknowledgement> {
  const [made] = await acknowledged([of], by, kind);
  assert.ok(made);
  return made;
}

describe('acknowledgementCheck', () => {
  it('verifies a verdict once for all entries that share it, and every author', () => {
    const { context: counted, count } = counting();
    const check = acknowledgementCheck(counted, network);
    for (const [place, acknowledgement] of together.entries()) {
      assert.deepEqual(check.body(acknowledgement), bodies[place]);
    }
    assert.equal(count(), bodies.length + 2);
    assert.doesNotThrow(() => acknowledgementCheck(counted, network).verdicts(one));
    assert.equal(count(), bodies.length + 4, 'another run verifies for itself');
  });

  it('remembers a verdict as a whole: altered, it is verified again and does not hold', () => {
    const check = acknowledgementCheck(context, network);
    check.body(one);
    const fields = {
      kind: 'views',
      log: word('x'),
      size: 21,
      root: word('x'),
      at: NOW + 1,
      includeBy: NOW,
    };
    for (const [field, value] of Object.entries(fields)) {
      const verdicts = one.verdicts.map((each) => ({
        ...each,
        verdict: { ...each.verdict, [field]: value },
      }));
      assert.throws(() => check.verdicts({ ...one, verdicts }), failsWith('EVIDENCE_INVALID'));
    }
    const verdicts = [{ ...first, coordinator: second.coordinator }, first];
    assert.throws(() => check.verdicts({ ...one, verdicts }), failsWith('EVIDENCE_INVALID'));
  });

  it('does not take the proof of one verdict for another entry, place or tree', () => {
    const check = acknowledgementCheck(context, network);
    for (const other of [
      { ...second, index: 1 },
      { ...second, proof: second.proof.slice(1) },
      { ...second, proof: second.proof.with(0, word('x')) },
    ]) {
      const verdicts = [first, other];
      assert.throws(() => check.verdicts({ ...one, verdicts }), failsWith('EVIDENCE_INVALID'));
    }
  });

  it('refuses a request that its party did not sign, whatever the coordinators say', async () => {
    const reason = 'the request in the body is not signed by its party';
    const { message } = sign(context, doctor, 'Write', sampleWrite);
    const byAnother = { ...sign(context, signatory('x'), 'Write', message), party: doctor.address };
    const ofAnother = { ...sign(context, doctor, 'Write', { ...message, size: 1 }), message };
    const nobodys = { ...byAnother, signature: `0x${'00'.repeat(65)}` as const };
    for (const request of [byAnother, ofAnother, nobodys]) {
      const [forged] = (await acknowledged([sampleBody({ request })])) as [Acknowledgement];
      const check = acknowledgementCheck(context, network);
      assert.throws(() => check.body(forged), failsWith('EVIDENCE_INVALID', { reason }));
      assert.doesNotThrow(() => check.verdicts(forged));
    }
  });

  it('takes a later key of the party, and a former one, by the changes that go along', async () => {
    const [second, third] = [signatory('second key'), signatory('third key')];
    const changes = [
      keyChange(doctor.address, [doctor, second]),
      keyChange(doctor.address, [second, third], { change: 2 }),
    ];
    const reason = 'the request in the body is not signed by its party';
    for (const [key, keyChanges, isTaken] of [
      [doctor, [], true],
      [second, changes.slice(0, 1), true],
      [third, changes, true],
      [third, [], false],
      [second, changes, false],
      [doctor, changes, false],
      [third, changes.slice(1), false],
    ] as const) {
      const signer = { ...key, address: doctor.address, keyChanges };
      const request = sign(context, signer, 'Write', sampleWrite);
      const [signed] = (await acknowledged([sampleBody({ request })])) as [Acknowledgement];
      const check = acknowledgementCheck(context, network);
      if (isTaken) assert.doesNotThrow(() => check.body(signed));
      else assert.throws(() => check.body(signed), failsWith('EVIDENCE_INVALID', { reason }));
    }
  });

  describe('with a threshold for writes and another for views', () => {
    const view = sampleBody({ request: sign(context, doctor, 'View', sampleView) });
    const two = coordinators.slice(0, 2);
    const channels = network.channels.map((channel) => ({
      ...channel,
      thresholds: { writes: 3, views: 2 },
    }));
    const check = acknowledgementCheck(context, { ...network, channels });
    const tooFew = failsWith('EVIDENCE_INVALID', {
      reason: 'too few coordinators judged the entry',
    });

    it('takes each by its own', async () => {
      assert.doesNotThrow(() => check.body(one));
      const view2 = await entry(view, 'views', two);
      assert.doesNotThrow(() => check.body(view2));
      const write2 = await entry(sampleBody(), 'writes', two);
      assert.throws(() => check.body(write2), tooFew);
    });

    it('takes no write that was judged as a view, nor a view that was judged as a write', async () => {
      for (const by of [two, coordinators]) {
        const posing = await entry(sampleBody(), 'views', by);
        assert.throws(() => check.body(posing), tooFew);
        const other = await entry(view, 'writes', by);
        assert.throws(() => check.body(other), tooFew);
      }
    });

    it('goes by what the verdicts say where the body was erased, and not by some of each', async () => {
      const asViews = await entry(view, 'views', two);
      assert.doesNotThrow(() => check.verdicts(asViews));
      const asWrites = await entry(view, 'writes', two);
      assert.throws(() => check.verdicts(asWrites), tooFew);
      const verdicts = [...asViews.verdicts.slice(0, 1), ...asWrites.verdicts.slice(1)];
      assert.throws(() => check.verdicts({ ...asViews, verdicts }), tooFew);
    });

    it('knows no third kind', async () => {
      const asViews = await entry(view, 'views');
      for (const kind of ['', 'constructor', 'refusals']) {
        const verdicts = asViews.verdicts.map((each, place) => {
          const verdict = { ...each.verdict, kind: kind as EntryKind };
          const { signature } = sign(context, coordinators[place] ?? doctor, 'Verdict', verdict);
          return { ...each, verdict, signature };
        });
        const other = { ...asViews, verdicts };
        assert.throws(() => check.verdicts(other), tooFew);
        assert.throws(() => check.body(other), tooFew);
      }
    });
  });

  // @actor an acknowledgement brings hundreds of verdicts with false signatures | more verdicts than there were coordinators are refused before any is verified
  it('refuses many more verdicts than there are coordinators, before it verifies one', () => {
    const { context: counted, count } = counting();
    const check = acknowledgementCheck(counted, network);
    const verdicts = Array.from({ length: 300 }, () => ({ ...first, signature: second.signature }));
    const flooded = { ...one, verdicts };
    assert.throws(() => check.verdicts(flooded), failsWith('EVIDENCE_INVALID'));
    assert.throws(() => check.promises(flooded), failsWith('EVIDENCE_INVALID'));
    assert.equal(count(), 0);
  });

  it('where it is strict, names the verdict that does not hold or is not a coordinator’s', async () => {
    const check = acknowledgementCheck(context, network, { strict: true });
    assert.doesNotThrow(() => check.body(one));
    const [byOther] = (await acknowledged(bodies, [signatory('x')])) as [Acknowledgement];
    const wrong: [string, SignedVerdict[]][] = [
      ['verdict 3 does not hold', [first, second, { ...third, signature: first.signature }]],
      ['verdict 1 does not hold', [{ ...first, index: 2 }, second, third]],
      ['verdict 3 is not of a coordinator, or there twice', [first, second, second]],
      [
        'verdict 3 is not of a coordinator, or there twice',
        [first, second, ...byOther.verdicts.slice(0, 1)],
      ],
    ];
    for (const [reason, verdicts] of wrong) {
      const altered = { ...one, verdicts };
      assert.throws(() => check.body(altered), failsWith('EVIDENCE_INVALID', { reason }));
      assert.doesNotThrow(() => acknowledgementCheck(context, network).body(altered));
    }
  });

  it('takes no entry of a request that was held back, or refused for what nobody can judge', async () => {
    const check = acknowledgementCheck(context, network);
    const code = 'RIGHT_MISSING';
    const reasons: [Partial<Body>, RegExp][] = [
      [{ at: NOW + 301 }, /not judged in its time/],
      [{ at: NOW - 301 }, /not judged in its time/],
      [{ flag: 'R', code, at: NOW + 301 }, /not judged in its time/],
      [{ flag: 'R', code: 'INTERNAL' }, /no refusal can have its code/],
      [{ flag: 'R', code: 'REQUEST_LATE' }, /no refusal can have its code/],
    ];
    for (const [change, reason] of reasons) {
      const made = await entry(sampleBody(change), 'writes');
      assert.throws(() => check.body(made), reason);
    }
    const refused = await entry(sampleBody({ flag: 'R', code, at: NOW + 300 }), 'writes');
    assert.doesNotThrow(() => check.body(refused));
  });
});
