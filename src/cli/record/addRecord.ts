import { addDocument } from '../../client/records/addDocument.ts';
import { addedBefore, nameOfContent } from '../../client/records/addedOnce.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { confirmPatient, type PatientCompared } from '../../client/state/confirmPatient.ts';
import type { Party } from '../../client/party/Party.ts';
import { requireRecordType } from '../../client/records/requireRecordType.ts';
import type { RecordContent, NewVersion } from '../../client/records/sealVersion.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { visibleText } from '../../errors/visibleText.ts';
import { systemRandom } from '../../folder/systemRandom.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { Purpose } from '../../protocol/vocabulary.ts';
import { findPatient, type PatientContact } from '../contact/findContact.ts';
import { describePurpose, short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { relianceFor } from './chart.ts';
import { describeInterrupted } from './describeInterrupted.ts';
import { describeContent } from './describeContent.ts';
import { describePatient } from './describePatient.ts';
import { rememberTitles, type Titled } from './knownTitles.ts';
import { formLines, formSource, readFormGiven, withParties } from './formSource.ts';
import { planRecords, type Planned } from './planRecords.ts';
import { readSource, type Source } from './readSource.ts';
import { requireFormAuthor } from './requireFormAuthor.ts';
import { tellOfOrder } from './tellOfOrder.ts';
import { tellUploads } from './tellUploads.ts';
import { showAdded, type Added } from './showAdded.ts';
import type { RECORDS_ADDED } from './recordAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { RECORD_ADD } from './recordOptions.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';

type AddOptions = VisitorOptions & OptionsOf<typeof RECORD_ADD>;

/**
 * Seals a file, or an entry of a form, and puts it on a chart: FHIR in JSON as a record for each category, anything else as a document, whose
 * bytes are one record and whose DocumentReference is another. Content that this device added before is not added
 * again.
 *
 * @throws MedsealError `FHIR_INVALID`; `ARGUMENT_INVALID` if the options do not fit the file.
 */
export async function addRecords(
  terminal: Terminal,
  file: string | undefined,
  options: AddOptions,
): Promise<AnswerOf<typeof RECORDS_ADDED>> {
  const form = await readFormGiven(file, options);
  const given = form ?? (await fileSource(terminal, file));
  terminal.progress.stage('reading');
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const patient = await findPatient(visitor, options.patient);
  const named = form && (await withParties(visitor, form));
  const context = { handle: patient.handle, author: party.address, at: seconds(party.clock) };
  const source = named === undefined ? (given as Source) : formSource(named, context);
  const name = await nameOf(party, patient.handle, source, options);
  const planned = await planRecords(
    source,
    options,
    `0x${name ?? bytesToHex(systemRandom(16)).slice(2)}`,
  );
  const onceOf = ({ as }: Planned): { once?: string } =>
    name === undefined ? {} : { once: `${name}-${as}` };
  const before = await allAdded(party, planned, onceOf);
  if (before !== undefined) {
    await tellOfOrder(terminal, party, patient.handle, named, before);
    return await showAdded(terminal, party, patient.handle, before, options);
  }
  await requireKind(party, patient, planned, options);
  if (form !== undefined) await requireFormAuthor(party, { form: form.form, own: patient.own });
  const of = await comparePatient(terminal, party, patient, planned, options);
  const { relied, purpose } = await relyOn(terminal, visitor, patient, planned, options);
  await confirmSigning(terminal, visitor, [
    `  add to the chart of ${patient.name} (${short(patient.handle)})`,
    ...planned.map(({ text }) => `    ${text}`),
    ...(named === undefined ? [] : formLines(named, context).map((line) => `      ${line}`)),
    `  from ${visibleText(source.name, 120)}, for ${describePurpose(purpose)}`,
    ...(planned.some(({ entries }) => entries !== undefined) ? [`  ${VALIDATED}`] : []),
    ...(of === undefined ? [] : describePatient(of).map((line) => `  ${line}`)),
    '',
    'The patient can open it, and everyone whom the patient lets read these categories.',
  ]);
  const added: Added[] = [];
  const standing = (mayBeMore: boolean): void =>
    terminal.certain(describeInterrupted(added.length, mayBeMore, name !== undefined));
  for (const [at, each] of planned.entries()) {
    terminal.progress.stage(`sealing ${at + 1} of ${planned.length}`);
    standing(false);
    const { handle } = patient;
    const content = counted(terminal, each);
    const version = { handle, content, purpose, ...relied[at], ...onceOf(each) };
    const uploading = `uploading ${at + 1} of ${planned.length}`;
    const told = tellUploads(terminal, party, uploading, () => standing(true));
    const placed = await addOne(told, each, version);
    added.push(...placed);
    await rememberTitles(party, handle, titlesOfAdded(each, placed));
  }
  await tellOfOrder(terminal, party, patient.handle, named, added);
  const answer = await showAdded(terminal, party, patient.handle, added, options);
  if (of === undefined) return answer;
  return { ...answer, value: { ...answer.value, patient: of.compared } };
}

/** Opens the file that was named, which has something in it. */
async function fileSource(terminal: Terminal, file: string | undefined): Promise<Source> {
  if (file === undefined) {
    const reason = 'name a file, or a form with --form';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'file', reason });
  }
  const source = await readSource(terminal, file);
  if (source.size !== 0) return source;
  throw new MedsealError('ARGUMENT_INVALID', { argument: file, reason: 'the file is empty' });
}

