import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SignedNewest } from './evidence.ts';
import { ZERO32 } from '../ids.ts';
import type { Keep, NewestState, Signed } from '../struct/requests.ts';
import { saysNewest } from './saysNewest.ts';
import { sign } from '../struct/signing.ts';
import { context, coordinators, network, signatory, word } from '../test/sampleNetwork.ts';
import { votesOnNewest } from '../network/votesOnNewest.ts';

const [channel] = network.channels;
const NOW = 1_800_000_000;
const patient = signatory('patient');
const later = signatory('later key of the patient');
const asked = {
  nonce: word('view'),
  handle: word('handle'),
  signers: [patient.address, later.address],
};

function keepOf(change: Partial<Keep> = {}, by = patient): Signed<'Keep'> {
  const message = { handle: asked.handle, revision: 3, state: word('state 3') };
  return sign(context, by, 'Keep', { ...message, packets: ZERO32, deadline: NOW, ...change });
}

/** Statement of the coordinator at a place. */
function said(
  keep: Signed<'Keep'> | undefined,
  change: Partial<NewestState> = {},
  by = coordinators[0] ?? assert.fail(),
): SignedNewest {
  const { revision = 0, state = ZERO32 } = keep?.message ?? {};
  const { nonce, handle } = asked;
  const newest = { nonce, handle, revision, state, at: NOW, ...change };
  const { party: coordinator, signature } = sign(context, by, 'NewestState', newest);
  return { newest, coordinator, signature, ...(keep && { keep }) };
}

describe('what a coordinator says is the newest state', () => {
  it('holds for this question alone, for a minute, with the patient’s signature', () => {
    const holds = (each: SignedNewest): boolean =>
      saysNewest(context, each, { ...asked, keys: { signers: asked.signers } }, NOW);
    const kept = said(keepOf());
    assert.ok(holds(kept));
    assert.ok(holds(said(undefined)));
    assert.ok(holds(said(keepOf({}, { ...later, address: patient.address }))));
    assert.ok(holds(said(keepOf(), { at: NOW - 60 })));
    const wrong: unknown[] = [
      said(keepOf(), { at: NOW - 61 }),
      said(keepOf(), { at: NOW + 61 }),
      said(keepOf(), { nonce: word('another view') }),
      said(keepOf({ handle: word('other') }), { handle: word('other') }),
      said(keepOf({ handle: word('other') })),
      said(keepOf(), { revision: 4 }),
      said(keepOf(), { state: word('state 4') }),
      said(keepOf({}, signatory('doctor'))),
      said(undefined, { revision: 1 }),
      said(undefined, { state: word('state 3') }),
      { ...kept, coordinator: coordinators[1]?.address },
      { ...kept, newest: { ...kept.newest, at: NOW - 1 } },
      { ...kept, keep: undefined },
      { ...kept, keep: { ...kept.keep, type: 'View' } },
      undefined,
      {},
    ];
    for (const each of wrong) assert.ok(!holds(each as SignedNewest), JSON.stringify(each));
  });
});

describe('votes on the newest state', () => {
  it('go by revision, then by how many organisations say so, each once', () => {
    assert.ok(channel);
    const [first, second, third] = coordinators;
    const five = keepOf({ revision: 5, state: word('five') });
    const rival = keepOf({ revision: 5, state: word('rival') });
    const votes = votesOnNewest(
      context,
      channel,
      [
        said(undefined, {}, first),
        said(five, {}, first),
        said(five, {}, first),
        said(rival, {}, second),
        said(rival, {}, third),
        said(keepOf({ revision: 9 }), {}, signatory('nobody')),
      ],
      { signers: asked.signers },
    );
    assert.deepEqual(votes, [
      { key: 0, revision: 5, state: word('rival'), organisations: 2 },
      { key: 0, revision: 5, state: word('five'), organisations: 1 },
      { key: -1, revision: -1, state: ZERO32, organisations: 1 },
    ]);
    assert.deepEqual(votesOnNewest(context, channel, [], { signers: asked.signers }), []);
  });

  // @actor a stolen phone and a node | to pass off a state that it made
  it('go by the patient’s latest key first: the thief of a former one can sign any revision', () => {
    assert.ok(channel);
    const [first, second] = coordinators;
    const own = keepOf({ revision: 4, state: word('own') }, later);
    const thiefs = keepOf({ revision: 99, state: word('thief’s') });
    const passedOff = keepOf({ revision: 4, state: word('own') });
    const votes = votesOnNewest(
      context,
      channel,
      [said(passedOff, {}, first), said(thiefs, {}, first), said(own, {}, second)],
      { signers: asked.signers },
    );
    assert.deepEqual(
      votes.map(({ state }) => state),
      [word('own'), word('thief’s')],
    );
    // A party may come back to its first key, which is the latest then.
    const back = { signers: [...asked.signers, patient.address] };
    const [newest] = votesOnNewest(context, channel, [said(own), said(thiefs)], back);
    assert.equal(newest?.state, word('thief’s'));
  });
});
