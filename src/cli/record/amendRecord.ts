import type { Bundle } from '@medplum/fhirtypes';
import { addAmendment, type AmendmentAdded } from '../../client/care/amendments/addAmendment.ts';
import { forgetAdded } from '../../client/records/addedOnce.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import type { LoggedVersion } from '../../client/records/logVersion.ts';
import type { Party } from '../../client/party/Party.ts';
import { readRecord } from '../../client/records/readRecord.ts';
import type { Chart } from '../../client/records/readChart.ts';
import type { ChartRecord } from '../../client/records/viewChart.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { amendPart } from '../../fhir/amendPart.ts';
import { encodePart } from '../../fhir/encodePart.ts';
import { writtenBundle } from '../../fhir/writtenBundle.ts';
import { exactJson } from '../../fhir/exactJson.ts';
import type { PartContent } from '../../fhir/Part.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Action, Category, Purpose } from '../../protocol/vocabulary.ts';
import { findPatient, type PatientContact } from '../contact/findContact.ts';
import { describePurpose, short } from '../describeBody.ts';
import { confirmSigningOn } from '../home/confirmSigning.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { amendParts, type NextVersion } from './amendParts.ts';
import { attachedTo } from '../../client/records/attachedTo.ts';
import { findRecord, openChart, relianceFor } from './chart.ts';
import { bundleAround } from '../../fhir/bundleAround.ts';
import { fhirIn } from '../../fhir/fhirIn.ts';
import { isWithdrawn } from '../../client/records/isWithdrawn.ts';
import type { ChartOptions } from './listRecords.ts';
import { LARGEST_PART, partIn } from '../../client/records/readParts.ts';
import { readWhole } from '../../client/records/readWhole.ts';
import { readSource, type Source } from './readSource.ts';
import { tellUploads } from './tellUploads.ts';
import { showAdded } from './showAdded.ts';
import { calledAs } from '../program/calledAs.ts';
import type { RECORDS_ADDED } from './recordAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { RECORD_AMEND, RECORD_WITHDRAW } from './recordOptions.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';

/**
 * Puts a new version of a record on a chart, which answers reports of mistakes about it; a FHIR bundle amends the part that the record is, or with `--whole` all
 * parts that changed.
 *
 * @throws MedsealError `FHIR_INVALID`, `PARTS_UNFIT`; `ARGUMENT_INVALID` if a part of a FHIR bundle would be replaced by
 * something else; `KEY_PENDING`, `RECORD_ERASED` if nobody can see what would be replaced; the code of the refusal.
 */
export async function amendRecord(
  terminal: Terminal,
  id: string,
  file: string,
  options: VisitorOptions & OptionsOf<typeof RECORD_AMEND>,
): Promise<AnswerOf<typeof RECORDS_ADDED>> {
  const source = await readSource(terminal, file);
  if (source.size === 0) {
    const reason = `the file is empty; to withdraw a record, use "${calledAs('record withdraw')}"`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: file, reason });
  }
  const { visitor, patient, chart, record } = await findIt(terminal, id, options);
  const versions = await versionsOf(terminal, visitor, chart, record, source, options);
  if (versions.length === 0) {
    return { value: { handle: patient.handle, records: [] }, lines: ['Nothing changed.'] };
  }
  return await log(terminal, visitor, patient, versions, options, [
    ...versions.map(({ category, amends }) =>
      amends === undefined
        ? `  add a record of ${category}`
        : `  amend record ${short(amends.record)} (${category}): version ${amends.version + 1}`,
    ),
    `  by ${source.name}`,
  ]);
}

/**
 * Leaves nothing of a record: its next version is empty. Safe to repeat.
 *
 * @throws MedsealError with the code of the refusal.
 */
export async function withdrawRecord(
  terminal: Terminal,
  id: string,
  options: VisitorOptions & OptionsOf<typeof RECORD_WITHDRAW>,
): Promise<AnswerOf<typeof RECORDS_ADDED>> {
  const { visitor, patient, chart, record, withdrawn } = await findIt(terminal, id, options);
  if (withdrawn) {
    const value = { handle: patient.handle, records: [], already: true };
    return { value, lines: [`Record ${short(record.record)} is already withdrawn.`] };
  }
  // Of a document, its bytes go first: nothing tells of what is gone.
  const file = await fileOf(visitor.party, chart, record);
  const gone =
    file === record || (await isWithdrawn(visitor.party, file)) ? [record] : [file, record];
  const nothing = gone.map((amends) => {
    return { category: amends.category, content: new Uint8Array(), amends };
  });
  const answer = await log(terminal, visitor, patient, nothing, options, [
    ...gone.map(
      ({ record: id, category, version }) =>
        `  withdraw record ${short(id)} (${category}): version ${version + 1} is empty`,
    ),
    '  its older versions stay in its history',
  ]);
  for (const each of gone) await forgetAdded(visitor.party, each.record);
  return answer;
}

async function findIt(
  terminal: Terminal,
  id: string,
  options: ChartOptions,
): Promise<{
  readonly visitor: Visitor;
  readonly patient: PatientContact;
  readonly chart: Chart;
  readonly record: ChartRecord;
  readonly withdrawn: boolean;
}> {
  const visitor = await openVisitor(terminal, options);
  const patient = await findPatient(visitor, options.patient);
  terminal.progress.stage('asking for the chart');
  const chart = await openChart(visitor, patient, options);
  const record = findRecord(chart, id);
  const withdrawn = await isWithdrawn(visitor.party, record);
  return { visitor, patient, chart, record, withdrawn };
}

