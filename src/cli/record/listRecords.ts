import type { ChartRecord, ChartWanted } from '../../client/records/viewChart.ts';
import { readRecords } from '../../client/records/readRecords.ts';
import type { ListCount } from '../../client/records/confirmListed.ts';
import { readChart, type Chart } from '../../client/records/readChart.ts';
import { readWholeChart } from '../../client/records/readWholeChart.ts';
import type { PartClaim } from '../../fhir/partsOfBundle.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { visibleText } from '../../errors/visibleText.ts';
import { ZERO32, type RecordId } from '../../protocol/ids.ts';
import { findPatient, namesOf } from '../contact/findContact.ts';
import { describeMoment, short } from '../describeBody.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { calledAs } from '../program/calledAs.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { describeSize } from '../terminal/describeSize.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { newestOfEach } from '../../client/records/newestOfEach.ts';
import { isAnswerAmong } from '../../client/records/corrections.ts';
import { objectionsAmong } from '../../client/records/objections.ts';
import { tellWaiting } from '../tellWaiting.ts';
import { chartWanted } from './chart.ts';
import { describeBehind } from './describeBehind.ts';
import { describeMissing } from './describeMissing.ts';
import { incompleteSets, type IncompleteSet } from '../../client/records/incompleteSets.ts';
import {
  forgetTitles,
  LONGEST_TITLE,
  readTitles,
  rememberTitles,
  type Titled,
} from './knownTitles.ts';
import { titlesIn } from './titlesIn.ts';
import { isWithdrawn } from '../../client/records/isWithdrawn.ts';
import { partIn } from '../../client/records/readParts.ts';
import type { RECORDS_LISTED } from './recordAnswers.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { RECORD_LIST, CHART } from './recordOptions.ts';

/** Options that all verbs about a chart have. */
export type ChartOptions = VisitorOptions & OptionsOf<typeof CHART>;

type ListOptions = VisitorOptions & OptionsOf<typeof RECORD_LIST>;

/** Lists the records of a chart that the visitor may see. */
export async function listRecords(
  terminal: Terminal,
  options: ListOptions,
): Promise<AnswerOf<typeof RECORDS_LISTED>> {
  const visitor = await openVisitor(terminal, options);
  const patient = await findPatient(visitor, options.patient);
  const wanted = await chartWanted(visitor, patient, options, options.wait);
  const { chart, count } = await readListed(terminal, visitor, wanted, options);
  const versions = chart.records.filter(({ readings }) => readings === undefined);
  const readings = chart.records.length - versions.length;
  const records = options.all === true ? versions : newestOfEach(versions);
  const names = await namesOf(visitor);
  const listed: Listed[] = [];
  const looked = options.titles === true ? await lookInto(terminal, visitor, chart) : undefined;
  const incomplete = patient.own && looked !== undefined ? looked.incomplete : [];
  const titleOf = looked?.titleOf ?? (await titlesKnown(visitor, chart));
  for (const record of records) {
    const withdrawn = await isWithdrawn(visitor.party, record);
    const title = record.about === ZERO32 ? titleOf(record) : titleBeside(versions, record);
    const objected = objectionsAmong(versions, record).length > 0;
    listed.push({ ...record, withdrawn, objected, ...(title !== undefined && { title }) });
  }
  const unopened = listed.filter(({ withdrawn, title }) => !withdrawn && title === undefined);
  const titled = unopened.length < listed.length || listed.some(({ objected }) => objected);
  const columns = ['record', 'version', 'category', 'size', 'at', 'by'];
  return {
    value: {
      handle: patient.handle,
      records: listed.map(forPrograms),
      readings,
      behind: chart.behind,
      ...count,
      ...(looked && patient.own && { incomplete }),
    },
    lines: [
      ...(records.length === 0
        ? [`The chart of ${patient.name} has no records that you may see.`]
        : table(
            titled ? [...columns, 'what'] : columns,
            listed.map((record) => rowOf(record, names)),
            { drop: ['version', 'size', 'at', 'by'], shorten: 'what' },
          )),
      ...(looked === undefined ? describeUnopened(unopened.length) : []),
      ...describeReadings(readings),
      ...describeBehind(chart.behind),
      ...describeCount(count),
      ...incomplete.map(({ missing }) => describeMissing(missing)),
    ],
    ok: (count?.faults.length ?? 0) === 0,
    again: isPending(chart, count) || incomplete.length > 0,
  };
}

function titleBeside(versions: readonly ChartRecord[], record: ChartRecord): string {
  const isAnswer = isAnswerAmong(objectionsAmong(versions, { record: record.about }), record);
  return `${isAnswer ? 'answer to an objection' : 'objection'} to ${short(record.about)}`;
}

/** Reads a chart, and has its list confirmed if that is wanted. */
async function readListed(
  terminal: Terminal,
  { party }: Visitor,
  wanted: ChartWanted,
  { complete }: Pick<ListOptions, 'complete'>,
): Promise<{ readonly chart: Chart; readonly count?: ListCount }> {
  if (complete === true) return await readWholeChart(party, wanted, tellWaiting(terminal));
  return { chart: await readChart(party, wanted) };
}

