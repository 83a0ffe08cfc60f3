import type { Bundle } from '@medplum/fhirtypes';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { confirmFacts } from '../../src/client/audit/confirmFacts.ts';
import { confirmSheet } from '../../src/client/epochs/confirmSheet.ts';
import { examineActs } from '../../src/client/audit/examineActs.ts';
import { examineListed } from '../../src/client/audit/examineListed.ts';
import { faultsOf } from '../../src/client/audit/readAudit.ts';
import { chainBlocks } from '../../src/client/witness/chainBlocks.ts';
import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import { grantRight, type GrantGiven } from '../../src/client/rights/grantRight.ts';
import { logVersion, type LoggedVersion } from '../../src/client/records/logVersion.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { readChart, type Chart } from '../../src/client/records/readChart.ts';
import { readWholeChart } from '../../src/client/records/readWholeChart.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import { sealVersion } from '../../src/client/records/sealVersion.ts';
import type { ChartRecord } from '../../src/client/records/viewChart.ts';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../src/crypto/bytes.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { amendBundle } from '../../src/fhir/amendBundle.ts';
import { decodePart } from '../../src/fhir/decodePart.ts';
import { encodePart } from '../../src/fhir/encodePart.ts';
import { exactJson } from '../../src/fhir/exactJson.ts';
import type { Part, PartContent } from '../../src/fhir/Part.ts';
import { reassembleBundle } from '../../src/fhir/reassembleBundle.ts';
import { splitBundle } from '../../src/fhir/splitBundle.ts';
import type { Validator } from '../../src/fhir/Validator.ts';
import { canonicalJson } from '../../src/protocol/wire/canonicalJson.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { Handle } from '../../src/protocol/ids.ts';
import type { Grant } from '../../src/protocol/struct/requests.ts';
import { verifyReceipt } from '../../src/protocol/evidence/verifyReceipt.ts';
import { CATEGORIES, type Category } from '../../src/protocol/vocabulary.ts';
import type { Cast } from './Cast.ts';
import { commitWhereFresh, enrolWhereFresh } from './enrolWhereFresh.ts';
import { readAfter } from './readAfter.ts';
import { stepOf as step } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

/** Duration of rights, seconds. */
const HOUR = 3600;
const PURPOSE = 'TREAT';

/** Whom a play concerns. */
interface Play {
  readonly runner: StepRunner;
  readonly cast: Cast;
  readonly handle: Handle;
}

/** The visit that was written: the doctor's right, the other doctor's, and what is on the chart. */
interface Written {
  readonly visit: Grant;
  readonly right: GrantGiven;
  readonly bundle: Bundle;
  readonly parts: readonly Part[];
  readonly categories: readonly Category[];
  readonly logged: readonly LoggedVersion[];
}

