import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { everything, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { AgentPort, Submission } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32, type Hex } from '../../protocol/ids.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { grantRight } from '../rights/grantRight.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { sealVersion } from '../records/sealVersion.ts';
import { viewChart } from '../records/viewChart.ts';

/** Number of writes that are submitted at once. */
const MOST = 512;

/** Calls and gas that a grant took. */
export interface GrantTaken {
  /** Calls to the agent in their order, with the characters of question and answer as JSON. */
  readonly calls: readonly (readonly [name: string, size: number])[];
  /** Gas of its block. */
  readonly gas: number;
  readonly milliseconds: number;
}

/**
 * Grants a new patient's whole chart to a doctor, once it has a number of records.
 *
 * @param network - Network to do it in.
 * @param records - Number of records.
 */
export async function grantOn(network: TestNetwork, records: number): Promise<GrantTaken> {
  const patient = await network.party('patient');
  const doctor = await network.party('doctor');
  await commitEpochs(patient, 4);
  await addRecords(patient, records);
  const { party, calls } = watched(patient);
  const began = performance.now();
  await grantRight(party, everything(doctor));
  const milliseconds = performance.now() - began;
  const block = await network.ledger.request({
    method: 'eth_getBlockByNumber',
    params: ['latest', false],
  });
  const { gasUsed } = block as { readonly gasUsed: Hex };
  return { calls, gas: Number(gasUsed), milliseconds };
}

async function addRecords(patient: Party, records: number): Promise<void> {
  const { handle } = await readPatientState(patient);
  const version = { handle, category: 'vitals', purpose: 'PATRQT' } as const;
  const content = utf8ToBytes('a record');
  const deadline = seconds(patient.clock) + 300;
  const common = {
    ...version,
    log: patient.log,
    action: 'add',
    version: 1,
    begunBy: patient.address,
    about: ZERO32,
    grant: ZERO32,
  } as const;
  for (let left = records; left > 0; left -= MOST) {
    const submissions: Submission[] = [];
    while (submissions.length < Math.min(left, MOST)) {
      const record = bytesToHex(patient.random(32));
      const { epoch, file, size } = await sealVersion(patient, record, { ...version, content });
      const salt = bytesToHex(patient.random(16));
      const write: Write = { ...common, record, epoch, file, size, deadline, salt };
      submissions.push({ request: sign(patient, patient, 'Write', write) });
    }
    const outcomes = await patient.agent.submit(submissions);
    const failed = outcomes.find(({ outcome }) => outcome !== 'acknowledged');
    if (failed !== undefined) throw new Error(JSON.stringify(failed));
  }
  const chart = await viewChart(patient, { handle, purpose: 'PATRQT' });
  if (chart.records.length !== records)
    throw new Error(`${chart.records.length} records are listed`);
}

/** A party, and its calls to its agent with the answers. */
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
