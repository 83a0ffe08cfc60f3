import { acceptedWrite } from '../../log/acceptedWrite.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { parseEntryBody } from '../../protocol/evidence/parseBody.ts';
import {
  requireUnretained,
  retainedUntil,
  retentionOf,
} from '../../protocol/rights/retainedUntil.ts';
import type { Erase } from '../../protocol/struct/requests.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { chartPlaces } from './ChartPlaces.ts';

/** Number of entries that are read at once. */
const PAGE = 64;

/**
 * Returns the first second at which the log may take an erasure, by the network's terms: every judge finds the newest record of the category by
 * somebody other than the patient in the logs that it holds. A record that is sealed to a later epoch is not erased, and keeps nothing.
 *
 * @param context - The network file, and who the patient is.
 * @param logs - The organisation's own log and its copies of the others.
 * @param erase - The erasure, of the patient.
 * @param at - The moment, Unix seconds.
 * @returns 0 if nothing keeps it.
 */
export async function retainedErase(
  { network, index }: Pick<ServiceContext, 'network' | 'index'>,
  logs: Iterable<EvidenceLog>,
  erase: Erase,
  at: number,
): Promise<number> {
  const retention = retentionOf(network);
  const patient = index.patient(erase.handle)?.controller;
  if (retention === 0 || patient === undefined) return 0;
  const { handle, category, epoch } = erase;
  let until = 0;
  for (const log of logs) {
    const { records } = await chartPlaces(log, handle);
    // The newest entries are the last ones: the first page that has one of the category, or one that is old enough, ends the search.
    for (let to = records.length; to > 0; to -= PAGE) {
      const entries = await log.readAt(records.slice(Math.max(0, to - PAGE), to));
      const versions = entries.flatMap((entry) => {
        const body = entry && parseEntryBody(entry.body);
        const write = body && acceptedWrite(body);
        if (body?.format !== 'medseal-body/1' || write === undefined) return [];
        const { party: author } = body.request;
        return [{ author, category: write.category, at: body.at, epoch: write.epoch }];
      });
      const concerned = versions.filter((each) => each.epoch <= epoch);
      const found = retainedUntil(network, patient, category, concerned);
      until = Math.max(until, found);
      if (found > 0 || versions.some((each) => each.at + retention <= at)) break;
    }
  }
  return until;
}

/**
 * Requires that the log may take an erasure now, as an agent and each coordinator judge it.
 *
 * @param context - The network file, and who the patient is.
 * @param logs - The organisation's own log and its copies of the others.
 * @param erase - The erasure, of the patient.
 * @param at - The moment, Unix seconds.
 * @throws MedsealError `RETENTION_ACTIVE`.
 */
export async function requireErasable(
  context: Pick<ServiceContext, 'network' | 'index'>,
  logs: Iterable<EvidenceLog>,
  erase: Erase,
  at: number,
): Promise<void> {
  requireUnretained(erase.category, await retainedErase(context, logs, erase, at), at);
}
