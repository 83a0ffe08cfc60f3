import { addRecord } from '../../src/client/records/addRecord.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { confirmVital } from '../../src/client/care/vital/confirmVital.ts';
import { objectToVital } from '../../src/client/care/vital/objectToVital.ts';
import { readLife } from '../../src/client/care/vital/readLife.ts';
import { reportDeath } from '../../src/client/care/vital/reportDeath.ts';
import { setWill } from '../../src/client/care/vital/setWill.ts';
import { signUndoing, undoVital } from '../../src/client/care/vital/undoVital.ts';
import { bytesToHex, utf8ToBytes } from '../../src/crypto/bytes.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { Death } from '../../src/protocol/care/vitalRecords.ts';
import type { CareCast } from './Cast.ts';
import { certificateOf } from './certificateOf.ts';
import { readAfter } from './readAfter.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';
import type { Visit } from './visitScenario.ts';

const HOUR = 3600;
const PAPER = 'P1 death';

/**
 * Plays a death recorded for the living, to which the patient objects, and one that two organisations record: the chart
 * is frozen, and what the patient's will names is still read. At the end the two undo it, and all is as before.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices, enrolled; the registrar is not of the doctor's organisation.
 * @param visit - The visit whose chart it is.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function deathScenario(
  runner: StepRunner,
  cast: CareCast,
  visit: Visit,
): Promise<void> {
  await recordedForTheLiving(runner, cast, visit);
  const { patient, doctor, specialist, registrar } = cast;
  const { handle, categories, grant, records } = visit;
  const heir = await runner.accepted(
    stepOf('The patient’s will lets the other doctor read afterwards', PAPER, patient),
    async () => {
      const given = await grantRight(patient.party, {
        grantee: specialist.party.address,
        categories,
        actions: ['read'],
        purpose: 'TREAT',
        until: seconds(patient.party.clock) + 2 * HOUR,
      });
      const set = await setWill(patient.party, { handle, grants: [given.digest], lasts: HOUR });
      const value = { handle, grant: given.grant, purpose: 'TREAT', will: set.will } as const;
      return { value, txHash: set.transaction, detail: 'nodes see a salted hash of it' };
    },
  );
  const death = await report(runner, cast, visit, 'A doctor reports a death');
  await runner.refused(
    stepOf('The patient’s will is changed after that', PAPER, patient),
    ['RULE_REFUSED'],
    async () => await setWill(patient.party, { handle, grants: [], lasts: HOUR }),
  );
  await runner.accepted(
    stepOf('A registrar of another organisation confirms it', PAPER, registrar),
    async () => {
      const { transaction } = await confirmVital(registrar.party, { death });
      return { value: undefined, txHash: transaction, detail: 'the chart is frozen' };
    },
  );
  await runner.refused(
    stepOf('The doctor adds a note to the chart of the dead', PAPER, doctor),
    ['CHART_FROZEN'],
    async () => await note(cast, visit),
  );
  await runner.accepted(
    stepOf('The other doctor reads by the will', PAPER, specialist),
    async () => {
      const after = records.slice(-1).map(({ acknowledgement }) => acknowledgement);
      const { acknowledgement, records: listed } = await readAfter(specialist.party, heir, after);
      const detail = `${listed.length} record versions listed`;
      return { value: undefined, evidence: acknowledgement, detail };
    },
  );
  await runner.refused(
    stepOf('The doctor, whom the will does not name, looks', PAPER, doctor),
    ['RIGHT_ENDED'],
    async () => await readChart(doctor.party, { handle, grant, purpose: 'TREAT' }),
  );
  await undo(runner, cast, visit);
}

/** One party alone cannot record a death, and the living end it with a word. */
async function recordedForTheLiving(
  runner: StepRunner,
  cast: CareCast,
  visit: Visit,
): Promise<void> {
  const { patient, doctor, registrar } = cast;
  const { handle } = visit;
  const name = 'A death is recorded for the living';
  const death = await report(runner, cast, visit, name);
  await runner.refused(
    stepOf('The same doctor confirms it', PAPER, doctor),
    ['RULE_REFUSED'],
    async () => await confirmVital(doctor.party, { death }),
  );
  await runner.accepted(
    stepOf('It has no effect: the doctor adds a note', PAPER, doctor),
    async () => {
      const { acknowledgement } = await note(cast, visit);
      return { value: undefined, evidence: acknowledgement };
    },
  );
  await runner.accepted(stepOf('The patient objects', PAPER, patient), async () => {
    const { transaction } = await objectToVital(patient.party, { handle, what: 'death' });
    const { death: after } = await readLife(patient.party, handle);
    return { value: undefined, txHash: transaction, detail: `${after.stage} is reported` };
  });
  await runner.refused(
    stepOf('A registrar confirms what the patient objected to', PAPER, registrar),
    ['NOT_FOUND'],
    async () => await confirmVital(registrar.party, { death }),
  );
}

async function report(
  runner: StepRunner,
  { doctor }: CareCast,
  { handle }: Visit,
  name: string,
): Promise<Death> {
  return await runner.accepted(stepOf(name, PAPER, doctor), async () => {
    const { clock, random, primitives, address } = doctor.party;
    const at = seconds(clock) - HOUR;
    const died = { what: 'death', handle, author: address, at } as const;
    const certificate = certificateOf(died, bytesToHex(random(16)));
    const content = bytesToHex(primitives.sha256(certificate));
    const placed = await reportDeath(doctor.party, { handle, content, at });
    return { value: placed.death, txHash: placed.transaction };
  });
}

async function undo(runner: StepRunner, cast: CareCast, visit: Visit): Promise<void> {
  const { doctor, registrar, specialist } = cast;
  const { handle } = visit;
  const undoing = {
    what: 'death',
    handle,
    content: bytesToHex(doctor.party.primitives.sha256(utf8ToBytes('The patient was seen alive.'))),
    reason: 'the patient lives',
    second: registrar.party.address,
  } as const;
  await runner.refused(
    stepOf('The other doctor undoes it in place of the registrar', PAPER, specialist),
    ['ARGUMENT_INVALID'],
    async () => await undoVital(specialist.party, await signUndoing(doctor.party, undoing)),
  );
  await runner.accepted(
    stepOf('Doctor and registrar undo what was a mistake', PAPER, registrar),
    async () => {
      const signed = await signUndoing(doctor.party, undoing);
      const { transaction } = await undoVital(registrar.party, signed);
      return { value: undefined, txHash: transaction };
    },
  );
  await runner.accepted(
    stepOf('The doctor adds a note: rights are as before', PAPER, doctor),
    async () => {
      const { acknowledgement } = await note(cast, visit);
      return { value: undefined, evidence: acknowledgement };
    },
  );
}

async function note(
  { doctor }: CareCast,
  { handle, grant }: Visit,
): Promise<Awaited<ReturnType<typeof addRecord>>> {
  const content = utf8ToBytes('Seen today.');
  const terms = { category: 'reports', purpose: 'TREAT', grant } as const;
  return await addRecord(doctor.party, { handle, ...terms, content });
}
