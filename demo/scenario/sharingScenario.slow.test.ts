import { after, before, describe, it } from 'node:test';
import { syntheaAbsent, syntheaPatients } from '../../src/fhir/test/synthea.ts';
import { assertAllAsExpected, setSharingStage, type SharingStage } from './test/sharingStage.ts';

describe('the scenario of P2, on more patients', { skip: syntheaAbsent }, () => {
  let stage: SharingStage;
  before(async () => {
    stage = await setSharingStage();
  });
  after(async () => await stage.close());

  // The first is in the quick test.
  for (const [name, bundle] of syntheaPatients().slice(1)) {
    it(`goes as the paper has it on Synthea’s ${name}`, async () => {
      assertAllAsExpected(await stage.play(bundle));
    });
  }
});
