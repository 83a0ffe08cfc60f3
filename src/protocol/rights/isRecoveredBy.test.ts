import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSignature } from '../evidence/readEvidence.ts';
import { verifyOwn } from '../evidence/verifyOwn.ts';
import { HANDOVER } from '../network/officesOf.ts';
import { successorOf } from '../network/successorOf.ts';
import { parseNetworkFile } from '../network/parseNetworkFile.ts';
import { parseKeyChanges, parseSigned } from '../struct/parseSigned.ts';
import { sign, type SigningContext } from '../struct/signing.ts';
import { failsWith } from '../test/failsWith.ts';
import { keyChange } from '../test/keyChange.ts';
import { AUTHORITY, recovery } from '../test/recovery.ts';
import { context as bare, network, primitives, signatory, word } from '../test/sampleNetwork.ts';
import { KEY_CHANGES } from '../shapes/messageShape.ts';
import { isOfShape } from '../wire/isOfShape.ts';
import { LONGEST_RECOVERY } from './isRecoveredBy.ts';
import { keyAfter } from './keyAfter.ts';

const [first, second] = [signatory('first'), signatory('second')];
const [third, thief] = [signatory('third'), signatory('thief')];
const party = first.address;
const context: SigningContext = { ...bare, network };
const [hospital, laboratory, insurer] = AUTHORITY as [
  (typeof AUTHORITY)[0],
  (typeof AUTHORITY)[0],
  (typeof AUTHORITY)[0],
];
const DEADLINE = 2_000_000_000;
const salt = `0x${'00'.repeat(16)}` as const;
const letter = { to: thief.address, letter: word('x'), until: DEADLINE, salt };

const lost = recovery(party, second);

describe('the key of a party after a recovery', () => {
  it('is the new one, if a quorum of the authority and the new key signed', () => {
    assert.equal(keyAfter(context, party, [lost]), second.address);
    const all = recovery(party, second, AUTHORITY);
    assert.equal(keyAfter(context, party, [all]), second.address);
  });

  it('stands in one line with changes of key before and after it', () => {
    const before = keyChange(party, [first, second]);
    const between = recovery(party, third, [hospital, insurer], { change: 3 });
    const after = keyChange(party, [third, first], { change: 4 });
    assert.equal(keyAfter(context, party, [before, between]), third.address);
    assert.equal(keyAfter(context, party, [before, between, after]), first.address);
    assert.equal(keyAfter(context, party, [between, before]), undefined, 'in another order');
    const old = keyChange(party, [second, thief], { change: 4 });
    assert.equal(keyAfter(context, party, [before, between, old]), undefined, 'by the lost key');
  });

  // @actor k−1 members of the authority | to take over a party's key
  it('is not proven by fewer than a quorum of organisations, by one member twice, or by others', () => {
    const [one, other] = lost.signatures;
    const cases: Readonly<Record<string, unknown>> = {
      'k−1 members': recovery(party, second, [hospital]),
      'one member twice': { ...lost, signatures: [one, one] },
      'no member': { ...lost, signatures: [] },
      'a member and a stranger': recovery(party, second, [hospital, thief]),
      'a quorum and a stranger': recovery(party, second, [hospital, laboratory, thief]),
      'the lost key': recovery(party, second, [first]),
      'the new key alone': recovery(party, second, [second, second]),
      'more signatures than members': { ...lost, signatures: [one, other, one, other] },
      'signatures for another party': { ...recovery(thief.address, second), message: lost.message },
      'signatures for another number': {
        ...recovery(party, second, AUTHORITY, { change: 2 }),
        message: lost.message,
      },
    };
    for (const [name, forged] of Object.entries(cases)) {
      assert.equal(keyAfter(context, party, [forged as typeof lost]), undefined, name);
    }
  });

  it('is not proven by two members of one organisation', () => {
    const twin = signatory('a second member of the hospital');
    const members = [
      ...network.authority.members,
      { organisation: 'hospital', address: twin.address },
    ];
    const at = { ...bare, network: { authority: { threshold: 2, members } } };
    const forged = recovery(party, second, [hospital, twin]);
    assert.equal(keyAfter(at, party, [forged]), undefined);
    assert.equal(keyAfter(at, party, [lost]), second.address);
  });

  it('is not that of another party, or another one than the new key signed for', () => {
    assert.equal(keyAfter(context, thief.address, [lost]), undefined);
    const unwanted = recovery(party, second);
    const { newSignature } = recovery(party, thief);
    assert.equal(keyAfter(context, party, [{ ...unwanted, newSignature }]), undefined);
    const altered = { ...lost, message: { ...lost.message, signer: thief.address } };
    assert.equal(keyAfter(context, party, [altered]), undefined);
    const recipient = { ...lost, message: { ...lost.message, recipient: word('of a thief') } };
    assert.equal(keyAfter(context, party, [recipient]), undefined);
  });

  it('is not proven by a change of key with the struct’s name exchanged', () => {
    const { message, signature, newSignature } = keyChange(party, [first, second]);
    const renamed = { message, signatures: [signature], newSignature };
    assert.equal(keyAfter(context, party, [renamed]), undefined);
    const [one = '0x'] = lost.signatures;
    const back = { message: lost.message, signature: one, newSignature: lost.newSignature };
    assert.equal(keyAfter(context, party, [back]), undefined);
  });

  // @actor an authority of another network | to have its recovery count here
  it('is not proven by a recovery of another network', () => {
    const domain = { ...bare.domain, salt: word('another network') };
    const foreign = recovery(party, second, AUTHORITY, {}, { ...bare, domain });
    assert.equal(keyAfter(context, party, [foreign]), undefined);
  });

  it('is not proven where nobody says who the authority is', () => {
    assert.equal(keyAfter(bare, party, [lost]), undefined);
    assert.equal(keyAfter(bare, party, [keyChange(party, [first, second])]), second.address);
  });
});

