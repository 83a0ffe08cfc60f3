import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { logSize, submissionOf, submitted, viewOf, writeOf } from '../../node/test/requests.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { verifyAcknowledgement } from '../../protocol/evidence/verifyAcknowledgement.ts';
import type { CoordinatorPort, Judgement } from '../ports.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
afterEach(() => network.liars.coordinator.clear());
after(async () => await network.close());

type Judge = CoordinatorPort['judge'];

/** Has a coordinator answer otherwise than the real one would. */
function lie(organisation: string, change: (given: Judgement, real: Judge) => unknown): void {
  const real = network.services(organisation).coordinator;
  const judge: Judge = async (request) => {
    const given = await real.judge(request);
    return (await change(given, async (other) => await real.judge(other))) as Judgement;
  };
  network.liars.coordinator.set(organisation, { ...real, judge });
}

/** An answer that does not come. */
function failing(error: MedsealError): () => never {
  return () => {
    throw error;
  };
}

const malformed = { index: 0, problem: { code: 'RIGHT_MISSING', values: {} } };

const lies: [string, (given: Judgement) => unknown][] = [
  ['answers nothing', () => null],
  ['answers a text', () => 'yes'],
  ['answers without its refusals', ({ verdict }) => ({ verdict })],
  ['refuses all', () => ({ refused: [malformed] })],
  ['refuses with a problem of no form', () => ({ refused: [{ index: 0, problem: null }] })],
  ['signs nothing that is a signature', (given) => withVerdict(given, { signature: '0x00' })],
  ['signs another log', (given) => resigned(given, { log: word('x') })],
  ['signs another root', (given) => resigned(given, { root: word('x') })],
  ['signs it as another kind', (given) => resigned(given, { kind: 'neither' })],
  ['signs another size', (given) => resigned(given, { size: 2 })],
  [
    'alters what it signed',
    ({ refused, verdict }) => ({
      refused,
      verdict: { ...verdict, verdict: { ...verdict?.verdict, at: 1 } },
    }),
  ],
  ['signs with a key of nobody', (given) => resigned(given, {}, signatory('nobody'))],
  [
    'signs under another’s name',
    (given) => withVerdict(given, { coordinator: addressOf('hospital') }),
  ],
  ['verdict without a verdict', (given) => withVerdict(given, { verdict: null })],
];

describe('an agent that collects verdicts', () => {
  for (const [name, answer] of lies) {
    it(`is not held up by one coordinator that ${name}`, async () => {
      lie('insurer', answer);
      const write = await writeOf(care);
      const outcome = await submitted(care.doctor, submissionOf(care, 'Write', write));
      assert.equal(outcome.outcome, 'acknowledged');
      verifyAcknowledgement(care.doctor, network.file, outcome.acknowledgement);
      const coordinators = outcome.acknowledgement.verdicts.map(({ coordinator }) => coordinator);
      for (const honest of ['hospital', 'laboratory']) {
        assert.ok(coordinators.includes(addressOf(honest)));
      }
    });

    it(`enters nothing as accepted where two ${name}`, async () => {
      lie('insurer', answer);
      lie('laboratory', answer);
      const size = await logSize(network);
      const outcome = await submitted(care.doctor, submissionOf(care, 'View', viewOf(care)));
      assert.equal(outcome.outcome, 'refused');
      assert.ok(!('release' in outcome));
      network.liars.coordinator.clear();
      assert.ok((await logSize(network)) <= size + 1);
      for (const body of await bodiesFrom(size)) assert.ok(body.includes('"flag":"R"'));
    });
  }

  it('takes a verdict that holds from one that refuses what was not asked', async () => {
    lie('insurer', ({ verdict }) => ({ refused: [{ ...malformed, index: 7 }], verdict }));
    const outcome = await submitted(care.doctor, submissionOf(care, 'View', viewOf(care)));
    assert.ok(outcome.outcome === 'acknowledged');
    assert.equal(outcome.acknowledgement.verdicts.length, 3);
  });

  it('names the clock if one more of those that refuse its calls for it would make a quorum', async () => {
    const skewed = failing(new MedsealError('PEER_CALL_SKEWED', { limit: 30 }));
    lie('insurer', skewed);
    const view = (): Submission => submissionOf(care, 'View', viewOf(care));
    assert.equal((await submitted(care.doctor, view())).outcome, 'acknowledged');
    lie('laboratory', skewed);
    const outcome = await submitted(care.doctor, view());
    assert.ok(outcome.outcome === 'refused');
    assert.deepEqual(outcome.problem.code, 'CLOCK_SKEWED');
    assert.deepEqual(outcome.problem.values, { limit: 30 });
  });

  it('does not name the clock if others are away', async () => {
    const away = failing(new MedsealError('PEER_UNREACHABLE', { peer: 'insurer' }));
    for (const organisation of ['insurer', 'laboratory']) lie(organisation, away);
    const outcome = await submitted(care.doctor, submissionOf(care, 'View', viewOf(care)));
    assert.ok(outcome.outcome === 'refused');
    assert.equal(outcome.problem.code, 'VERDICTS_MISSING');
  });

  it('is not told by one coordinator that a good request is bad', async () => {
    lie('insurer', async (given, real) => {
      await real({ log: 'care/hospital', bodies: [] });
      return { ...given, refused: [malformed] };
    });
    const outcome = await submitted(care.doctor, submissionOf(care, 'View', viewOf(care)));
    assert.equal(outcome.outcome, 'acknowledged');
  });
});

function addressOf(organisation: string): `0x${string}` {
  return network.keys.get(organisation)?.coordinator.address ?? '0x';
}

function withVerdict(given: Judgement, change: object): unknown {
  return { refused: given.refused, verdict: { ...given.verdict, ...change } };
}

/** The verdict changed, and signed again by the coordinator itself or someone else. */
function resigned(
  given: Judgement,
  change: object,
  signer = network.keys.get('insurer')?.coordinator,
): unknown {
  const verdict = { ...Object(given.verdict?.verdict), ...change };
  if (signer === undefined) throw new Error('no key');
  const { party, signature } = sign(care.doctor, signer, 'Verdict', verdict);
  return { refused: given.refused, verdict: { verdict, coordinator: party, signature } };
}

async function bodiesFrom(from: number): Promise<string[]> {
  const to = await logSize(network);
  if (to === from) return [];
  const entries = await network.services().contributor.read({ log: 'care/hospital', from, to });
  return entries.map(({ body = '' }) => body);
}
