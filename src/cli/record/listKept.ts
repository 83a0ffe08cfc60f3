import { listKept } from '../../client/kept/readKept.ts';
import { describeMoment, short } from '../describeBody.ts';
import { openHolder } from '../home/openHolder.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { RECORDS_KEPT } from './recordAnswers.ts';

/**
 * Lists the records that the device keeps. No node is asked.
 *
 * @param terminal - Asks for the passphrase.
 * @param options - See `medseal record kept --help`.
 */
export async function listKeptRecords(
  terminal: Terminal,
  options: VisitorOptions,
): Promise<AnswerOf<typeof RECORDS_KEPT>> {
  const listed = await listKept(await openHolder(terminal, options));
  const kept = listed.map(
    ({ handle, version: { record, version, category, author, at }, keep }) => ({
      record,
      version,
      category,
      handle,
      author,
      at,
      keep,
    }),
  );
  if (kept.length === 0) return { value: { kept }, lines: ['This device keeps no record.'] };
  const rows = kept.map(({ record, version, category, handle, keep }) => [
    record.slice(0, 10),
    String(version),
    category,
    short(handle),
    describeMoment(keep),
  ]);
  const headings = ['record', 'version', 'category', 'chart', 'kept until'];
  return { value: { kept }, lines: table(headings, rows) };
}
