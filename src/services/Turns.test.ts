import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { rememberingPrimitives } from '../node/test/rememberingPrimitives.ts';
import { BEGIN } from '../node/test/testNetwork.ts';
import type { Submission } from '../protocol/AgentPort.ts';
import { Either, ListOf, Named, SIGNATURE, type Shape } from '../protocol/wire/findShapeError.ts';
import { ZERO32, type Bytes32 } from '../protocol/ids.ts';
import type { Operation } from '../protocol/operations/Operation.ts';
import { operations } from '../protocol/operations/operations.ts';
import type { InsuranceClaim } from '../protocol/care/claims.ts';
import { fingerprintOf } from '../protocol/network/fingerprintOf.ts';
import { MAX_KEY_CHANGES } from '../protocol/rights/keyAfter.ts';
import { SIGNED_RECOVERY } from '../protocol/shapes/messageShape.ts';
import { sign } from '../protocol/struct/signing.ts';
import type { Successor } from '../protocol/network/Successor.ts';
import { MAX_SUCCESSOR_SIGNATURES } from '../protocol/network/Successor.ts';
import { startClaimCase, type ClaimCase } from './care/claims/test/claimCase.ts';
import { Turns } from './Turns.ts';

/** Signatures that one thing needs at most: a request whose key changed as often as may be, with its verdicts. */
const ONE = 2 * MAX_KEY_CHANGES + 4;
/** Organisations of the test's process, each with its turns. */
const ORGANISATIONS = 3;
/** Signatures that may be verified between two turns of the event loop. */
const MOST = ORGANISATIONS * (8 + ONE);

/** Counts what is verified in each turn of the event loop. */
class Watch {
  #now = 0;
  #most = 0;
  total = 0;

  readonly primitives = {
    ...rememberingPrimitives,
    recover: (digest: Uint8Array, signature: Uint8Array): Uint8Array => {
      this.#now += 1;
      this.total += 1;
      return rememberingPrimitives.recover(digest, signature);
    },
  };