/**
 * P2's thirteen steps on one patient's FHIR bundle, with what must be refused between them: a patient visits a
 * doctor, the record is sealed and logged, another doctor is let in, reads, amends, and is shut out again.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices.
 * @param value - The bundle, as decoded from JSON.
 * @param validator - FHIR R4.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function sharingScenario(
  runner: StepRunner,
  cast: Cast,
  value: unknown,
  validator: Validator,
): Promise<void> {
  const { patient, doctor, specialist } = cast;
  for (const actor of [patient, doctor, specialist]) await enrolWhereFresh(runner, actor);
  const { handle } = await readPatientState(patient.party);
  await commitWhereFresh(runner, patient);
  const play = { runner, cast, handle };
  const written = await writeVisit(play, value, validator);
  const chart = await readAndAmend(play, written);
  await shutOut(play, written, chart);
}

/** Writes the record of the visit, sealed and logged, for the doctor who adds and the one who is let in. */
async function writeVisit(
  { runner, cast: { patient, doctor, specialist }, handle }: Play,
  value: unknown,
  validator: Validator,
): Promise<Written> {
  const until = seconds(patient.party.clock) + HOUR;

  const visit = await runner.accepted(
    step('The patient visits the doctor, and lets the doctor add to the chart', 'P2.1', patient),
    async () => {
      const right = await grantRight(patient.party, {
        grantee: doctor.party.address,
        categories: CATEGORIES,
        actions: ['add'],
        purpose: PURPOSE,
        until,
      });
      return { value: right.grant, txHash: right.placed.transaction };
    },
  );

  const { bundle, parts } = await runner.accepted(
    step('The doctor writes the record of the visit', 'P2.2', doctor),
    async () => {
      const valid: Bundle = validator.validateBundle(value);
      const split = splitBundle(valid, { set: bytesToHex(doctor.party.random(16)) });
      const count = valid.entry?.length ?? 0;
      const detail = `valid FHIR R4: ${count} resources, ${split.length} records by category`;
      return await Promise.resolve({ value: { bundle: valid, parts: split }, detail });
    },
  );

  await runner.accepted(step('The patient signs in to the portal', 'P2.3', patient), async () => {
    const { patient: facts } = await confirmFacts(patient.party, { handle });
    const detail = `coordinators confirm the chart: epoch ${facts?.epoch ?? 0}`;
    return { value: undefined, detail };
  });

  await runner.accepted(
    step('The record is to be added: the patient’s keys are confirmed', 'P2.4', doctor),
    async () => {
      const sheet = await confirmSheet(doctor.party, handle);
      return { value: undefined, detail: `recipients of epoch ${sheet.epoch} proven` };
    },
  );

  await runner.refused(
    step('The other doctor looks before there is a right', 'P2 denial', specialist),
    ['RIGHT_MISSING'],
    async () => await readChart(specialist.party, { handle, purpose: PURPOSE }),
  );

  const categories = [...new Set(parts.map(({ category }) => category))];
  const right = await runner.accepted(
    step('The patient gives the other doctor access', 'P2.5', patient),
    async () => {
      const given = await grantRight(patient.party, {
        grantee: specialist.party.address,
        categories,
        actions: ['read', 'amend'],
        purpose: PURPOSE,
        until,
      });
      const detail = `read and amend ${categories.join(', ')}`;
      return { value: given, txHash: given.placed.transaction, detail };
    },
  );

  const sealed = await runner.accepted(
    step('The record is sealed and uploaded', 'P2.6', doctor),
    async () => {
      const files = [];
      for (const { category, content } of parts) {
        const version = {
          handle,
          category,
          content: encodePart(content),
          purpose: PURPOSE,
          grant: visit,
        } as const;
        const record = bytesToHex(doctor.party.random(32));
        files.push(await sealVersion(doctor.party, record, version));
      }
      const bytes = files.reduce((sum, { size }) => sum + size, 0);
      return { value: files, detail: `${files.length} sealed files, ${bytes} bytes` };
    },
  );

  const logged = await runner.accepted(
    step('Hash, signature and metadata go to the log', 'P2.7', doctor),
    async () => {
      const entries: LoggedVersion[] = [];
      for (const file of sealed) entries.push(await logVersion(doctor.party, file));
      const evidence = last(entries).acknowledgement;
      const detail = `${entries.length} entries, each with ${evidence.verdicts.length} verdicts`;
      return { value: entries, evidence, detail };
    },
  );

  await runner.accepted(
    step('Every request is on the ledger: the receipt holds', 'P2.8', doctor),
    async () => {
      const { acknowledgement } = last(logged);
      const receipt = await fetchReceipt(doctor.party, acknowledgement);
      const context = { domain: doctor.party.domain, primitives: doctor.party.primitives };
      verifyReceipt(context, doctor.party.network, receipt);
      const { size } = receipt.checkpoint;
      const detail = `checkpoint of ${size} entries; verified with network.json alone`;
      const txHash = receipt.ledger.transaction;
      return { value: undefined, txHash, evidence: acknowledgement, detail };
    },
  );
  return { visit, right, bundle, parts, categories, logged };
}

