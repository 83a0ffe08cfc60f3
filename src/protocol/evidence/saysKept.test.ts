import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SignedKept } from './evidence.ts';
import { ZERO32 } from '../ids.ts';
import type { Keep, NewestState } from '../struct/requests.ts';
import { saysKept } from './saysKept.ts';
import { digestOf, sign } from '../struct/signing.ts';
import { context, coordinators, signatory, word } from '../test/sampleNetwork.ts';

const patient = signatory('patient');
const message: Keep = {
  handle: word('handle'),
  revision: 3,
  state: word('state 3'),
  packets: ZERO32,
  deadline: 1_800_000_000,
};
const keep = sign(context, patient, 'Keep', message);

/** Statement of a coordinator about it. */
function said(change: Partial<NewestState> = {}): SignedKept {
  const { handle, revision, state } = message;
  const newest = {
    nonce: digestOf(context, 'Keep', message),
    handle,
    revision,
    state,
    at: 1_799_999_700,
    ...change,
  };
  const by = coordinators[0] ?? assert.fail();
  const { party: coordinator, signature } = sign(context, by, 'NewestState', newest);
  return { newest, coordinator, signature };
}

describe('what a coordinator says of a state that it was given', () => {
  it('holds for this very request alone', () => {
    assert.ok(saysKept(context, said(), keep));
    const other = { ...message, packets: word('other packets') };
    const wrong: unknown[] = [
      said({ nonce: word('a view') }),
      said({ nonce: digestOf(context, 'Keep', other) }),
      said({ handle: word('another patient') }),
      said({ revision: 2 }),
      said({ state: word('state 2') }),
      said({ revision: 0, state: ZERO32 }),
      { ...said(), coordinator: coordinators[1]?.address },
      { ...said(), newest: { ...said().newest, at: 1 } },
      { ...said(), signature: '0x' },
      { ...said(), newest: undefined },
      null,
      undefined,
      7,
    ];
    for (const each of wrong) {
      assert.ok(!saysKept(context, each as SignedKept, keep), JSON.stringify(each));
    }
  });
});
