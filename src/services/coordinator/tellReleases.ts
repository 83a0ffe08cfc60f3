import { parseRow } from '../../database/parseRow.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { ZERO32, type Address, type LogName } from '../../protocol/ids.ts';
import type { ReleaseNote } from '../../protocol/release/ReleaseNote.ts';
import { releaseOfNote } from '../../protocol/release/releaseOfNote.ts';
import type { View } from '../../protocol/requests.ts';
import { verifyAcknowledgement } from '../../protocol/verifyAcknowledgement.ts';
import { placesFor } from '../entries/placesFor.ts';
import type { ReleasesQuery } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { releasedKey } from './coordinatorKeys.ts';
import { RELEASED_ROW } from './coordinatorRows.ts';

/** Seconds after an audit was judged in which its releases are told. */
const TOLD_FOR = 3600;

/**
 * Tells a patient who audits their chart for which of its views the coordinator released shares, by the notes that it signed
 * then.
 *
 * @param context - The organisation's context.
 * @param options - The coordinator's store and key, and the organisation's logs.
 * @param query - The audit, and places of entries of a log; those that do not concern the patient are left out.
 * @throws MedsealError `RIGHT_MISSING` if the acknowledgement is not that of an audit; `REQUEST_LATE` if it is an old one;
 * `NOT_FOUND`, `EVIDENCE_INVALID`.
 */
export async function tellReleases(
  context: ServiceContext,
  options: {
    readonly database: ServiceDatabase;
    readonly key: { readonly address: Address };
    readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  },
  { audit, log: name, places }: ReleasesQuery,
): Promise<readonly ReleaseNote[]> {
  const { network, primitives, index } = context;
  const { flag, request, at } = verifyAcknowledgement(context, network, audit);
  const { type, message } = request;
  if (flag !== 'A' || type !== 'View' || (message as View).what !== 'audit') {
    throw new MedsealError('RIGHT_MISSING', {});
  }
  if (index.moment > at + TOLD_FOR) throw new MedsealError('REQUEST_LATE', {});
  const log = options.logs.get(name);
  if (log === undefined) throw new MedsealError('NOT_FOUND', { what: 'log' });
  const party = { party: request.party, message: message as View };
  const theirs = new Set(await placesFor(log, party, log.size));
  const entries = await Promise.all(
    [...new Set(places)]
      .filter((place) => theirs.has(place))
      .map(async (from) => (await log.stored({ from, to: from + 1 }))[0]?.entry ?? ZERO32),
  );
  const rows = await options.database.getMany(entries.map(releasedKey));
  return entries.flatMap((entry, nth) => {
    const row = rows[nth];
    if (row === undefined) return [];
    const { signature, ...noted } = parseRow(RELEASED_ROW, row);
    const release = releaseOfNote(primitives, entry, noted);
    return [{ entry, release, coordinator: options.key.address, signature }];
  });
}
