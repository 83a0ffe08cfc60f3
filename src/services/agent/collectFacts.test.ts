import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import type { Party } from '../../client/party/Party.ts';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { AttestedFacts } from '../../protocol/facts.ts';

let network: TestNetwork;
let doctor: Party;

before(async () => {
  network = await startTestNetwork({ seed: 'collected facts' });
  doctor = await network.party('doctor');
});
after(async () => await network.close());

async function turns(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
}

describe('facts that coordinators attest', () => {
  const lies: readonly ((answer: AttestedFacts) => AttestedFacts)[] = [
    ({ facts, ...rest }) => ({ ...rest, facts: { asked: facts.asked } }),
    (answer) => ({ ...answer, facts: { ...answer.facts, asked: {} } }),
    (answer) => ({ ...answer, signature: `0x${'11'.repeat(65)}` }),
  ];
  for (const [place, lie] of lies.entries()) {
    it(`wait for k whom the asker can count, not for a malformed answer (${place})`, async () => {
      const [insurer, laboratory] = ['insurer', 'laboratory'].map(
        (name) => network.services(name).coordinator,
      );
      assert.ok(insurer && laboratory);
      const slow = Promise.withResolvers<void>();
      network.liars.coordinator.set('insurer', {
        ...insurer,
        attest: async (query) => lie(await insurer.attest(query)),
      });
      network.liars.coordinator.set('laboratory', {
        ...laboratory,
        attest: async (query) => {
          await slow.promise;
          return await laboratory.attest(query);
        },
      });
      const asking = confirmFacts(doctor, { party: doctor.address });
      asking.catch(() => undefined);
      await turns();
      network.clock.advance(600);
      await turns();
      slow.resolve();
      assert.equal((await asking).party?.party, doctor.address);
      network.liars.coordinator.clear();
    });
  }
});
