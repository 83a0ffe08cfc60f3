import type { LoggedVersion } from '../../client/records/logVersion.ts';
import type { Party } from '../../client/party/Party.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { awaitEvidence } from '../evidence/awaitEvidence.ts';
import { saveReceipts } from '../evidence/saveReceipts.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { RECORDS_ADDED } from './recordAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { WAITS } from './recordOptions.ts';

/** A version on a log, as the answer shows it. */
export interface Added extends LoggedVersion {
  readonly category: Category;
  /** Of a document: which of its records it is. */
  readonly what?: string;
}

/**
 * Waits for what the user wants to wait for, and says what was put on a chart, with the places of the entries.
 *
 * @param terminal - For progress.
 * @param party - The author.
 * @param handle - The chart.
 * @param logged - The versions.
 * @param options - `receipts`: the folder that receipts are kept in.
 */
export async function showAdded(
  terminal: Terminal,
  party: Party,
  handle: Handle,
  logged: readonly Added[],
  { wait, receipts }: OptionsOf<typeof WAITS>,
): Promise<AnswerOf<typeof RECORDS_ADDED>> {
  const entries = logged.map(({ acknowledgement }) => acknowledgement);
  if (receipts !== undefined) {
    terminal.progress.stage('waiting for the receipts');
    await saveReceipts(entries, [party], receipts, terminal);
  } else {
    for (const [at, entry] of entries.entries()) {
      if (wait === 'receipt') terminal.progress.stage(`receipt ${at + 1} of ${entries.length}`);
      await awaitEvidence(terminal, party, entry, { wait, later: entries });
    }
  }
  const records = logged.map(({ record, version, category, acknowledgement, what }) => {
    const { log, index } = acknowledgement;
    return { record, version, category, log, index, ...(what !== undefined && { what }) };
  });
  const told = records.some(({ what }) => what !== undefined);
  const already = logged.length > 0 && logged.every((each) => each.already === true);
  const rows = table(
    ['record', 'version', 'category', 'entry', ...(told ? ['holds'] : [])],
    records.map(({ record, version, category, log, index, what }) => [
      record.slice(0, 10),
      String(version),
      category,
      `${log} #${index}`,
      ...(told ? [what ?? ''] : []),
    ]),
    { drop: ['version', 'entry'] },
  );
  return {
    value: { handle, records, ...(already && { already }), ...(receipts && { receipts }) },
    lines: already
      ? ['This device added the same file before; --again adds it once more.', '', ...rows]
      : rows,
  };
}
