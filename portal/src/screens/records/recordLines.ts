import {
  isErasedIn,
  newestOfEach,
  type Chart,
  type ChartRecord,
} from '../../../../src/client/index.ts';
import { ORDINARY_CATEGORIES, type Category } from '../../../../src/protocol/vocabulary.ts';
import type { ChartItem } from '../../fhir/ArrangedChart.ts';
import type { FhirDate } from '../../fhir/Said.ts';
import type { ChartState } from '../../session/ChartReader.ts';
import type { ClinicalDates } from '../../session/clinicalDates.ts';
import { documentAfter } from '../../session/documentAfter.ts';
import { isReading } from '../../session/isReading.ts';
import { titleKey } from '../../session/titleKey.ts';
import type { Titles } from '../../session/titles.ts';
import { withoutObjections } from '../../session/withoutObjections.ts';
import { byClinicalDate } from './byClinicalDate.ts';
import { resultsOfReports } from './resultsOfReports.ts';

/** A record in the list of a patient’s records, with the records of results that its report names. */
export interface RecordLine {
  readonly record: ChartRecord;
  /** `sensitive` and `large` records are opened when the patient asks. */
  readonly state: 'open' | 'reading' | 'sensitive' | 'large' | 'erased' | 'failed';
  /** The resources that are open of it; none for a file. */
  readonly items: readonly ChartItem[];
  readonly results: readonly {
    readonly record: ChartRecord;
    readonly items: RecordLine['items'];
  }[];
  /** Date by which it stands in the list: its clinical date, or when it was added. */
  readonly when: FhirDate;
  /** Title that the device remembers, for a record that is not open. */
  readonly known?: string | undefined;
  /** Why it is not open. */
  readonly error?: unknown;
}

/** Titles and dates that a device remembers of records, sealed to the key; the file of a document has an empty title. */
export interface KnownOfRecords {
  readonly titles: Titles;
  readonly dates: ClinicalDates;
}

/**
 * Returns the records of a patient's own chart as lines, the newest first. Batches of readings and objections have none, and
 * neither has the file that a document presents: it opens with the document.
 *
 * @param own - The chart, and what of it is open.
 * @param known - Titles and dates that stand in for those of records that are not open yet; of sensitive ones none does.
 */
export function recordLines(
  { chart, state }: { readonly chart: Chart; readonly state: ChartState },
  known: KnownOfRecords,
): readonly RecordLine[] {
  const { arranged, files, left, large, failures } = state;
  const itemOf = new Map(arranged.all.map((item) => [item.resource, item]));
  // A chart that was asked for again has the same records as other objects.
  const opened = new Map(
    [...state.resourcesIn]
      .filter(([record]) => !isErasedIn(chart, record))
      .map(([record, resources]) => [
        titleKey(record),
        ownEntries(resources.flatMap((resource) => itemOf.get(resource) ?? [])),
      ]),
  );
  const failed = new Map(failures.map(({ record, error }) => [titleKey(record), error]));
  const tooLarge = new Set(large.map(titleKey));
  const listed = withoutObjections(
    newestOfEach(chart.records.filter(({ readings }) => readings === undefined)),
  );
  const resultsOf = resultsOfReports(state, opened);
  const folded = new Set([...resultsOf.values()].flat());
  const unread = new Set(
    [...left, ...large].filter((each) => !opened.has(titleKey(each))).map((each) => each.record),
  );
  const isHidden = (record: ChartRecord): boolean => {
    const key = titleKey(record);
    const items = opened.get(key);
    if (folded.has(key)) return true;
    // A record that holds health data is never hidden as somebody's file.
    if (files.has(record.record)) return !items?.length;
    if (items !== undefined || failed.has(key) || known.titles[key] !== '') return false;
    // Once the document that may present it is open, the files tell; with an erased one the file is erased too.
    const document = documentAfter(chart, record);
    return document !== undefined && (unread.has(document.record) || isErasedIn(chart, document));
  };
  // Lines do not move while somebody reads them: dates count once all records are open that open by themselves.
  const isSettled = !isReading(state, ORDINARY_CATEGORIES);
  const dateOf = (record: ChartRecord): FhirDate | undefined => {
    const before = record.category === 'sensitive' ? undefined : known.dates[titleKey(record)];
    const found = isSettled ? newestIn(opened.get(titleKey(record)) ?? []) : before;
    return found ?? before;
  };
  const stateOf = (record: ChartRecord): Pick<RecordLine, 'state' | 'error'> => {
    const key = titleKey(record);
    if (isErasedIn(chart, record)) return { state: 'erased' };
    if (opened.has(key)) return { state: 'open' };
    const error = failed.get(key);
    if (error !== undefined) return { state: 'failed', error };
    if (record.category === 'sensitive') return { state: 'sensitive' };
    if (tooLarge.has(key)) return { state: 'large' };
    return state.error === undefined
      ? { state: 'reading' }
      : { state: 'failed', error: state.error };
  };
  const byKey = new Map(listed.map((record) => [titleKey(record), record]));
  const shown = listed.filter((record) => !isHidden(record));
  return byClinicalDate(shown, (record) => dateOf(record)?.at).map((record) => {
    const key = titleKey(record);
    const date = dateOf(record);
    const at = record.at * 1000;
    const results = (resultsOf.get(key) ?? []).flatMap((name) => {
      const result = byKey.get(name);
      return result === undefined ? [] : [{ record: result, items: opened.get(name) ?? [] }];
    });
    return {
      record,
      ...stateOf(record),
      items: opened.get(key) ?? [],
      results,
      when: date !== undefined && date.at <= at ? date : { date: '', precision: 'moment', at },
      ...(record.category !== 'sensitive' && { known: known.titles[key] }),
    };
  });
}

/** The kinds of records that a line shows. */
export function kindsOf({ record, results }: RecordLine): readonly Category[] {
  const records = [record, ...results.map((each) => each.record)];
  return [...new Set(records.map(({ category }) => category))];
}

/** The Provenance of a correction tells of the entries, and is not one of them; a sign-off is a Provenance alone. */
function ownEntries(items: readonly ChartItem[]): readonly ChartItem[] {
  const own = items.filter(({ kind }) => kind !== 'Provenance');
  return own.length === 0 ? items : own;
}

/** The newest date among what a record holds. */
function newestIn(items: readonly ChartItem[]): FhirDate | undefined {
  return items
    .flatMap(({ when }) => when ?? [])
    .reduce<FhirDate | undefined>(
      (last, when) => (last === undefined || when.at > last.at ? when : last),
      undefined,
    );
}
