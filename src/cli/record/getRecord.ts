import { existsSync } from 'node:fs';
import { keepRecord } from '../../client/kept/keepRecord.ts';
import { readObjections } from '../../client/records/objections.ts';
import { readBundle } from '../../client/care/records/readBundle.ts';
import { readRecord, streamRecord, type RecordRead } from '../../client/records/readRecord.ts';
import { readSealed } from '../../client/records/readSealed.ts';
import type { Chart } from '../../client/records/readChart.ts';
import type { ChartRecord } from '../../client/records/viewChart.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Objection } from '../../fhir/effectiveResource.ts';
import { partToBundle } from '../../fhir/partToBundle.ts';
import { seconds } from '../../protocol/Clock.ts';
import { RECORD_TYPE_RULES } from '../../protocol/struct/recordTypes.ts';
import { describeMoment } from '../describeBody.ts';
import { findPatient } from '../contact/findContact.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import type { NamedMoment } from '../program/duration.ts';
import { makeWritableFolder } from '../program/makeWritableFolder.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { describeSize } from '../terminal/describeSize.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import {
  confirmRecordType,
  type RecordTypeConfirmed,
} from '../../client/records/confirmRecordType.ts';
import { effectivePart } from '../../client/care/records/effectivePart.ts';
import { attachedTo } from '../../client/records/attachedTo.ts';
import { rememberTitles } from './knownTitles.ts';
import { titlesIn } from './titlesIn.ts';
import { findRecord, openChart } from './chart.ts';
import { keepingReleases, saveReleases } from './saveReleases.ts';
import { describeBehind } from './describeBehind.ts';
import { describeObjection, objectionsInAll } from './describeObjection.ts';
import { describeMissing } from './describeMissing.ts';
import { describeUnfinished } from './describeUnfinished.ts';
import { keptContent } from './keptContent.ts';
import { mediaTypeOf, writtenFhir } from './writtenPart.ts';
import { isWithdrawn } from '../../client/records/isWithdrawn.ts';
import { LARGEST_PART, partIn } from '../../client/records/readParts.ts';
import type { RECORD_GOT, RECORD_INCOMPLETE, RECORD_WRITTEN } from './recordAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { RECORD_GET } from './recordOptions.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';

type GetOptions = VisitorOptions & OptionsOf<typeof RECORD_GET> & { readonly json?: boolean };

/**
 * Fetches a record, checks it against its author's signed entry, opens it, and writes it out; all of it or nothing.
 *
 * @throws MedsealError `FOLDER_UNWRITABLE`, `NOT_FOUND`, `KEY_PENDING`, `RECORD_ERASED`, `FILE_MISMATCH`, `SEAL_UNREADABLE`.
 */
export async function getRecord(
  terminal: Terminal,
  id: string,
  options: GetOptions,
): Promise<AnswerOf<typeof RECORD_GOT>> {
  requireRoom(options);
  // Before a view is asked for that its proof is to be saved of.
  if (options.releases !== undefined) await makeWritableFolder(options.releases);
  if (options.kept === true) {
    const answer = await writeOut(terminal, await keptContent(terminal, id, options), options);
    return { ...answer, value: { ...answer.value, behind: [] } };
  }
  const visitor = await openVisitor(terminal, options);
  const patient = await findPatient(visitor, options.patient);
  terminal.progress.stage('asking for the chart');
  const chart = await openChart(visitor, patient, options, options.wait);
  const record = findRecord(chart, id, options.number);
  for (const sentence of describeBehind(chart.behind)) terminal.note(sentence);
  await requireStanding(visitor, record, id);
  terminal.progress.stage('fetching');
  const reads: RecordRead<unknown>[] = [];
  const { releases: folder } = options;
  return await keepingReleases(terminal, folder, async () => {
    const given = await contentOf(terminal, visitor, chart, record, options, reads);
    const answer =
      'missing' in given
        ? tellMissing(terminal, given, options)
        : await writeOut(terminal, given, options);
    const releases = folder === undefined ? [] : await saveReleases(terminal, folder, reads);
    const saved = folder !== undefined && { releases };
    return { ...answer, value: { ...answer.value, behind: chart.behind, ...saved } };
  });
}

/** A part that is on its way is not an error; nothing is written out without it. */
function tellMissing(
  terminal: Terminal,
  { missing, record }: Incomplete,
  { json }: GetOptions,
): AnswerOf<typeof RECORD_INCOMPLETE> {
  const sentence = describeMissing(missing);
  // Standard output is for the record.
  if (json !== true) terminal.note(sentence);
  const value = { record: record.record, complete: false, missing } as const;
  return { ok: false, again: true, value, lines: [] };
}

async function writeOut(
  terminal: Terminal,
  { content, record: given, contentType, unfinished, typed, keep, objections = [] }: Given,
  { out, whole = false }: GetOptions,
): Promise<AnswerOf<typeof RECORD_WRITTEN>> {
  for (const each of objections) terminal.note(describeObjection(each));
  if (out === undefined)
    for await (const piece of pieces(content)) await terminal.printBytes(piece);
  else await writeFileWhole(out, content);
  const { category, version, author, at, size } = given;
  return {
    value: {
      record: given.record,
      version,
      category,
      author,
      at,
      ...(contentType !== undefined && { contentType }),
      ...(typed && { kind: typed.type, fits: typed.fits }),
      ...(typed?.role && { role: typed.role }),
      ...(whole && { complete: true, unfinished }),
      ...(out && { file: out }),
      ...(keep !== undefined && { keep }),
      ...(objections.length > 0 && { objections }),
    },
    lines:
      out === undefined
        ? []
        : [
            `${out}: ${category}, version ${version}, ${describeSize(size)} sealed.`,
            ...(keep === undefined ? [] : [`This device keeps it until ${describeMoment(keep)}.`]),
          ],
  };
}

