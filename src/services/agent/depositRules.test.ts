import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import {
  BEGIN,
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Outcome } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32, type Hex } from '../../protocol/ids.ts';
import { packetsHash } from '../../protocol/rights/packetsHash.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';

const native = await createNativePrimitives();
/** Signatures that the patient made, by how often one was recovered, whoever did. */
let recovered = new Map<Hex, number>();
let network: TestNetwork;
let care: Care;
let salts = 0;

before(async () => {
  const primitives = {
    ...native,
    recover(digest: Uint8Array, signature: Uint8Array) {
      const key = `0x${Buffer.from(signature).toString('hex')}` as const;
      recovered.set(key, (recovered.get(key) ?? 0) + 1);
      return native.recover(digest, signature);
    },
  };
  network = await startTestNetwork({ cared: true, primitives });
  care = await startCare(network);
});
beforeEach(() => {
  network.liars.contributor.clear();
  recovered = new Map();
});
after(async () => {
  assert.deepEqual(network.failures, []);
  await network.close();
});

/** A grant with its packet, and the patient's word for that. */
function grant() {
  salts += 1;
  const { patient, handle, right } = care;
  const deadline = BEGIN + 300;
  const salt = word(`salt ${salts}`).slice(0, 34) as Hex;
  const message = { handle, terms: { ...right.grant.terms, salt }, deadline };
  const digest = digestOf(patient, 'Grant', message);
  const packets = [{ grant: digest, epoch: 1, packet: 'c2VhbGVk' }];
  const along = { handle, revision: 9, state: ZERO32, deadline };
  const keep = sign(patient, patient, 'Keep', {
    ...along,
    packets: packetsHash(patient.primitives, packets),
  });
  return { request: sign(patient, patient, 'Grant', message), packets, keep, digest };
}

function grants(count: number): readonly ReturnType<typeof grant>[] {
  return Array.from({ length: count }, grant);
}

async function submit(submissions: readonly ReturnType<typeof grant>[]) {
  return await network
    .agent()
    .submit(submissions.map(({ request, packets, keep }) => ({ request, packets, keep })));
}

function codes(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map((each) => (each.outcome === 'refused' ? each.problem.code : each.outcome));
}

async function packetsAt(name: (typeof ORGANISATIONS)[number], digest: Bytes32): Promise<number> {
  const range = { gte: `packet/${digest}/`, lt: `packet/${digest}0` };
  return (await network.database(name, 'kept').keys(range).all()).length;
}

describe('the deposits of rule requests', () => {
  for (const count of [1, 50]) {
    it(`cost each organisation one recovery of each signature (${count} at once)`, async () => {
      const submissions = grants(count);
      assert.deepEqual(new Set(codes(await submit(submissions))), new Set(['placed']));
      for (const { request, keep } of submissions) {
        assert.equal(recovered.get(keep.signature), ORGANISATIONS.length);
        // The ledger recovers that of the request thrice: to estimate the gas twice, and in the block.
        assert.equal(recovered.get(request.signature), ORGANISATIONS.length + 3);
      }
    });
  }

  it('are verified by every organisation for itself', async () => {
    const { request, packets, keep } = grant();
    const stolen = { ...keep, signature: request.signature };
    for (const name of ORGANISATIONS) {
      const { contributor } = network.services(name);
      const refused = await contributor.keepRules([{ request, packets, keep: stolen }]);
      assert.deepEqual(
        refused.map(({ index, problem }) => [index, problem.code]),
        [[0, 'SIGNATURE_INVALID']],
      );
    }
  });

  it('go to each organisation in one call, and each is kept for itself', async () => {
    const calls = new Map<string, number>();
    for (const name of ORGANISATIONS) {
      const { contributor } = network.services(name);
      network.liars.contributor.set(name, {
        ...contributor,
        keepRules: async (submissions) => {
          calls.set(name, (calls.get(name) ?? 0) + 1);
          return await contributor.keepRules(submissions);
        },
      });
    }
    const submissions = grants(50);
    const [first, second, ...others] = submissions;
    assert.ok(first !== undefined && second !== undefined);
    const altered = { ...second, keep: first.keep };
    const outcomes = await submit([first, altered, ...others]);
    assert.deepEqual(codes(outcomes), [
      'placed',
      'REQUEST_MALFORMED',
      ...others.map(() => 'placed'),
    ]);
    assert.deepEqual([...calls.values()], [1, 1, 1]);
    for (const { digest } of [first, ...others]) {
      assert.equal(await packetsAt('hospital', digest), 1);
    }
    assert.equal(await packetsAt('hospital', second.digest), 0);
  });

  it('fail with the names of those that do not keep them, each for itself', async () => {
    const [refused, kept] = grants(2);
    assert.ok(refused !== undefined && kept !== undefined);
    for (const name of ['laboratory', 'insurer'] as const) {
      const { contributor } = network.services(name);
      network.liars.contributor.set(name, {
        ...contributor,
        keepRules: async (submissions) => {
          const at = submissions.findIndex(
            ({ keep }) => keep?.signature === refused.keep.signature,
          );
          const problem = { code: 'STORAGE_FULL', status: 507, title: '', values: {} } as never;
          return await Promise.resolve(at === -1 ? [] : [{ index: at, problem }]);
        },
      });
    }
    const outcomes = await submit([kept, refused]);
    assert.deepEqual(codes(outcomes), ['placed', 'PEER_UNREACHABLE']);
    const [, last] = outcomes;
    assert.ok(last?.outcome === 'refused');
    assert.deepEqual(last.problem.values, { peer: 'laboratory, insurer' });
  });

  it('fail with what the device can act on, though another organisation is away', async () => {
    const unplugged = new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' });
    const stale = { index: 0, problem: new MedsealError('STATE_STALE', {}).toProblem() };
    const answers = { hospital: unplugged, laboratory: [stale], insurer: [stale] } as const;
    for (const name of ORGANISATIONS) {
      const answer = answers[name];
      const keepRules = async () =>
        await (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
      const { contributor } = network.services(name);
      network.liars.contributor.set(name, { ...contributor, keepRules });
    }
    assert.deepEqual(codes(await submit(grants(1))), ['STATE_STALE']);
  });

  it('are not taken for kept where an organisation answers something else', async () => {
    for (const name of ['laboratory', 'insurer'] as const) {
      const { contributor } = network.services(name);
      network.liars.contributor.set(name, { ...contributor, keepRules: sayAll });
    }
    assert.deepEqual(codes(await submit(grants(1))), ['PEER_UNREACHABLE']);
  });
});

/** An answer that is not of the form of one. */
async function sayAll(): Promise<never> {
  return await Promise.resolve('all' as never);
}
