import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simulatedCipher as cipher } from '../../proof/simulation/simulatedCipher.ts';
import { lyingTo } from '../../src/client/test/lyingTo.ts';
import { startTestNetwork, type TestNetwork } from '../../src/node/test/testNetwork.ts';
import type { Role } from '../../src/protocol/vocabulary.ts';
import type { CastMember, CustodyCast } from './Cast.ts';
import { custodyScenario } from './custodyScenario.ts';
import type { PassTime } from './HeldClock.ts';
import { StepRunner } from './StepRunner.ts';
import { custodyDenials } from './test/custodyDenials.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ guarded: true, cipher, further: ['mandates'] });
});
after(async () => await network.close());

async function actor(name: string, role: Role): Promise<CastMember> {
  // Time passes for somebody who waits.
  const party = lyingTo(network, await network.party(role), {});
  return { name, role, organisation: 'hospital', party, fresh: false };
}

async function freshCast(): Promise<CustodyCast> {
  return {
    son: await actor('son', 'patient'),
    mother: await actor('mother', 'patient'),
    aunt: await actor('aunt', 'nurse'),
    doctor: await actor('doctor', 'doctor'),
    locum: await actor('locum', 'doctor'),
  };
}

async function play(
  cast: CustodyCast,
  authority = network.authorityKeys,
  passTime?: PassTime,
): Promise<StepRunner> {
  const runner = new StepRunner(
    () => 0,
    () => undefined,
  );
  await custodyScenario(runner, cast, authority, passTime);
  for (const { name, outcome, expected } of runner.results) assert.equal(outcome, expected, name);
  return runner;
}

function refusedIn({ results }: StepRunner): readonly (readonly [string, string | undefined])[] {
  const refused = results.filter(({ outcome }) => outcome === 'refused');
  return refused.map(({ name, code }) => [name, code] as const);
}

describe('custody', () => {
  it('is played with days that pass, each denial with its code', async () => {
    const pass = (seconds: number): void => network.clock.advance(seconds * 1000);
    const runner = await play(await freshCast(), network.authorityKeys, pass);
    assert.deepEqual(refusedIn(runner), custodyDenials({ days: true, authority: true }));
    assert.deepEqual(network.failures, []);
  });

  it('is played twice by the same people where no days pass, and recovers no key with one member of the authority', async () => {
    const cast = await freshCast();
    for (const authority of [true, false]) {
      const keys = network.authorityKeys.slice(0, authority ? 3 : 1);
      assert.deepEqual(
        refusedIn(await play(cast, keys)),
        custodyDenials({ days: false, authority }),
      );
    }
  });
});