  /** Returns the most that were verified between two turns while something was done. */
  async most(work: () => Promise<unknown>): Promise<number> {
    [this.#now, this.#most, this.total] = [0, 0, 0];
    let isOver = false;
    const look = (): void => {
      this.#most = Math.max(this.#most, this.#now);
      this.#now = 0;
      if (!isOver) setImmediate(look);
    };
    setImmediate(look);
    await work();
    isOver = true;
    look();
    return this.#most;
  }
}

/** The most signatures in a value of a shape. */
function signaturesIn(shape: Shape): number {
  // A recovery that no quorum signed ends the reading of a party's keys, so a list of forged ones costs a signature for each member once.
  if (shape === SIGNED_RECOVERY) return 2;
  if (shape instanceof RegExp) return shape.source === SIGNATURE.source ? 1 : 0;
  if (shape instanceof Named) return signaturesIn(shape.shape);
  if (shape instanceof Either) return Math.max(...shape.shapes.map(signaturesIn));
  if (shape instanceof ListOf)
    return signaturesIn(shape.shape) && shape.longest * signaturesIn(shape.shape);
  if (Array.isArray(shape)) return signaturesIn((shape as readonly [Shape])[0]) && Infinity;
  if (typeof shape !== 'object') return 0;
  return Object.values(shape as Readonly<Record<string, Shape>>)
    .map(signaturesIn)
    .reduce((sum, each) => sum + each, 0);
}

describe('turns of those who verify many signatures', () => {
  it('come after few signatures, with however many pieces of work side by side', async () => {
    const [watch, turns] = [new Watch(), new Turns()];
    const primitives = turns.counted(watch.primitives);
    const [digest, signature] = [new Uint8Array(32).fill(1), new Uint8Array(65)];
    const verify = (): void => {
      for (let nth = 0; nth < 3; nth++) assert.throws(() => primitives.recover(digest, signature));
    };
    const most = await watch.most(async () => {
      await Promise.all(Array.from({ length: 200 }, async () => await turns.run(verify)));
    });
    assert.equal(watch.total, 600);
    assert.ok(most <= 8 + 3, `${most} signatures in a turn`);
  });

  it('pass on what the work throws, and let the next one in', async () => {
    const turns = new Turns();
    const broken = turns.run(() => {
      throw new Error('broken');
    });
    await assert.rejects(broken, /broken/);
    assert.equal(await turns.run(() => 7), 7);
  });
});

describe('between two turns of the event loop an organisation verifies few signatures', () => {
  const watch = new Watch();
  let at: ClaimCase;
  before(async () => {
    at = await startClaimCase(undefined, watch.primitives);
  });
  after(async () => {
    await at.network.close();
  });

  /** The largest list of each operation that may bring more signatures than one thing needs. */
  const largest: Readonly<Record<string, readonly (() => Promise<() => Promise<unknown>>)[]>> = {
    submit: [claimsOfMany, ofMany('Grant'), ofMany('View')],
    succeed: [successorOfMany],
  };

  // @class a list of signatures is verified in one piece | whatever verifies more than a few waits for its turn; no operation that takes many is left out
  it('for every operation that takes many: there is no other', () => {
    const many = Object.entries<Operation>(operations).filter(([, { takes }]) => {
      return takes !== undefined && takes !== 'bytes' && signaturesIn(takes) > 2 * ONE;
    });
    assert.deepEqual(many.map(([name]) => name).toSorted(), Object.keys(largest).toSorted());
  });

  for (const [name, works] of Object.entries(largest)) {
    for (const [nth, prepare] of works.entries()) {
      // @actor a patient sends 80 claims that rest on the same 64 acknowledgements, so that the node verifies them one by one and answers nobody | each acknowledgement is verified once, a few signatures in a turn
      it(`when ${name} brings the largest list that its shape allows (${nth + 1})`, async () => {
        const work = await prepare();
        const most = await watch.most(work);
        assert.ok(most <= MOST, `${most} signatures in a turn, ${watch.total} in all`);
      });
    }
  }

  /** Claims that all rest on the same 64 acknowledgements. */
  async function claimsOfMany(): Promise<() => Promise<unknown>> {
    const { message, submission } = await at.treat();
    const entries = [...(submission.entries ?? [])];
    while (entries.length < 64) entries.push((await at.write('encounters')).acknowledgement);
    const records: readonly Bytes32[] = entries.map(({ entry }) => entry);
    const claims = Array.from({ length: 80 }, (_, amount): Submission => {
      const terms = { ...message.terms, records };
      const claim: InsuranceClaim = { ...message, terms, amount: amount + 1 };
      const request = sign(at.care.patient, at.care.patient, 'InsuranceClaim', claim);
      return { ...submission, request, entries: structuredClone(entries) };
    });
    return async () => {
      await at.network.agent().submit(claims);
      const each = entries.length * 3 * ORGANISATIONS;
      assert.ok(watch.total < each + claims.length * 16, `${watch.total} signatures`);
    };
  }

  /** As many requests as one call takes, each signed by somebody else than its party. */
  function ofMany(type: 'Grant' | 'View'): () => Promise<() => Promise<unknown>> {
    return async () => {
      const { patient, doctor, handle, right } = at.care;
      const requests = Array.from({ length: 1024 }, (_, nth): Submission => {
        const salt = `0x${nth.toString(16).padStart(32, '0')}` as const;
        const deadline = BEGIN + 300;
        const view = { what: 'chart', log: 'care/hospital', handle, grant: ZERO32, salt } as const;
        const rest = { record: ZERO32, version: 0, purpose: 'PATRQT', deadline } as const;
        const request =
          type === 'Grant'
            ? sign(patient, doctor, type, { ...right.grant, handle, deadline: deadline + nth })
            : sign(patient, doctor, type, { ...view, ...rest });
        return { request: { ...request, party: patient.address } };
      });
      return await Promise.resolve(async () => {
        await at.network.agent().submit(requests);
        assert.ok(watch.total >= requests.length, `${watch.total} signatures`);
      });
    };
  }

  async function successorOfMany(): Promise<() => Promise<unknown>> {
    const { file } = at.network;
    const signature = `0x${'11'.repeat(64)}1b` as const;
    const signatures = Array.from({ length: MAX_SUCCESSOR_SIGNATURES }, () => signature);
    const successor: Successor = {
      format: 'medseal-successor/1',
      number: 1,
      predecessor: fingerprintOf(watch.primitives, file),
      from: BEGIN + 60,
      authority: file.authority,
      channels: file.channels,
      signatures,
      offices: [],
      stakes: [],
    };
    return await Promise.resolve(async () => {
      await assert.rejects(at.network.agent().succeed(successor));
    });
  }
});