/** Has the other doctor read the record and amend it; returns the chart that the right showed. */
async function readAndAmend(
  { runner, cast: { specialist }, handle }: Play,
  { right, bundle, categories, logged }: Written,
): Promise<Chart> {
  const chart = await runner.accepted(
    step('The other doctor asks for access', 'P2.9', specialist),
    async () => {
      const wanted = { handle, grant: right.grant, purpose: PURPOSE } as const;
      const opened = await readAfter(specialist.party, wanted, [last(logged).acknowledgement]);
      const detail = `${opened.records.length} record versions listed`;
      return { value: opened, evidence: opened.acknowledgement, detail };
    },
  );

  const listed = await runner.accepted(
    step('The right is verified, and the key opened', 'P2.10', specialist),
    async () => {
      const mine = logged.map(({ record, version }) => listedAs(chart, record, version));
      for (const { epoch, category } of mine) chart.identityFor(epoch, category);
      const detail = `${categories.length} category keys`;
      return await Promise.resolve({ value: mine, evidence: chart.acknowledgement, detail });
    },
  );

  const contents = await runner.accepted(
    step('The other doctor fetches and decrypts', 'P2.11', specialist),
    async () => {
      const opened: { content: PartContent; record: ChartRecord }[] = [];
      let evidence = chart.acknowledgement;
      for (const record of listed) {
        const read = await readRecord(specialist.party, chart, record);
        evidence = read.acknowledgement;
        opened.push({ content: decodePart(read.content), record });
      }
      return { value: opened, evidence, detail: `${opened.length} views, evidenced first` };
    },
  );

  await runner.accepted(step('The other doctor reads it', 'P2.12', specialist), async () => {
    const whole = reassembleBundle(contents.map(({ content }) => content));
    if (!whole.complete || exactJson(whole.bundle) !== exactJson(bundle)) {
      throw new MedsealError('EVIDENCE_INVALID', { reason: 'the record came back different' });
    }
    const detail = 'the whole bundle came back equal, each number as written';
    return await Promise.resolve({ value: undefined, detail });
  });

  await runner.accepted(
    step('The other doctor amends it, as the right allows', 'P2.13', specialist),
    async () => {
      const changed = amendBundle(
        contents.map(({ content }) => content),
        reviewed(bundle),
        {
          party: specialist.party.address,
          at: seconds(specialist.party.clock),
          purpose: PURPOSE,
          edition: bytesToHex(specialist.party.random(16)),
        },
      );
      const versions: LoggedVersion[] = [];
      for (const { category, content } of changed) {
        const before = contents.find((each) => each.content.part === content.part);
        versions.push(
          await addRecord(specialist.party, {
            handle,
            category,
            content: encodePart(content),
            purpose: PURPOSE,
            grant: right.grant,
            ...(before && { amends: before.record }),
          }),
        );
      }
      const { acknowledgement, version } = last(versions);
      return { value: undefined, evidence: acknowledgement, detail: `version ${version}` };
    },
  );

  await runner.accepted(
    step('The other doctor’s list has all that the right covers', 'beyond P2', specialist),
    async () => {
      const wanted = { handle, grant: right.grant, purpose: PURPOSE } as const;
      const { chart: whole, count } = await readWholeChart(specialist.party, wanted);
      requireNoFault([...count.faults, ...count.unchecked]);
      const detail = `${whole.records.length} record versions, counted alike by k coordinators`;
      return { value: undefined, evidence: whole.acknowledgement, detail };
    },
  );
  return chart;
}

