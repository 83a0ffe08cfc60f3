import { listKept, readKept, type KeptHolder } from '../../client/kept/readKept.ts';
import { removeKept } from '../../client/kept/removeKept.ts';
import { attachedTo } from '../../client/records/attachedTo.ts';
import { partIn } from '../../client/records/readParts.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { describeMoment, short } from '../describeBody.ts';
import { openHolder } from '../home/openHolder.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { readNamedId, withBeginning, type NamedId } from '../program/withBeginning.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { RECORDS_KEPT } from './recordAnswers.ts';

/**
 * Lists the records that the device keeps, after it removed one that is named. No node is asked.
 */
export async function listKeptRecords(
  terminal: Terminal,
  { remove, ...options }: VisitorOptions & { readonly remove?: string },
): Promise<AnswerOf<typeof RECORDS_KEPT>> {
  const named = remove === undefined ? undefined : readNamedId(remove, 'record');
  const holder = await openHolder(terminal, options);
  if (named !== undefined) await removeNamed(holder, named);
  const listed = await listKept(holder);
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

/** Removes all kept versions of a record, and of a document its file. */
async function removeNamed(holder: KeptHolder, named: NamedId): Promise<void> {
  const records = (await listKept(holder)).map(({ version }) => version);
  const versions = withBeginning(named, records, ({ record }) => record);
  if (versions.length === 0) throw new MedsealError('NOT_FOUND', { what: 'kept record' });
  for (const version of versions) {
    const { content } = await readKept(holder, version);
    const part = partIn(content, version);
    const file = part && attachedTo({ records }, part, version);
    for (const each of file === undefined ? [version] : [version, file]) {
      await removeKept(holder, each);
    }
  }
}
