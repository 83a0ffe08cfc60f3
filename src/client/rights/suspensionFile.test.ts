import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SignedSuspension } from '../../protocol/AgentPort.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { NOW } from '../../protocol/test/sampleEvidence.ts';
import { context, network, ORGANISATIONS, signatory } from '../../protocol/test/sampleNetwork.ts';
import { signSuspension } from './signSuspension.ts';
import { parseSuspensionFile, suspensionFileOf } from './suspensionFile.ts';

const clock = { now: () => NOW * 1000, after: () => () => undefined };
const at = { ...context, network, clock };
const members = ORGANISATIONS.map((organisation) => signatory(`authority of ${organisation}`));
const wanted = { party: signatory('doctor').address, suspended: true, change: 3 };
const message = { ...wanted, deadline: NOW + 60 };
const { signed } = signSuspension(at, { message, signatures: [] }, members.slice(0, 1));

function textOf(given: Partial<SignedSuspension>): string {
  return JSON.stringify(suspensionFileOf({ ...signed, ...given }));
}

function refusedFor(text: string, reason: RegExp): void {
  assert.throws(
    () => parseSuspensionFile(at, text, wanted, 'round.json'),
    (error: Error) => {
      assert.match(error.message, /round\.json/);
      assert.match(error.message, reason);
      return failsWith('ARGUMENT_INVALID')(error);
    },
  );
}

describe('the file of a suspension', () => {
  it('is read as it was written, while its deadline has not passed', () => {
    assert.deepEqual(parseSuspensionFile(at, textOf({}), wanted).signed, signed);
  });

  it('tells who signed it, and how many must still sign', () => {
    const { signedBy, missing } = parseSuspensionFile(at, textOf({}), wanted);
    assert.deepEqual([signedBy, missing], [['hospital'], 1]);
  });

  // @actor a person who alters the draft of a suspension, or writes one | has a member sign another change, or one that is good for years
  it('may be a draft that nobody signed, and says what its reader wants to sign in the same bounds', () => {
    const draft = parseSuspensionFile(at, textOf({ signatures: [] }), wanted);
    assert.deepEqual([draft.signedBy, draft.missing], [[], 2]);
    for (const [change, reason] of [
      [{ party: signatory('other').address }, /another party/],
      [{ suspended: false }, /opposite change/],
      [{ change: 2 }, /older/],
      [{ deadline: NOW - 1 }, /deadline/],
      [{ deadline: NOW + 31 * 24 * 3600 }, /30 days ahead/],
    ] as const) {
      refusedFor(textOf({ message: { ...message, ...change }, signatures: [] }), reason);
    }
  });

  it('is refused if it is anything else, or members did not sign it', () => {
    const stranger = { ...at, network: { ...network, authority: { threshold: 1, members: [] } } };
    for (const text of [
      '',
      'null',
      '{}',
      JSON.stringify(signed),
      textOf({ message: { ...message, deadline: NOW + 61 } }),
      textOf({ message: Object.assign({ reason: 'words of their own' }, message) }),
    ]) {
      refusedFor(text, /holds no suspension/);
    }
    assert.throws(
      () => parseSuspensionFile(stranger, textOf({}), wanted),
      failsWith('ARGUMENT_INVALID'),
    );
  });

  it('is refused if it says something else than its reader wants to sign', () => {
    for (const [change, reason] of [
      [{ party: signatory('other').address }, /another party/],
      [{ suspended: false }, /opposite change/],
      [{ change: 2 }, /older/],
      [{ deadline: NOW - 1 }, /deadline/],
    ] as const) {
      const other = { message: { ...message, ...change }, signatures: [] };
      refusedFor(textOf(signSuspension(at, other, members.slice(1)).signed), reason);
    }
  });

  // @actor one member of the authority | to keep a signed suspension for years
  it('is refused if it would be good for years', () => {
    const days = 24 * 3600;
    const until = (deadline: number) =>
      signSuspension(at, { message: { ...message, deadline }, signatures: [] }, members).signed;
    const longest = until(NOW + 30 * days);
    assert.deepEqual(parseSuspensionFile(at, textOf(longest), wanted).signed, longest);
    refusedFor(textOf(until(NOW + 30 * days + 1)), /deadline is more than 30 days ahead/);
  });
});
