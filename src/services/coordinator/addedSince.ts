import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { EntryBody } from '../../protocol/evidence/evidence.ts';
import type { LogName } from '../../protocol/ids.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { AddedBytes } from './ByteAllowance.ts';

/** Entries of a log that are read at once. */
const PAGE = 256;
/** Seconds by which a log's entries can be out of the order of their moments. */
const DISORDER = 300;

/**
 * Finds the sealed files that the entries of a channel's logs added since a moment, newest first, by pages of each log in turn. It
 * leaves out an entry whose body was erased or cannot be read. Nothing is verified again that stands in a log.
 *
 * @param context - The organisation's context.
 * @param logs - Its own log and its copies.
 * @param since - Unix seconds.
 */
export async function* addedSince(
  { index }: Pick<ServiceContext, 'index'>,
  logs: ReadonlyMap<LogName, EvidenceLog>,
  since: number,
): AsyncGenerator<readonly AddedBytes[]> {
  const left = [...logs.values()].map((log) => ({ log, to: log.size }));
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    const { log, to } = next;
    const from = Math.max(0, to - PAGE);
    const places = Array.from({ length: to - from }, (_, place) => from + place);
    const bodies = (await log.readAt(places).catch(() => [])).flatMap((each) => {
      return each === undefined ? [] : [JSON.parse(each.body) as EntryBody];
    });
    yield bodies.flatMap((body) => addedBy(index, body, since));
    const [oldest] = bodies;
    if (from > 0 && (oldest?.at ?? since) >= since - DISORDER) left.push({ log, to: from });
  }
}

function addedBy(
  index: ServiceContext['index'],
  body: EntryBody,
  since: number,
): readonly AddedBytes[] {
  if (body.format !== 'medseal-body/1' || body.flag !== 'A' || body.at < since) return [];
  const { type, party, message } = body.request;
  if (type !== 'Write') return [];
  const { handle, file, size } = message as Write;
  const isPatient = index.patient(handle)?.controller === party;
  return [{ party, handle, isPatient, bytes: size, file }];
}