function requireRoom({ out, force, json = false, whole, releases }: GetOptions): void {
  if (whole === true && releases !== undefined) {
    const reason = 'it saves the proof for one record: leave out --whole';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--releases', reason });
  }
  if (releases === '') {
    const reason = 'name a folder';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--releases', reason });
  }
  if (out === undefined && json) {
    const reason = 'with --json, name a file for the record with --out';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--json', reason });
  }
  if (out !== undefined && force !== true && existsSync(out)) {
    const reason = 'the file exists already; --force replaces it';
    throw new MedsealError('ARGUMENT_INVALID', { argument: out, reason });
  }
}

async function requireStanding(
  { party }: Visitor,
  record: ChartRecord,
  argument: string,
): Promise<void> {
  if (!(await isWithdrawn(party, record))) return;
  const reason = 'the record is withdrawn; --number opens an older version';
  throw new MedsealError('ARGUMENT_INVALID', { argument, reason });
}

/** Content that is written out, and its record: of a document, the one that holds its bytes. */
interface Given {
  readonly content: AsyncIterable<Uint8Array> | Uint8Array;
  readonly record: ChartRecord;
  /** Of a document: its media type, as its author told it. */
  readonly contentType?: string;
  /** Its type, as it says itself, if it is of one of the six. */
  readonly typed?: RecordTypeConfirmed;
  /** Until when the device keeps it, Unix seconds. */
  readonly keep?: number;
  /** Of a bundle: parts of which a newer version is not in it, for an amendment of the whole bundle is not finished. */
  readonly unfinished?: readonly number[];
  /** Objections to the record, or to one of a bundle's. */
  readonly objections?: readonly Objection[];
}

/** A bundle of which parts are not there. */
interface Incomplete {
  readonly missing: readonly number[];
  readonly record: ChartRecord;
}

async function contentOf(
  terminal: Terminal,
  visitor: Visitor,
  chart: Chart,
  record: ChartRecord,
  options: Pick<GetOptions, 'keep' | 'raw' | 'sealed' | 'whole'>,
  reads: RecordRead<unknown>[],
): Promise<Given | Incomplete> {
  const { party } = visitor;
  const { raw = false, whole = false } = options;
  const keep = options.keep && keepUntil(visitor, options.keep);
  if (options.sealed === true) {
    const { content } = await readSealed(party, chart, record);
    return { content, record };
  }
  if (whole) {
    const found = await readBundle(party, chart, record, (place) =>
      terminal.progress.stage(`fetching part ${place}`),
    );
    if (!found.complete) return { missing: found.missing, record };
    const { bundle, unfinished } = found;
    if (unfinished.length > 0) terminal.note(describeUnfinished(unfinished));
    const objections = objectionsInAll(bundle.entry);
    return { content: writtenFhir(bundle), record, unfinished, objections };
  }
  if (record.size > LARGEST_PART && keep === undefined) {
    const read = await streamRecord(party, chart, record);
    const { content } = read;
    reads.push(read);
    const objections = await readObjections(party, chart, record);
    return { content: terminal.progress.counted(content, record.size), record, objections };
  }
  const read =
    keep === undefined
      ? await readRecord(party, chart, record)
      : await keepRecord(party, chart, record, keep);
  const { content } = read;
  reads.push(read);
  const kept = keep !== undefined && { keep };
  const written = raw ? undefined : partIn(content, record);
  if (written === undefined) {
    return { content, record, ...kept, objections: await readObjections(party, chart, record) };
  }
  const part = await effectivePart(party, chart, record, written);
  await rememberTitles(party, chart.handle, titlesIn(chart, part, record));
  const typed = await confirmRecordType(party, part.entries, record.author);
  if (typed?.fits === false) terminal.note(describeUnfit(typed));
  const attached = attachedTo(chart, part, record);
  const objections = objectionsInAll(part.entries);
  if (attached === undefined) {
    const content = writtenFhir(partToBundle(part));
    return { content, record, ...(typed && { typed }), ...kept, objections };
  }
  await requireStanding(visitor, attached, attached.record);
  const also = { raw: true, ...(options.keep && { keep: options.keep }) };
  const given = await contentOf(terminal, visitor, chart, attached, also, reads);
  const contentType = mediaTypeOf(part, attached);
  return {
    ...given,
    objections: [...objections, ...('objections' in given ? (given.objections ?? []) : [])],
    ...(contentType !== undefined && { contentType }),
    ...(typed && { typed }),
  };
}

/** The moment that was named, which must be ahead. */
function keepUntil({ party }: Visitor, keep: NamedMoment): number {
  const now = seconds(party.clock);
  const until = 'at' in keep ? keep.at : now + keep.inSeconds;
  if (until > now) return until;
  throw new MedsealError('ARGUMENT_INVALID', { argument: '--keep', reason: 'the time has passed' });
}

function describeUnfit({ type, role }: RecordTypeConfirmed): string {
  if (role === 'patient') return `The patient added it: it is a copy of a record of type ${type}.`;
  const authors = RECORD_TYPE_RULES[type].authors.join(', ');
  return `It says that it is of type ${type}, which is written by ${authors}; its author is ${role ?? 'unknown'}.`;
}

async function* pieces(
  content: AsyncIterable<Uint8Array> | Uint8Array,
): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) yield content;
  else yield* content;
}
