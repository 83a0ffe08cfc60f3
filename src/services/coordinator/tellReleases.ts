import type { SeatKey } from '../../protocol/network/signSuccessor.ts';
import { parseRow } from '../../database/parseRow.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { MOST_NOTED, type ReleaseNote } from '../../protocol/release/ReleaseNote.ts';
import { releaseOfNote } from '../../protocol/release/releaseOfNote.ts';
import { releasesNonce } from '../../protocol/release/releasesNonce.ts';
import type { ReleasesTold } from '../../protocol/release/ReleasesTold.ts';
import type { Tally } from '../../protocol/struct/requests.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import type { ReleasesQuery } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { releasedKey } from './coordinatorKeys.ts';
import { RELEASED_ROW } from './coordinatorRows.ts';
import type { LogConflicts } from './LogConflicts.ts';
import type { ReleaseLists } from './ReleaseLists.ts';
import { requireAudit } from './requireAudit.ts';

/**
 * Tells a patient who audits their chart for which views of it the coordinator released shares, by the notes that it signed then:
 * of views that no log has as well. It signs how many there are, so that nobody on the way leaves some out.
 *
 * @param context - The organisation's context.
 * @param options - The coordinator's store and key, what it knows of logs with two histories, and the lists that it is telling.
 * @param query - The audit, and which part of the list.
 * @throws MedsealError `RIGHT_MISSING` if the acknowledgement is not that of an audit; `REQUEST_LATE` if it is an old one;
 * `EVIDENCE_INVALID`.
 */
export async function tellReleases(
  context: ServiceContext,
  {
    database,
    key,
    conflicts,
    lists,
  }: {
    readonly database: ServiceDatabase;
    readonly key: SeatKey;
    readonly conflicts: Pick<LogConflicts, 'find'>;
    readonly lists: ReleaseLists;
  },
  { audit, since, from }: ReleasesQuery,
): Promise<ReleasesTold> {
  const { network, primitives } = context;
  const view = requireAudit(context, audit);
  const nonce = releasesNonce(primitives, digestOf(context, 'View', view), since);
  const { names, root } = await lists.list(nonce, { handle: view.handle, since, from });
  const page = names.slice(from, from + MOST_NOTED);
  const rows = await database.getMany(page.map(releasedKey));
  const notes = page.map((name, nth): ReleaseNote => {
    const row = rows[nth];
    if (row === undefined) throw new MedsealError('EVIDENCE_INVALID', { reason: 'a note is lost' });
    const {
      signature,
      handle: _,
      seal: _seal,
      of = { entry: name },
      ...noted
    } = parseRow(RELEASED_ROW, row);
    const release = releaseOfNote(primitives, name, noted);
    return { ...of, release, coordinator: key.address, signature };
  });
  const tally: Tally = {
    nonce,
    log: logOf(network, audit.log).log.id,
    handle: view.handle,
    size: 0,
    count: names.length,
    last: root,
  };
  const { party: coordinator, signature } = sign(context, key, 'Tally', tally);
  return { notes, conflicts: await conflicts.find(), tally, coordinator, signature };
}
