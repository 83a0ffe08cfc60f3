import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { behind, startTestNetwork, type TestNetwork } from '../../src/node/test/testNetwork.ts';
import type { CastMember, Cast } from './Cast.ts';
import { endsScenario } from './endsScenario.ts';
import type { HoldTime } from './HeldClock.ts';
import { StepRunner, UnexpectedOutcome } from './StepRunner.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

async function actor(name: string, role: 'patient' | 'doctor'): Promise<CastMember> {
  const party = await network.party(role);
  // Whoever waits lets the network's time pass.
  const clock = {
    now: () => network.clock.now(),
    after: (milliseconds: number, run: () => void) => {
      network.clock.advance(milliseconds);
      run();
      return () => undefined;
    },
  };
  return { name, role, organisation: 'hospital', party: { ...party, clock }, fresh: false };
}

async function freshCast(): Promise<Cast> {
  const patient = await actor('patient', 'patient');
  await commitEpochs(patient.party, 3);
  const doctor = await actor('doctor', 'doctor');
  return { patient, doctor, specialist: await actor('specialist', 'doctor') };
}

async function play(
  cast: Cast,
  authority = network.authorityKeys,
  holdTime?: HoldTime,
): Promise<StepRunner> {
  const runner = new StepRunner(
    () => 0,
    () => undefined,
  );
  await endsScenario(runner, cast, authority, holdTime);
  return runner;
}

const DENIALS = [
  ['The doctor amends what may only be added to', 'RIGHT_MISSING'],
  ['The revoked doctor opens nothing new', 'SEAL_UNREADABLE'],
  ['The revoked doctor asks for the chart', 'RIGHT_ENDED'],
  ['The other doctor asks after that, on a ledger that stands still', 'RIGHT_ENDED'],
  ['The doctor whose right expired opens nothing new', 'SEAL_UNREADABLE'],
  ['The suspended doctor asks for the chart', 'PARTY_SUSPENDED'],
  ['The suspended doctor opens nothing new', 'SEAL_UNREADABLE'],
  ['The author answers what the other doctor reports', 'NOT_FOUND'],
  ['The other doctor asks to extend the right of the first', 'NOT_FOUND'],
  ['The doctor asks for longer than the network allows', 'RIGHT_INVALID'],
  ['The doctor asks to extend a right that the patient ended', 'RIGHT_ENDED'],
  ['The doctor asks for the chart before the ledger has that end', 'RIGHT_ENDED'],
  ['A node flips one bit of a sealed file', 'FILE_MISMATCH'],
];

describe('the ends of rights', () => {
  it('are played, each with what it must not open', async () => {
    const { results } = await play(await freshCast());
    for (const { name, outcome, expected } of results) assert.equal(outcome, expected, name);
    const refused = results.filter(({ outcome }) => outcome === 'refused');
    assert.deepEqual(
      refused.map(({ name, code }) => [name, code]),
      DENIALS,
    );
    const evidenced = refused.filter(({ paper }) => paper === 'P2 denial');
    assert.ok(evidenced.every(({ log, index }) => log === 'care/hospital' && index !== undefined));
    const epochs = results.map(({ detail }) => detail).filter((each) => each?.startsWith('sealed'));
    assert.deepEqual(
      epochs,
      [1, 2, 3, 4].map((epoch) => `sealed to epoch ${epoch}`),
    );
  });

  // @actor nobody, but a machine that is slow | has a right of a few seconds end while a scenario still gives it, so that the scenario fails
  it('are played on a machine on which everything takes longer than the brief right lasts', async () => {
    const cast = await freshCast();
    let isHeld = false;
    /** A member each of whose requests takes ten seconds. */
    const slow = (member: CastMember): CastMember => {
      const { agent } = member.party;
      const submit: typeof agent.submit = async (submissions) => {
        if (!isHeld) network.clock.advance(10_000);
        return await agent.submit(submissions);
      };
      return { ...member, party: behind(member.party, { submit }) };
    };
    const all = {
      patient: slow(cast.patient),
      doctor: slow(cast.doctor),
      specialist: slow(cast.specialist),
    };
    const runner = await play(all, [], async (run) => {
      isHeld = true;
      const done = await run();
      isHeld = false;
      return done;
    });
    assert.ok(runner.results.every(({ outcome, expected }) => outcome === expected));
  });

  it('are played without a suspension if nobody has the authority’s keys', async () => {
    const { results } = await play(await freshCast(), []);
    assert.ok(results.every(({ party }) => party !== 'authority'));
    assert.ok(results.every(({ outcome, expected }) => outcome === expected));
  });

  it('stop where an agent hides that something was refused', async () => {
    const cast = await freshCast();
    const { doctor } = cast;
    const lying = behind(doctor.party, {
      submit: async (submissions) => {
        const outcomes = await doctor.party.agent.submit(submissions);
        return outcomes.map((outcome) =>
          outcome.outcome === 'refused'
            ? { outcome: 'placed', transaction: '0x', block: 0 }
            : outcome,
        );
      },
    });
    const deceived = { ...cast, doctor: { ...doctor, party: lying } };
    await assert.rejects(play(deceived), UnexpectedOutcome);
  });
});