const former = (deadline: number) => recovery(party, second, AUTHORITY, { deadline });

describe('a recovery and the authority of its time', () => {
  const UNTIL = 1_900_000_000;
  const later = ['hospital', 'laboratory', 'insurer'].map((name) => signatory(`later ${name}`));
  const authority = {
    threshold: 2,
    members: later.map(({ address }, place) => ({
      organisation: network.authority.members[place]?.organisation ?? '',
      address,
    })),
  };
  const terms = { from: UNTIL, authority, channels: network.channels };
  const changed = successorOf(primitives, network, { ...terms, keeps: 'authority' });
  const now: SigningContext = { ...bare, network: changed };
  const present = (deadline: number) => recovery(party, second, later, { deadline });

  it('holds for ever with the authority that signed it, after another one took its place', () => {
    assert.equal(parseNetworkFile(changed).before?.[0]?.authority?.members.length, 3);
    assert.equal(keyAfter(now, party, [former(UNTIL - 1)]), second.address);
    assert.equal(keyAfter(now, party, [present(UNTIL + 1)]), second.address);
    const next = successorOf(primitives, changed, {
      ...terms,
      from: UNTIL + 10 * LONGEST_RECOVERY,
      keeps: 'authority',
    });
    const context = { ...bare, network: next };
    assert.equal(keyAfter(context, party, [former(UNTIL - 1)]), second.address);
  });

  // @actor members of a former authority, or thieves of their keys | to recover a key today
  it('does not count if a former authority signed until after its time', () => {
    const last = UNTIL + HANDOVER + LONGEST_RECOVERY;
    assert.equal(keyAfter(now, party, [former(last - 1)]), second.address);
    assert.equal(keyAfter(now, party, [former(last)]), undefined);
    assert.equal(keyAfter(now, party, [former(2_100_000_000)]), undefined);
  });

  // @actor members of a later authority | to forge a recovery of a time before theirs
  it('does not count if a later authority signed it, by its deadline or before the entry was judged', () => {
    assert.equal(keyAfter(now, party, [present(UNTIL - HANDOVER - 1)]), undefined);
    const early = keyAfter(now, party, [present(UNTIL + 1)], UNTIL - HANDOVER - 1);
    assert.equal(early, undefined);
    assert.equal(keyAfter(now, party, [present(UNTIL + 1)], UNTIL), second.address);
    const request = sign(
      now,
      { ...second, address: party, keyChanges: [present(UNTIL + 1)] },
      'Letter',
      letter,
    );
    assert.equal(readSignature(now, request, UNTIL + 2).signer, second.address);
    assert.equal(readSignature(now, request, UNTIL - HANDOVER - 1).signer, undefined);
  });

  it('never adds up signatures of two authorities', () => {
    const mixed = [AUTHORITY[0], later[1]].flatMap((each) => each ?? []);
    const forged = recovery(party, second, mixed, { deadline: UNTIL });
    assert.equal(keyAfter(now, party, [forged]), undefined);
  });

  it('is unknown in a file that kept no earlier authority, and then counts with the present one alone', () => {
    const older: SigningContext = { ...bare, network: successorOf(primitives, network, terms) };
    assert.equal(keyAfter(older, party, [former(UNTIL - 1)]), undefined);
    assert.equal(keyAfter(older, party, [present(UNTIL + 1)]), second.address);
  });

  it('stands in a network file that is refused with a malformed earlier authority', () => {
    const [earlier] = changed.before ?? assert.fail();
    for (const wrong of [
      null,
      {},
      { threshold: 0, members: authority.members },
      { threshold: 4, members: authority.members },
      { threshold: 2, members: [] },
    ]) {
      const altered = { ...changed, before: [{ ...earlier, authority: wrong }] };
      assert.throws(() => parseNetworkFile(altered), failsWith('NETWORK_FILE_INVALID'));
    }
  });
});

describe('a request of a recovered key', () => {
  const signer = { ...second, address: party, keyChanges: [lost] };
  const request = sign(context, signer, 'Letter', letter);

  it('carries the recovery, and verifies by it and the network file alone', () => {
    assert.deepEqual(parseSigned(JSON.parse(JSON.stringify(request)), ['Letter']), request);
    assert.ok(verifyOwn(context, request));
    assert.ok(isOfShape(KEY_CHANGES, [lost, keyChange(party, [second, third], { change: 2 })]));
    assert.throws(() => verifyOwn(bare, request), failsWith('SIGNATURE_INVALID'));
    const forged = { ...request, keyChanges: [recovery(party, second, [hospital])] };
    assert.throws(() => verifyOwn(context, forged), failsWith('SIGNATURE_INVALID'));
  });

  it('is malformed with a recovery of another form', () => {
    const [one = '0x'] = lost.signatures;
    for (const wrong of [
      { ...lost, signatures: [] },
      { ...lost, signatures: Array.from({ length: 65 }, () => one) },
      { ...lost, signatures: one },
      { ...lost, signatures: ['0x'] },
      { ...lost, signature: one },
      { ...lost, newSignature: undefined },
      { message: lost.message, signatures: lost.signatures },
      { ...lost, message: { ...lost.message, change: -1 } },
      { ...lost, message: { ...lost.message, more: 1 } },
    ]) {
      assert.throws(() => parseKeyChanges([wrong]), failsWith('REQUEST_MALFORMED'));
      assert.equal(isOfShape(KEY_CHANGES, [wrong]), false);
    }
  });
});
