import { bytesToHex } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import {
  acknowledgementCheck,
  type AcknowledgementCheck,
} from '../protocol/acknowledgementCheck.ts';
import type { Acknowledgement, Base64 } from '../protocol/evidence.ts';
import { ZERO32, type Address, type Handle } from '../protocol/ids.ts';
import type { Grant, Write } from '../protocol/requests.ts';
import { digestOf } from '../protocol/signing.ts';
import type { Purpose } from '../protocol/vocabulary.ts';
import type { Party } from './Party.ts';
import { submitEvidence } from './submit.ts';

/** Whose chart is read, relying on which right, for what. */
export interface ChartWanted {
  readonly handle: Handle;
  /** Absent for a patient's own chart. */
  readonly grant?: Grant;
  readonly purpose: Purpose;
}

/** A record version on a chart: what its entry says, which was checked. */
export interface ChartRecord extends Pick<
  Write,
  'record' | 'version' | 'category' | 'epoch' | 'file' | 'size' | 'action'
> {
  readonly author: Address;
  /** Unix seconds. */
  readonly at: number;
  readonly acknowledgement: Acknowledgement;
}

/** What an acknowledged view of a chart released. */
export interface ChartViewed {
  /** Evidence of this view. */
  readonly acknowledgement: Acknowledgement;
  readonly records: readonly ChartRecord[];
  /** Sealed to the reader: the packet of the grant, or the state of the patient's devices. */
  readonly packet?: Base64;
}

/**
 * Asks for a chart: the list of records, each checked, and what is sealed to the reader; released after the view is
 * evidence.
 *
 * @param party - The reader.
 * @param wanted - Whose chart, relying on which right.
 * @throws MedsealError with the code of the refusal; `EVIDENCE_INVALID` where a listed entry does not hold.
 */
export async function viewChart(party: Party, wanted: ChartWanted): Promise<ChartViewed> {
  const { handle, grant, purpose } = wanted;
  const view = {
    log: party.log,
    what: 'chart',
    handle,
    record: ZERO32,
    version: 0,
    grant: grant === undefined ? ZERO32 : digestOf(party, 'Grant', grant),
    purpose,
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  } as const;
  const { acknowledgement, release } = await submitEvidence(party, 'View', view, {
    ...(grant && { opening: grant }),
  });
  const listed: unknown = release?.records ?? [];
  if (!Array.isArray(listed)) throw new MedsealError('PEER_MALFORMED', { what: 'chart' });
  // Entries that were judged together share verdicts, which are verified once.
  const check = acknowledgementCheck(party, party.network);
  const records = listed.map((entry: Acknowledgement) => checkRecord(check, handle, entry));
  const packet = release?.packet;
  return { acknowledgement, records, ...(packet !== undefined && { packet }) };
}

function checkRecord(
  check: AcknowledgementCheck,
  handle: Handle,
  entry: Acknowledgement,
): ChartRecord {
  const body = check.request(entry);
  const { type, message, party: author } = body.request;
  const write = message as Write;
  if (type !== 'Write' || body.flag !== 'A' || write.handle !== handle) {
    throw new MedsealError('EVIDENCE_INVALID', { reason: 'the entry is not of this chart' });
  }
  const { record, version, category, epoch, file, size, action } = write;
  return {
    record,
    version,
    category,
    epoch,
    file,
    size,
    action,
    author,
    at: body.at,
    acknowledgement: entry,
  };
}
