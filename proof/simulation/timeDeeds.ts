import { createHash } from 'node:crypto';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { checkInbox } from '../../src/client/care/inbox/checkInbox.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { confirmFacts } from '../../src/client/audit/confirmFacts.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { sendLetter } from '../../src/client/letters/letters.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { readAudit } from '../../src/client/audit/readAudit.ts';
import { readChart, type Chart } from '../../src/client/records/readChart.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { restorePatient } from '../../src/client/state/restorePatient.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import { bytesToUtf8, utf8ToBytes } from '../../src/crypto/bytes.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { Acknowledgement } from '../../src/protocol/evidence/evidence.ts';
import type { Organisation } from '../../src/protocol/ids.ts';
import { CATEGORIES } from '../../src/protocol/vocabulary.ts';
import type { Consortium } from './Consortium.ts';
import { SimulatedDevice } from './SimulatedDevice.ts';

/** Options of `timeDeeds`. */
export interface DeedsOptions {
  readonly consortium: Pick<Consortium, 'party'>;
  /** Milliseconds. */
  readonly now: () => number;
  /** Lets time pass, milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Organisation whose agent everybody asks, and the one of another reader. */
  readonly at: readonly [Organisation, Organisation];
  /** Names those who are enrolled. */
  readonly name: string;
}

/** Milliseconds between rounds in which copies reach the others. */
const COPYING = 3000;

/**
 * Sends every request that a party can send to an agent, for a patient and doctors of its own, and measures each.
 *
 * @param options - The consortium, and its time.
 * @param rounds - Number of times that each is done.
 * @returns Milliseconds, by action.
 */
export async function timeDeeds(
  options: DeedsOptions,
  rounds: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { consortium, now, sleep, at, name } = options;
  const times = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    await runRound(round);
    await sleep(COPYING);
  }
  return times;

  async function timed<Result>(deed: string, work: () => Promise<Result>): Promise<Result> {
    const began = now();
    const result = await work();
    times.set(deed, [...(times.get(deed) ?? []), now() - began]);
    return result;
  }

  async function person(who: string, organisation: Organisation): Promise<Party> {
    const seed = new Uint8Array(createHash('sha256').update(who).digest());
    return await consortium.party({
      name: who,
      organisation,
      device: new SimulatedDevice(),
      seed,
    });
  }

  async function runRound(round: number): Promise<void> {
    const [here, there] = at;
    const patient = await person(`patient ${name} ${round}`, here);
    const doctor = await person(`doctor ${name} ${round}`, here);
    const other = await person(`other ${name} ${round}`, there);
    await timed('enrol a patient', async () => {
      await enrol(patient, { role: 'patient', organisation: here });
    });
    await timed('enrol a doctor', async () => {
      await enrol(doctor, { role: 'doctor', organisation: here });
    });
    await enrol(other, { role: 'doctor', organisation: there });
    await timed('commit epochs', async () => await commitEpochs(patient, 3));
    await timed('facts', async () => await confirmFacts(patient, { party: doctor.address }));
    const rights = {
      categories: CATEGORIES,
      actions: ['read', 'add', 'amend'],
      purpose: 'TREAT',
      until: seconds(patient.clock) + 3600,
    } as const;
    const given = await timed(
      'grant',
      async () => await grantRight(patient, { grantee: doctor.address, ...rights }),
    );
    const elsewhere = await grantRight(patient, { grantee: other.address, ...rights });
    const { handle } = await readPatientState(patient);
    const own = { handle, purpose: 'PATRQT' } as const;
    const version = { category: 'laboratory', content: utf8ToBytes(`said in ${round}`) } as const;
    const added = await timed('add', async () => await addRecord(patient, { ...own, ...version }));
    const right = { handle, purpose: 'TREAT', grant: given.grant } as const;
    const amends = await timed(
      'add by a right',
      async () => await addRecord(doctor, { ...right, ...version }),
    );
    await timed('amend', async () => {
      await addRecord(doctor, { ...right, ...version, amends });
    });
    const chart = await timed('list', async () => await readChart(patient, own));
    await timed('list by a right', async () => await readChart(doctor, right));
    await timed('read', async () => await readFirst(patient, chart));
    await timed('receipt', async () => await fetchReceipt(patient, added.acknowledgement));
    await sleep(COPYING);
    await timed('read elsewhere', async () => {
      const far = { ...right, grant: elsewhere.grant };
      await readFirst(other, await readChart(other, far), added.acknowledgement);
    });
    await timed('letter', async () => {
      await sendLetter(patient, doctor.address, { grant: given.grant });
    });
    await timed('letters', async () => await checkInbox(doctor));
    await timed('restore', async () => {
      await restorePatient({ ...patient, device: new SimulatedDevice() });
    });
    await timed('revoke', async () => await revokeRight(patient, given.digest));
    await timed('refusal', async () => {
      const denied = await readChart(doctor, right).then(
        () => 'nothing',
        (error: { readonly code?: string }) => error.code,
      );
      if (denied !== 'RIGHT_ENDED') throw new Error(`a right that was ended gives ${denied}`);
    });
    await timed('audit', async () => await readAudit(patient));
  }
}

async function readFirst(party: Party, chart: Chart, wanted?: Acknowledgement): Promise<void> {
  const found = chart.records.find(
    ({ acknowledgement }) => wanted === undefined || acknowledgement.entry === wanted.entry,
  );
  if (found === undefined) throw new Error('the chart is empty');
  const { content } = await readRecord(party, chart, found);
  if (!bytesToUtf8(content).startsWith('said in ')) throw new Error('a record says otherwise');
}
