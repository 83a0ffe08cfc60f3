import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { InsuranceClaim } from '../../../protocol/care/claims.ts';
import { ZERO32 } from '../../../protocol/ids.ts';
import { digestOf, sign } from '../../../protocol/struct/signing.ts';
import { context, signatory } from '../../../protocol/test/sampleNetwork.ts';
import { memoryDevice } from '../../party/memoryDevice.ts';
import type { Party } from '../../party/Party.ts';
import { CLAIM_STEP_LETTER, claimsTold, stepsTold } from './keptClaimSteps.ts';

const [claimant, insurer, verifier] = ['claimant', 'insurer', 'verifier'].map(signatory);
const salt = `0x${'5a'.repeat(16)}` as const;
let party: Party;

beforeEach(() => {
  party = { ...context, device: memoryDevice() } as unknown as Party;
});

type Signatory = ReturnType<typeof signatory>;

/** Takes a letter of a party that tells of its decision on a claim. */
async function tellDecision(by: Signatory, step: number, claim = ZERO32): Promise<boolean> {
  const request = sign(context, by, 'ClaimDecision', {
    claim,
    step,
    outcome: 2,
    amount: 0,
    until: 0,
    lotHash: ZERO32,
    terms: { reason: 'not-covered', content: ZERO32, salt },
    deadline: 100,
  });
  const content = { format: 'medseal-letter/1', claimStep: { request } } as const;
  const letter = { id: ZERO32, from: by.address, until: 100, signer: by.address, content };
  return (await CLAIM_STEP_LETTER.take(party, letter)) !== 'refused';
}

describe('steps of claims that others tell a device', () => {
  // @attack strangers write of steps of claims until a device has no room for others | a further letter takes the place of an older one of those who sent the most
  it('of strangers do not keep those of others out, however many they tell', async () => {
    const strangers = ['a', 'b', 'c', 'd'].map(signatory);
    for (const stranger of strangers) await tellDecision(stranger, 1);
    const first = await claimsTold(party);
    const full = first.flatMap((each) => Array.from({ length: 128 }, () => each));
    await party.device.write('claim-steps', full);
    assert.ok(insurer);
    assert.equal(await tellDecision(insurer, 1), true);
    for (const stranger of strangers) await tellDecision(stranger, 131);
    const kept = await claimsTold(party);
    assert.equal(kept.filter(({ from }) => from === insurer.address).length, 1);
    assert.equal(kept.length, 512);
    assert.equal(
      kept.some(({ request }) => request.message.step === 131),
      true,
    );
  });

  // @attack a stranger writes to a claimant that the insurer denied | a step is shown if it is of the side that takes it
  it('are shown if they are of the side that takes them', async () => {
    assert.ok(claimant && insurer && verifier);
    const message: InsuranceClaim = {
      terms: {
        handle: ZERO32,
        claimant: claimant.address,
        payee: claimant.address,
        coverage: ZERO32,
        entry: ZERO32,
        records: [],
        bill: ZERO32,
        content: ZERO32,
        salt,
      },
      claimant: claimant.address,
      insurer: insurer.address,
      payee: claimant.address,
      amount: 1,
      total: 1,
      treatment: ZERO32,
      follows: ZERO32,
      authorisation: ZERO32,
      lotHash: ZERO32,
      deadline: 100,
    };
    const digest = digestOf(context, 'InsuranceClaim', message);
    for (const by of [verifier, claimant, insurer]) {
      assert.equal(await tellDecision(by, 1, digest), true);
    }
    const told = await stepsTold(party, { digest, message });
    assert.deepEqual(
      told.map(({ from }) => from),
      [insurer.address],
    );
  });
});
