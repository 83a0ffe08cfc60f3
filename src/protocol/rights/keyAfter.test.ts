import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keyAfter, MAX_KEY_CHANGES } from './keyAfter.ts';
import { parseKeyChanges, parseSigned } from '../struct/parseSigned.ts';
import { sign } from '../struct/signing.ts';
import { verifyOwn } from '../evidence/verifyOwn.ts';
import { failsWith } from '../test/failsWith.ts';
import { keyChange } from '../test/keyChange.ts';
import { context, signatory, word } from '../test/sampleNetwork.ts';

const [first, second] = [signatory('first'), signatory('second')];
const [third, thief] = [signatory('third'), signatory('thief')];
const party = first.address;
const one = keyChange(party, [first, second]);
const two = keyChange(party, [second, third], { change: 2 });
const salt = `0x${'00'.repeat(16)}` as const;
const letter = { to: thief.address, letter: word('x'), until: 2_000_000_000, salt };
const keep = {
  handle: word('handle'),
  revision: 1,
  state: word('state'),
  packets: word('packets'),
  deadline: 2_000_000_000,
};

describe('the key of a party after changes', () => {
  it('is the one that the last change names', () => {
    assert.equal(keyAfter(context, party), first.address);
    assert.equal(keyAfter(context, party, [one]), second.address);
    assert.equal(keyAfter(context, party, [one, two]), third.address);
    // A recovery that the party stopped takes a number too.
    const later = keyChange(party, [second, third], { change: 5 });
    assert.equal(keyAfter(context, party, [one, later]), third.address);
    const back = keyChange(party, [second, first], { change: 2 });
    assert.equal(keyAfter(context, party, [one, back]), first.address);
  });

  // @actor a lying node | to pass off another key as the party's
  it('is not proven by changes of another party, order, number or key', () => {
    for (const changes of [
      [two],
      [two, one],
      [one, one],
      [one, keyChange(party, [second, third])],
      [keyChange(thief.address, [first, second])],
      [keyChange(party, [thief, second])],
      [keyChange(party, [first, thief], { signer: second.address })],
      [{ ...one, signature: two.signature }],
      [{ ...one, newSignature: one.signature }],
      [{ ...one, message: { ...one.message, recipient: word('of the thief') } }],
      [one, keyChange(party, [first, thief], { change: 2 })],
    ]) {
      assert.equal(keyAfter(context, party, changes), undefined);
    }
  });

  it('is not looked for in more changes than may go along', () => {
    const swap = (change: number) =>
      keyChange(party, change % 2 === 1 ? [first, second] : [second, first], { change });
    const changes = Array.from({ length: MAX_KEY_CHANGES + 1 }, (_, at) => swap(at + 1));
    assert.equal(keyAfter(context, party, changes.slice(1)), undefined);
    assert.equal(keyAfter(context, party, changes.slice(0, -1)), first.address);
    assert.equal(keyAfter(context, party, changes), undefined);
    assert.throws(() => parseKeyChanges(changes), failsWith('REQUEST_MALFORMED'));
  });
});

describe('a request of a later key', () => {
  it('carries the changes if it is read later, and verifies by them alone', () => {
    const signer = { ...second, address: party, keyChanges: [one] };
    const request = sign(context, signer, 'Letter', letter);
    assert.deepEqual(parseSigned(JSON.parse(JSON.stringify(request)), ['Letter']), request);
    assert.ok(verifyOwn(context, request));
    const { keyChanges: _none, ...bare } = request;
    for (const wrong of [
      bare,
      { ...request, keyChanges: [two] },
      { ...request, keyChanges: [one, two] },
      { ...request, party: thief.address },
    ]) {
      assert.throws(() => verifyOwn(context, wrong), failsWith('SIGNATURE_INVALID'));
    }
    assert.equal(sign(context, signer, 'Keep', keep).keyChanges, undefined);
  });

  it('is malformed with an empty list of changes, too many, altered ones, or in another request', () => {
    const request = sign(
      context,
      { ...second, address: party, keyChanges: [one] },
      'Letter',
      letter,
    );
    for (const keyChanges of [
      undefined,
      null,
      [],
      {},
      [null],
      [{ ...one, more: 1 }],
      [{ ...one, signature: '0x' }],
      [{ message: one.message, signature: one.signature }],
      [{ ...one, message: { ...one.message, change: -1 } }],
    ]) {
      const wrong = { ...request, keyChanges };
      assert.throws(() => parseSigned(wrong, ['Letter']), failsWith('REQUEST_MALFORMED'));
    }
    const other = { ...sign(context, second, 'Keep', keep), keyChanges: [one] };
    assert.throws(() => parseSigned(other, ['Keep']), failsWith('REQUEST_MALFORMED'));
  });
});