/** Ends the right, after which the other doctor reads nothing new, and everybody else goes on. */
async function shutOut(
  { runner, cast: { patient, doctor, specialist }, handle }: Play,
  { visit, right, parts }: Written,
  chart: Chart,
): Promise<void> {
  await runner.accepted(
    step('The patient ends the right; the keys turn', 'P2 revoke', patient),
    async () => {
      const placed = await revokeRight(patient.party, right.digest);
      const { epoch } = await confirmSheet(patient.party, handle);
      return { value: undefined, txHash: placed.transaction, detail: `epoch ${epoch} begins` };
    },
  );

  await runner.refused(
    step('The other doctor looks again', 'P2 denial', specialist),
    ['RIGHT_ENDED'],
    async () => await readChart(specialist.party, { handle, grant: right.grant, purpose: PURPOSE }),
  );

  const after = await runner.accepted(
    step('The doctor adds a note after that', 'beyond P2', doctor),
    async () => {
      const category: Category = parts[0]?.category ?? 'other';
      const note = await addRecord(doctor.party, {
        handle,
        category,
        content: utf8ToBytes(canonicalJson({ note: 'sealed to the new epoch' })),
        purpose: PURPOSE,
        grant: visit,
      });
      return { value: { ...note, category }, evidence: note.acknowledgement };
    },
  );

  await runner.refused(
    step('The old keys do not open what came after', 'beyond P2', specialist),
    ['KEY_PENDING'],
    async () => {
      const { patient: facts } = await confirmFacts(specialist.party, { handle });
      chart.identityFor(facts?.epoch ?? 0, after.category);
      return await Promise.resolve();
    },
  );

  await runner.accepted(
    step('The patient reads the whole chart', 'beyond P2', patient),
    async () => {
      const wanted = { handle, purpose: 'PATRQT' } as const;
      const own = await readAfter(patient.party, wanted, [after.acknowledgement]);
      const newest = listedAs(own, after.record, after.version);
      const { content, acknowledgement } = await readRecord(patient.party, own, newest);
      if (!bytesToUtf8(content).includes('new epoch'))
        throw new MedsealError('SEAL_UNREADABLE', {});
      const detail = `${own.records.length} record versions, old and new`;
      return { value: undefined, evidence: acknowledgement, detail };
    },
  );

  await runner.refused(
    step('The other doctor asks for all that happened to the chart', 'P3 denial', specialist),
    ['RIGHT_MISSING'],
    async () => {
      const { party } = specialist;
      await examineListed(party, { what: 'audit', handle, purpose: PURPOSE }, {});
    },
  );

  await runner.accepted(
    step('The other doctor’s own chain is safe, block by block', 'P3.9', specialist),
    async () => {
      const acts = await examineActs(specialist.party);
      const blocks = await chainBlocks(specialist.party.primitives, acts);
      const own = acts.logs.find(({ log }) => log === specialist.party.log);
      requireNoFault([...faultsOf(acts), ...(own?.complete === true ? [] : ['it is not whole'])]);
      const detail = `${blocks.length} blocks, ${own?.events.length} entries that it signed itself`;
      return { value: undefined, evidence: acts.acknowledgement, detail };
    },
  );
}

function requireNoFault([reason]: readonly string[]): void {
  if (reason !== undefined) throw new MedsealError('EVIDENCE_INVALID', { reason });
}

function listedAs(chart: Chart, record: string, version: number): ChartRecord {
  const found = chart.records.find((each) => each.record === record && each.version === version);
  if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'record on the chart' });
  return found;
}

/** The bundle with its last resource marked as reviewed: the smallest amendment that any bundle can take. */
function reviewed(bundle: Bundle): Bundle {
  const { entry: entries = [] } = bundle;
  const entry = entries.at(-1);
  if (entry?.resource === undefined) return bundle;
  const { resource } = entry;
  const tag = [...(resource.meta?.tag ?? []), { system: 'urn:medseal:tag', code: 'reviewed' }];
  const tagged = { ...entry, resource: { ...resource, meta: { ...resource.meta, tag } } };
  return { ...bundle, entry: [...entries.slice(0, -1), tagged] };
}

function last<Value>(values: readonly Value[]): Value {
  const value = values.at(-1);
  if (value === undefined) throw new MedsealError('NOT_FOUND', { what: 'part of the record' });
  return value;
}
