import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { lyingTo } from '../../src/client/test/lyingTo.ts';
import {
  ORGANISATIONS,
  startTestNetwork,
  type TestNetwork,
} from '../../src/node/test/testNetwork.ts';
import type { CastMember, Cast } from './Cast.ts';
import { eraseScenario } from './eraseScenario.ts';
import { StepRunner } from './StepRunner.ts';

async function actor(
  network: TestNetwork,
  name: string,
  role: 'patient' | 'doctor',
): Promise<CastMember> {
  // Time passes for somebody who waits.
  const party = lyingTo(network, await network.party(role), {});
  return { name, role, organisation: 'hospital', party, fresh: false };
}

describe('an erasure, played', () => {
  for (const guarded of [false, true]) {
    it(`refuses what was erased and leaves no file ${guarded ? 'with' : 'without'} a release key`, async () => {
      const network = await startTestNetwork(guarded ? { guarded } : {});
      try {
        const patient = await actor(network, 'patient', 'patient');
        await commitEpochs(patient.party, 3);
        const doctor = await actor(network, 'doctor', 'doctor');
        const specialist = await actor(network, 'specialist', 'doctor');
        const cast: Cast = { patient, doctor, specialist };
        const runner = new StepRunner(
          () => 0,
          () => undefined,
        );
        await eraseScenario(runner, cast);
        const refused = runner.results.filter(({ outcome }) => outcome === 'refused');
        assert.deepEqual(
          refused.map(({ code }) => code),
          [
            'RECORD_ERASED',
            ...(guarded ? ['SEAL_UNREADABLE'] : []),
            'EVIDENCE_INVALID',
            'RELEASE_UNKNOWN',
          ],
        );
        assert.ok(refused[0]?.index !== undefined, 'the refusal is on the log');
        await network.checkpoint();
        for (const name of ORGANISATIONS) {
          const { files } = await network.services(name).vault.usage();
          assert.equal(files, 1, `${name} has the second plan alone`);
        }
      } finally {
        await network.close();
      }
    });
  }
});
