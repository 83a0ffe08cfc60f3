import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import {
  everything,
  seededRandom,
  startTestNetwork,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { addRecord } from '../records/addRecord.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { grantRight } from '../rights/grantRight.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { readChart } from '../records/readChart.ts';
import { revokeRight } from '../rights/revokeRight.ts';

/** Number of races. */
const RUNS = Number(process.env['RUNS'] ?? 100);
/** Number of races on one chart: packets grow with its epochs. */
const ON_ONE_CHART = 20;

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ seed: 'races' });
});
after(async () => await network.close());

/** The party at an agent that takes its time, before and after each call, as the seed says. */
function unhurried(party: Party, seed: string): Party {
  const random = seededRandom(seed);
  const wait = async (): Promise<void> => {
    for (let turns = (random(1)[0] ?? 0) % 24; turns > 0; turns--) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  };
  const agent: AgentPort = new Proxy(party.agent, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (...values: unknown[]) => Promise<unknown>;
      if (name === 'download') return method;
      return async (...values: unknown[]) => {
        await wait();
        const value = await method(...values);
        await wait();
        return value;
      };
    },
  });
  return { ...party, agent };
}

describe('an addition that races a revocation', () => {
  it('is open to the former grantee where it was judged before, and closed where it was after', async (t) => {
    const author = await network.party('doctor');
    const reader = await network.party('doctor');
    const outcomes = { before: 0, after: 0 };
    for (let race = 0; race < RUNS; race += ON_ONE_CHART) {
      const patient = await network.party('patient');
      await commitEpochs(patient, ON_ONE_CHART + 4);
      const { handle } = await readPatientState(patient);
      const writing = await grantRight(patient, { ...everything(author), actions: ['add'] });
      for (let each = race; each < race + ON_ONE_CHART; each++) {
        const right = { categories: ['vitals'], actions: ['read'] } as const;
        const reading = await grantRight(patient, { ...everything(reader), ...right });
        const { grant } = reading;
        const chart = await readChart(reader, { handle, grant, purpose: 'TREAT' });
        const epoch = (await confirmFacts(reader, { handle })).patient?.epoch ?? 0;
        const key = chart.identityFor(epoch, 'vitals');
        const [added, ended] = await Promise.all([
          addRecord(unhurried(author, `author ${each}`), {
            handle,
            category: 'vitals',
            content: utf8ToBytes(`note ${each}`),
            purpose: 'TREAT',
            grant: writing.grant,
          }),
          revokeRight(unhurried(patient, `patient ${each}`), reading.digest),
        ]);
        const body = JSON.parse(added.acknowledgement.body) as Body;
        const write = body.request.message as Write;
        const earlier = body.block < ended.block;
        assert.equal(write.epoch, earlier ? epoch : epoch + 1, `race ${each}`);
        const sealed = await collectBytes(network.services().contributor.file(write.file));
        const opened = await openBytes([key], sealed).then(bytesToUtf8, (error: unknown) => {
          assert.ok(isMedsealError(error, 'SEAL_UNREADABLE'));
        });
        assert.equal(opened, earlier ? `note ${each}` : undefined, `race ${each}`);
        outcomes[earlier ? 'before' : 'after'] += 1;
      }
    }
    t.diagnostic(`${outcomes.before} before, ${outcomes.after} after`);
    assert.ok(outcomes.before > RUNS / 10 && outcomes.after > RUNS / 10, 'they raced');
  });
});
