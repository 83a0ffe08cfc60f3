import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import { submitEvidence } from '../../src/client/agent/submit.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { askRecovery } from '../../src/client/recovery/askRecovery.ts';
import { carryRecovery } from '../../src/client/recovery/carryRecovery.ts';
import { signRecovery } from '../../src/client/recovery/signRecovery.ts';
import { takeOverChart } from '../../src/client/recovery/takeOverChart.ts';
import { vetoRecovery } from '../../src/client/recovery/vetoRecovery.ts';
import type { AuthorityKey } from '../../src/client/rights/signByMembers.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../src/crypto/bytes.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { Acknowledgement } from '../../src/protocol/evidence/evidence.ts';
import { ZERO32, type Handle } from '../../src/protocol/ids.ts';
import { changeDelayOf } from '../../src/protocol/network/changeDelayOf.ts';
import type { CastMember } from './Cast.ts';
import { missing } from './chartLetters.ts';
import { finishedRecovery, newKeyOf } from './finishedRecovery.ts';
import type { PassTime } from './HeldClock.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

const PAPER = 'lost key';
const NOTE = 'Diary: slept well.';

/** Parties that play it. */
export interface TakeoverCast {
  /** A patient who loses key and words, with a chart that has an epoch. */
  readonly patient: CastMember;
  /** Somebody else, who wants to see the chart. */
  readonly stranger: CastMember;
}

/**
 * Plays a patient who lost every device and the words: the authority recovers the key, coordinators release what opens the chart to it after the delay
 * alone, and the lost key sees nothing any more.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices.
 * @param authority - Keys of k members at least.
 * @param passTime - Lets days pass.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function takeoverScenario(
  runner: StepRunner,
  { patient, stranger }: TakeoverCast,
  authority: readonly AuthorityKey[],
  passTime: PassTime,
): Promise<void> {
  const { party } = patient;
  const by = (name: string): ReturnType<typeof stepOf> => stepOf(name, PAPER, patient);
  const { handle } = await readPatientState(party);
  await runner.accepted(by('The mother keeps a diary on her own chart'), async () => {
    const { acknowledgement } = await addNote(party, handle);
    // Nothing that was acknowledged waits for its checkpoint while days pass.
    await fetchReceipt(party, acknowledgement);
    return { value: undefined, evidence: acknowledgement };
  });
  const guest = await newKeyOf(party);
  const early = { ...party, keys: guest.keys, recipient: guest.recipient };
  const file = await runner.accepted(
    by('She lost her phone and the words, and asks with a new key; enough members sign'),
    async () => {
      const asked = await askRecovery(guest, { party: party.address });
      const { file: value } = signRecovery(guest, asked, authority);
      const { transaction } = await carryRecovery(guest, value);
      return { value, txHash: transaction };
    },
  );
  await runner.refused(
    by('The new key asks for what opens her chart before the delay is over'),
    ['SIGNATURE_INVALID'],
    async () => await askTakeover(early, handle),
  );
  await runner.refused(
    by('The lost key asks for it, as nobody has recovered that one'),
    ['RIGHT_MISSING'],
    async () => await askTakeover(party, handle),
  );
  passTime(changeDelayOf(party.network));
  const renewed = await runner.accepted(
    by('After the delay nodes finish it, and the new key is hers'),
    async () => ({ value: await finishedRecovery(guest, file), detail: 'the same address' }),
  );
  await runner.refused(
    stepOf('Another asks for what opens her chart', PAPER, stranger),
    ['RIGHT_MISSING'],
    async () => await askTakeover(stranger.party, handle),
  );
  await runner.refused(
    by('She asks for the state that is sealed for a later loss'),
    ['RIGHT_MISSING'],
    async () => await askTakeover(renewed, handle, 100),
  );
  await runner.accepted(
    by('Coordinators release what opens her chart, and the diary is there'),
    async () => {
      await takeOverChart(renewed);
      const chart = await readChart(renewed, { handle, purpose: 'PATRQT' });
      const texts: string[] = [];
      for (const record of chart.records) {
        texts.push(bytesToUtf8((await readRecord(renewed, chart, record)).content));
      }
      if (!texts.includes(NOTE)) throw missing('record');
      return { value: undefined, detail: 'the keys of the chart have turned' };
    },
  );
  await runner.accepted(by('She goes on with the diary'), async () => {
    const { acknowledgement } = await addNote(renewed, handle);
    return { value: undefined, evidence: acknowledgement };
  });
  await runner.refused(
    by('Somebody who found the phone opens the chart with the lost key'),
    ['SIGNATURE_INVALID'],
    async () => await readChart(party, { handle, purpose: 'PATRQT' }),
  );
  await runner.refused(
    by('The lost key stops the recovery of the patient that is finished'),
    ['SIGNATURE_INVALID'],
    async () => await vetoRecovery(party),
  );
}

/**
 * Asks for what opens a chart after a recovery.
 *
 * @param party - The party that asks.
 * @param handle - The chart.
 * @param version - Number of the change of key that the state was sealed ahead for.
 */
export async function askTakeover(party: Party, handle: Handle, version = 1): Promise<unknown> {
  return await submitEvidence(party, 'View', {
    log: party.log,
    what: 'takeover',
    handle,
    record: ZERO32,
    version,
    grant: ZERO32,
    purpose: 'PATRQT',
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  });
}

async function addNote(
  party: Party,
  handle: Handle,
): Promise<{ readonly acknowledgement: Acknowledgement }> {
  const content = utf8ToBytes(NOTE);
  return await addRecord(party, { handle, category: 'other', content, purpose: 'PATRQT' });
}