/** Tells whether the same may show more later; a list that differs from what was counted does not. */
function isPending({ behind }: Chart, count: ListCount | undefined): boolean {
  if (count !== undefined && count.faults.length > 0) return false;
  return behind.length > 0 || count?.complete === false;
}

function describeCount(count: ListCount | undefined): readonly string[] {
  if (count === undefined) return [];
  const { complete, faults, unchecked } = count;
  return [
    '',
    ...(complete ? ['The list is complete: k coordinators count exactly these versions.'] : []),
    ...faults.map((fault) => `Not as counted: ${fault}`),
    ...unchecked.map((what) => `Not checked: ${what}`),
  ];
}

interface Listed extends ChartRecord {
  readonly withdrawn: boolean;
  /** True if the patient objects to it, unless that was withdrawn. */
  readonly objected: boolean;
  /** Description of its content, if it was looked into. */
  readonly title?: string;
}

/** Says how the titles are shown that the device does not know. */
function describeUnopened(count: number): readonly string[] {
  if (count === 0) return [];
  const records = count === 1 ? '1 record was' : `${count} records were`;
  return [
    '',
    `${records} not opened on this device yet. --titles opens the small ones; each counts as a view.`,
  ];
}

/** Says where the batches are that devices sent: often more than all records together. */
function describeReadings(count: number): readonly string[] {
  if (count === 0) return [];
  const batches = count === 1 ? '1 batch' : `${count} batches`;
  return ['', `Devices put ${batches} of readings on it. Next: ${calledAs('readings list')}`];
}

type TitleOf = (record: ChartRecord) => string | undefined;

/** Titles that the device knows already: nothing is opened, so there is no view. */
async function titlesKnown({ party }: Visitor, chart: Chart): Promise<TitleOf> {
  const known = await readTitles(party, chart.handle);
  const erased = chart.records.filter(
    (record) => known.of(record) !== undefined && isErased(chart, record),
  );
  if (erased.length > 0) await forgetTitles(party, chart.handle, erased);
  return (record) => (erased.includes(record) ? KEYLESS.get('RECORD_ERASED') : known.of(record));
}

function isErased(chart: Chart, record: ChartRecord): boolean {
  try {
    chart.openerFor(record);
    return false;
  } catch (error) {
    return isMedsealError(error, 'RECORD_ERASED');
  }
}

/** Findings in the records of a chart. */
interface LookedInto {
  readonly titleOf: TitleOf;
  readonly incomplete: readonly IncompleteSet[];
}

/** The newest versions that are small are opened; a file has the title of the document that tells of it. */
async function lookInto(
  { progress }: Terminal,
  { party }: Visitor,
  chart: Chart,
): Promise<LookedInto> {
  progress.stage('looking into the records');
  const small: ChartRecord[] = [];
  const newest = newestOfEach(chart.records.filter(({ readings }) => readings === undefined));
  const parts: PartClaim[] = [];
  let opened = 0;
  for (const record of newest) {
    if (record.size <= LARGEST_TITLED && !(await isWithdrawn(party, record))) small.push(record);
  }
  const faults = new Map<RecordId, string>();
  const titled: Titled[] = [];
  for await (const read of readRecords(party, chart, small)) {
    const { record } = read.record;
    if ('error' in read) {
      faults.set(record, KEYLESS.get(read.error.code) ?? read.error.code);
      continue;
    }
    opened += 1;
    const part = partIn(read.content, read.record);
    if (part === undefined) continue;
    parts.push({ content: part, record: read.record });
    titled.push(...titlesIn(chart, part, read.record));
  }
  await rememberTitles(party, chart.handle, titled);
  // A document gives its file a title after that of the file itself.
  const titles = new Map(titled.map(({ record, title }) => [record, title]));
  return {
    titleOf: ({ record }) => titles.get(record) ?? faults.get(record) ?? '',
    incomplete: incompleteSets(chart, parts, newest.length - opened),
  };
}

/** Texts for a record whose key is not there. */
const KEYLESS: ReadonlyMap<string, string> = new Map([
  ['KEY_PENDING', 'key pending'],
  ['RECORD_ERASED', 'erased'],
]);

/** Up to how many sealed bytes a record is looked into. */
const LARGEST_TITLED = 256 * 2 ** 10;

function rowOf(
  { record, version, category, size, at, author, withdrawn, objected, title }: Listed,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  const by = names.get(author) ?? short(author);
  return [
    record.slice(0, 10),
    String(version),
    category,
    withdrawn ? 'withdrawn' : describeSize(size),
    describeMoment(at),
    by,
    visibleText(
      [...(objected ? ['the patient objects'] : []), title ?? ''].join(': '),
      LONGEST_TITLE,
    ),
  ];
}

function forPrograms({
  acknowledgement,
  ...record
}: Listed): Of<typeof RECORDS_LISTED>['records'][number] {
  const { log, index } = acknowledgement;
  return { ...record, log, index };
}
