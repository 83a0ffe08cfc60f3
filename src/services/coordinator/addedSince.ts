import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { LogName } from '../../protocol/ids.ts';
import type { Write } from '../../protocol/requests.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { AddedBytes } from './ByteAllowance.ts';

/** Entries of a log that are read at once. */
const PAGE = 256;
/** Seconds by which a log's entries can be out of the order of their moments. */
const DISORDER = 300;

/**
 * Finds the sealed files that the entries of a channel's logs added since a moment, newest first. It leaves out an entry whose
 * body was erased or cannot be read.
 *
 * @param context - The organisation's context.
 * @param logs - Its own log and its copies.
 * @param since - Unix seconds.
 */
export async function addedSince(
  context: Pick<ServiceContext, 'index' | 'reader'>,
  logs: ReadonlyMap<LogName, EvidenceLog>,
  since: number,
): Promise<readonly AddedBytes[]> {
  const added: AddedBytes[] = [];
  for (const log of logs.values()) {
    for (let to = log.size; to > 0; to -= PAGE) {
      const from = Math.max(0, to - PAGE);
      const entries = await log.stored({ from, to }).catch(() => []);
      const places = entries.flatMap(({ index, at }) => (at >= since ? [index] : []));
      const texts = (await log.readAt(places).catch(() => [])).flatMap((each) => each?.body ?? []);
      for (const read of await context.reader.bodies(texts)) {
        if (read instanceof MedsealError || read.body.format !== 'medseal-body/1') continue;
        const { flag, request } = read.body;
        if (flag !== 'A' || request.type !== 'Write') continue;
        const { handle, file, size } = request.message as Write;
        const isPatient = context.index.patient(handle)?.controller === request.party;
        added.push({ party: request.party, handle, isPatient, bytes: size, file });
      }
      if ((entries[0]?.at ?? since) < since - DISORDER) break;
    }
  }
  return added;
}
