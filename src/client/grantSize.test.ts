import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../crypto/bytes.ts';
import { everything, startTestNetwork, type TestNetwork } from '../node/test/testNetwork.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import { addRecord } from './addRecord.ts';
import { commitEpochs } from './commitEpochs.ts';
import { grantRight } from './grantRight.ts';
import type { Party } from './Party.ts';
import { readPatientState } from './PatientState.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ seed: 'grant size' });
});
after(async () => await network.close());

/** What a party asks of its agent and is answered, as JSON. */
function watched(party: Party): { readonly party: Party; readonly calls: [string, number][] } {
  const calls: [string, number][] = [];
  const agent: AgentPort = new Proxy(party.agent, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (...asked: unknown[]) => Promise<unknown>;
      return async (...asked: unknown[]) => {
        const answer = await method(...asked);
        calls.push([String(name), JSON.stringify([asked, answer]).length]);
        return answer;
      };
    },
  });
  return { party: { ...party, agent }, calls };
}

async function grantOn(records: number): Promise<readonly [string, number][]> {
  const patient = await network.party('patient');
  const doctor = await network.party('doctor');
  await commitEpochs(patient, 4);
  const { handle } = await readPatientState(patient);
  const content = utf8ToBytes('a record');
  for (let number = 0; number < records; number++) {
    await addRecord(patient, { handle, category: 'vitals', content, purpose: 'PATRQT' });
  }
  const { party, calls } = watched(patient);
  await grantRight(party, everything(doctor));
  return calls;
}

describe('a grant', () => {
  it('is the same calls with the same bytes, however many records it opens', async () => {
    const [none, many] = [await grantOn(0), await grantOn(200)];
    assert.deepEqual(
      many.map(([name]) => name),
      none.map(([name]) => name),
    );
    for (const [place, [name, bytes]] of many.entries()) {
      // Numbers of blocks and moments have a digit more or less.
      assert.ok(Math.abs(bytes - (none[place]?.[1] ?? 0)) <= 32, `${name}: ${bytes} bytes`);
    }
  });
});
