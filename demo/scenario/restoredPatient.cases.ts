import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { openParty, type Party } from '../../src/client/party/Party.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { restorePatient } from '../../src/client/state/restorePatient.ts';
import { phraseToSeed, seedToPhrase } from '../../src/crypto/keys/phrase.ts';
import { createValidator } from '../../src/fhir/createValidator.ts';
import { exactJson } from '../../src/fhir/exactJson.ts';
import { parseFhirJson } from '../../src/fhir/parseFhirJson.ts';
import { reassembleBundle } from '../../src/fhir/reassembleBundle.ts';
import { loadFhirDefinitions } from '../../src/node/loadFhirDefinitions.ts';
import { openNetwork, type RunningNetwork } from '../../src/node/openNetwork.ts';
import { scratchFolder } from '../../src/node/test/scratchFolder.ts';
import { memoryDevice } from '../../src/client/party/memoryDevice.ts';
import type { CastMember } from './Cast.ts';
import { sharingScenario } from './sharingScenario.ts';
import { StepRunner } from './StepRunner.ts';

/**
 * That a patient's whole record comes back from 24 words: split, sealed, shared, amended, and put together again on a
 * device that knew nothing.
 *
 * @param bundles - Patients, by name.
 */
export function restoredPatientCases(bundles: readonly (readonly [string, unknown])[]): void {
  describe('a patient who has nothing left but 24 words', () => {
    let folder: string;
    let network: RunningNetwork;
    before(async () => {
      folder = await scratchFolder();
      network = await openNetwork({ folder, demo: true });
    });
    after(async () => {
      await network.close();
      await rm(folder, { recursive: true });
    });

    async function open(seed: Uint8Array): Promise<Party> {
      const agent = network.agents.get('hospital');
      assert.ok(agent);
      const { ports, file } = network;
      const device = memoryDevice();
      return await openParty({
        ...ports,
        seed,
        network: file,
        agent,
        log: 'care/hospital',
        device,
      });
    }

    async function actor(role: CastMember['role']): Promise<CastMember> {
      const party = await open(network.ports.random(32));
      return { name: role, role, organisation: 'hospital', party, fresh: true };
    }

    for (const [name, bundle] of bundles) {
      it(`has the whole record of ${name} again, as it was written`, async (t) => {
        const cast = {
          patient: await actor('patient'),
          doctor: await actor('doctor'),
          specialist: await actor('doctor'),
        };
        const runner = new StepRunner(
          () => 0,
          () => undefined,
        );
        await sharingScenario(runner, cast, bundle, createValidator(loadFhirDefinitions()));
        const phone = await open(phraseToSeed(seedToPhrase(cast.patient.party.keys.seed())));
        const { state, unknown } = await restorePatient(phone);
        assert.deepEqual(unknown, []);
        assert.deepEqual(state, await readPatientState(cast.patient.party));

        const chart = await readChart(phone, { handle: state.handle, purpose: 'PATRQT' });
        const parts: unknown[] = [];
        for (const record of chart.records) {
          const { content } = await readRecord(phone, chart, record);
          const decoded = parseFhirJson(content) as object;
          if (record.version === 1 && 'part' in decoded) parts.push(decoded);
        }
        t.diagnostic(`${chart.records.length} record versions`);
        const back = reassembleBundle(parts);
        assert.ok(back.complete);
        assert.equal(exactJson(back.bundle), exactJson(bundle));
      });
    }
  });
}
