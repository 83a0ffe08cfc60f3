import type { RightWanted } from '../../client/knownRights.ts';
import type { ChartRecord } from '../../client/viewChart.ts';
import { findPatient, namesOf } from '../contact/findContact.ts';
import { describeMoment, short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../sharedOptions.ts';
import type { Answer } from '../terminal/Answer.ts';
import { describeSize } from '../terminal/describeSize.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { newestOfEach, openChart } from './chart.ts';
import { isWithdrawn } from './isWithdrawn.ts';

/** What verbs about a chart have in common. */
export interface ChartOptions extends VisitorOptions, Pick<RightWanted, 'purpose'> {
  readonly patient?: string;
}

/**
 * Lists the records of a chart that the visitor may see.
 *
 * @param terminal - Asks for the passphrase.
 * @param options - See `medseal record list --help`.
 */
export async function listRecords(
  terminal: Terminal,
  options: ChartOptions & { readonly all?: boolean },
): Promise<Answer> {
  const visitor = await openVisitor(terminal, options);
  const patient = await findPatient(visitor, options.patient);
  const chart = await openChart(visitor, patient, options);
  const records = options.all === true ? chart.records : newestOfEach(chart.records);
  const names = await namesOf(visitor);
  const listed: Listed[] = [];
  for (const record of records) {
    listed.push({ ...record, withdrawn: await isWithdrawn(visitor.party, record) });
  }
  return {
    value: { handle: patient.handle, records: listed.map(forPrograms) },
    text:
      records.length === 0
        ? `The chart of ${patient.name} has no record that you may see.`
        : table(
            ['record', 'version', 'category', 'size', 'at', 'by'],
            listed.map((record) => rowOf(record, names)),
          ),
  };
}

interface Listed extends ChartRecord {
  readonly withdrawn: boolean;
}

function rowOf(
  { record, version, category, size, at, author, withdrawn }: Listed,
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
  ];
}

function forPrograms({ acknowledgement, ...record }: Listed): object {
  const { log, index } = acknowledgement;
  return { ...record, log, index };
}