/** Versions that the amendment adds to the chart. */
async function versionsOf(
  terminal: Terminal,
  { party }: Visitor,
  chart: Chart,
  record: ChartRecord,
  source: Source,
  { whole = false }: { readonly whole?: boolean },
): Promise<readonly NextVersion[]> {
  const { category } = record;
  const { content } = source;
  const amendment = { party: party.address, at: seconds(party.clock), purpose: chart.purpose };
  if (whole) {
    const parts = await readWhole(party, chart, record, (place) =>
      terminal.progress.stage(`fetching part ${place}`),
    );
    const edition = bytesToHex(party.random(16));
    return amendParts(parts, await bundleOf(source, whole), {
      ...amendment,
      edition,
      categories: new Map(chart.records.map((each) => [each.record, each.category])),
    });
  }
  const part = await partOf(party, chart, record);
  if (part === undefined) return [{ category, content, amends: record }];
  const file = attachedTo(chart, part, record);
  if (file !== undefined) return [{ category: file.category, content, amends: file }];
  const amended = amendPart(part, await bundleOf(source, whole), amendment);
  if (exactJson(amended.entries) === exactJson(part.entries)) return [];
  return [{ category, content: encodePart(amended), amends: record }];
}

/** FHIR that amends FHIR; anything else in its place would be there in no category, and no part of its bundle. */
async function bundleOf({ name, content }: Source, whole: boolean): Promise<Bundle> {
  const resource = typeof content === 'function' ? undefined : fhirIn(content);
  if (resource === undefined) {
    const reason =
      'the record is a part of a FHIR bundle; amend it with FHIR as "record get" gives it, or withdraw it';
    throw new MedsealError('ARGUMENT_INVALID', { argument: name, reason });
  }
  const { validBundle } = await import('./splitValidBundle.ts');
  // One resource says all that a part may hold, and never all that a whole bundle held.
  return writtenBundle(validBundle(whole ? resource : bundleAround(resource)));
}

/** The part of a FHIR bundle that a record is; undefined if it is something else. */
async function partOf(
  party: Party,
  chart: Chart,
  record: ChartRecord,
): Promise<PartContent | undefined> {
  if (record.size > LARGEST_PART) return undefined;
  return partIn((await readRecord(party, chart, record)).content, record);
}

/** The record that holds the bytes of a document, where a record tells of one. */
async function fileOf(party: Party, chart: Chart, record: ChartRecord): Promise<ChartRecord> {
  if (record.size > LARGEST_REFERENCE) return record;
  const part = await partOf(party, chart, record).catch(unlessKeyless);
  return (part && attachedTo(chart, part, record)) ?? record;
}

/** Without its key nobody sees what the record tells of. */
function unlessKeyless(error: unknown): undefined {
  if (!isMedsealError(error, 'KEY_PENDING') && !isMedsealError(error, 'RECORD_ERASED')) throw error;
}

/** Up to how many sealed bytes a record may be what tells of a document. */
const LARGEST_REFERENCE = 64 * 2 ** 10;

async function log(
  terminal: Terminal,
  visitor: Visitor,
  patient: PatientContact,
  versions: readonly NextVersion[],
  options: VisitorOptions & OptionsOf<typeof RECORD_WITHDRAW>,
  what: readonly string[],
): Promise<AnswerOf<typeof RECORDS_ADDED>> {
  const { party } = visitor;
  const relied = [];
  for (const { category, amends } of versions) {
    const action: Action = amends === undefined ? 'add' : 'amend';
    const wanted = { action, category, ...(amends && { record: amends.record }) };
    const purpose: { purpose?: Purpose } = options.purpose ? { purpose: options.purpose } : {};
    relied.push(await relianceFor(visitor, patient, { ...wanted, ...purpose }));
  }
  await confirmSigningOn(terminal, visitor, `on the chart of ${patient.name}`, [
    ...what,
    `  for ${describePurpose(relied[0]?.purpose ?? 'TREAT')}`,
  ]);
  const logged: (LoggedVersion & { category: Category })[] = [];
  for (const [at, { category, content, contentAfter, amends }] of versions.entries()) {
    terminal.progress.stage(`sealing ${at + 1} of ${versions.length}`);
    const { right, purpose = 'TREAT' } = relied[at] ?? {};
    const told = tellUploads(terminal, party, `uploading ${at + 1} of ${versions.length}`);
    const next = {
      handle: patient.handle,
      category,
      content: contentAfter?.(logged.map(({ record }) => record)) ?? content,
      purpose,
      ...(right && { grant: right.grant }),
    };
    const version: AmendmentAdded =
      amends === undefined
        ? await addRecord(told, next)
        : await addAmendment(told, { ...next, amends });
    const { untold } = version;
    logged.push({ ...version, category });
    // The amendment is on the log all the same.
    if (untold !== undefined) {
      terminal.note(`medseal: a letter about it did not go: ${untold.message}`);
    }
  }
  return await showAdded(terminal, party, patient.handle, logged, options);
}
