import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { openParty, type Party } from '../client/party/Party.ts';
import { readPatientState } from '../client/state/PatientState.ts';
import { readChart } from '../client/records/readChart.ts';
import { readRecord } from '../client/records/readRecord.ts';
import { restorePatient } from '../client/state/restorePatient.ts';
import { phraseToSeed, seedToPhrase } from '../crypto/keys/phrase.ts';
import { createValidator } from '../fhir/createValidator.ts';
import { exactJson } from '../fhir/exactJson.ts';
import { parseFhirJson } from '../fhir/parseFhirJson.ts';
import { reassembleBundle } from '../fhir/reassembleBundle.ts';
import { loadFhirDefinitions } from '../node/loadFhirDefinitions.ts';
import { openNetwork, type RunningNetwork } from '../node/openNetwork.ts';
import { scratchFolder } from '../node/test/scratchFolder.ts';
import { memoryDevice } from '../client/party/memoryDevice.ts';
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