/** Line that says how far FHIR was validated. */
const VALIDATED =
  'validated: cardinality, types, formats, invariants, required codes; not checked: other codes, references';

/** Whom a FHIR bundle is about; if the chart is of somebody else, both are shown before it is refused. */
async function comparePatient(
  terminal: Terminal,
  party: Party,
  { handle, own }: PatientContact,
  planned: readonly Planned[],
  { anotherPatient = false }: AddOptions,
): Promise<PatientCompared | undefined> {
  const entries = planned.flatMap((each) => each.entries ?? []);
  if (entries.length === 0) return undefined;
  terminal.progress.stage('comparing the patient');
  return await confirmPatient(party, {
    handle,
    own,
    entries,
    anotherPatient,
    onFound: (found) => {
      if (found.compared !== 'different' || anotherPatient) return;
      for (const line of describePatient(found)) terminal.note(line);
    },
  });
}

/** Before anything is signed: the role may write what the author says that it is, and FHIR has what its profile asks for. */
async function requireKind(
  party: Party,
  { own }: PatientContact,
  planned: readonly Planned[],
  { kind }: AddOptions,
): Promise<void> {
  if (kind === undefined) return;
  const entries = planned.flatMap((each) => each.entries ?? []);
  await requireRecordType(party, { type: kind, own, ...(entries.length > 0 && { entries }) });
}

async function addOne(
  party: Party,
  { category, document }: Planned,
  version: Omit<NewVersion, 'category'>,
): Promise<readonly Added[]> {
  if (document === undefined) {
    return [{ ...(await addRecord(party, { ...version, category })), category }];
  }
  const { binary, reference } = await addDocument(party, { ...version, ...document, category });
  return [
    { ...binary, category, what: 'file' },
    { ...reference, category, what: 'what it is' },
  ];
}

/** Titles of what was just added, as a list shows them once it is opened. */
function titlesOfAdded({ entries, document }: Planned, added: readonly Added[]): readonly Titled[] {
  return added.flatMap(({ record, version, what }) => {
    if (entries !== undefined) return [{ record, version, title: describeContent({ entries }) }];
    if (document === undefined) return [];
    const title = `${document.title} (${document.contentType})`;
    return [{ record, version, title: what === 'file' ? title : `about ${title}` }];
  });
}

/** Name by which this device knows the file; undefined if it shall not be known, or can be read only once. */
async function nameOf(
  party: Party,
  handle: Handle,
  { content, lasts }: Source,
  { again = false, category, kind, raw, title, type }: AddOptions,
): Promise<string | undefined> {
  if (again || !lasts) return undefined;
  const as = JSON.stringify([
    raw ?? false,
    title ?? '',
    category ?? '',
    type ?? '',
    ...(kind ? [kind] : []),
  ]);
  const pieces = typeof content === 'function' ? content() : [content];
  return await nameOfContent(party, handle, pieces, as);
}

/** All that is planned, where all of it was added before and nothing is left to do. */
async function allAdded(
  party: Party,
  planned: readonly Planned[],
  onceOf: (each: Planned) => { readonly once?: string },
): Promise<readonly Added[] | undefined> {
  const found: Added[] = [];
  for (const each of planned) {
    const { once } = onceOf(each);
    if (once === undefined) return undefined;
    const { category } = each;
    const names =
      each.document === undefined
        ? [{ name: once }]
        : [
            { name: `${once}-binary`, what: 'file' },
            { name: `${once}-reference`, what: 'what it is' },
          ];
    for (const { name, ...rest } of names) {
      const version = await addedBefore(party, name);
      if (version === undefined) return undefined;
      found.push({ ...version, ...rest, category, already: true });
    }
  }
  return found;
}

type Relied = Pick<NewVersion, 'grant' | 'purpose'>;

async function relyOn(
  terminal: Terminal,
  visitor: Visitor,
  patient: PatientContact,
  planned: readonly Planned[],
  options: AddOptions,
): Promise<{ readonly relied: readonly Relied[]; readonly purpose: Purpose }> {
  terminal.progress.stage('looking for the right');
  const relied: Relied[] = [];
  for (const { category } of planned) {
    const wanted = {
      action: 'add',
      category,
      ...(options.purpose && { purpose: options.purpose }),
    } as const;
    const { right, purpose } = await relianceFor(visitor, patient, wanted);
    relied.push({ purpose, ...(right && { grant: right.grant }) });
  }
  return { relied, purpose: relied[0]?.purpose ?? 'TREAT' };
}

/** The same content, whose bytes are counted as they are sealed. */
function counted({ progress }: Terminal, { content, size }: Planned): RecordContent {
  if (typeof content !== 'function') return content;
  return () => progress.counted(content(), size);
}
