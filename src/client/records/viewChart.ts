import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import {
  acknowledgementCheck,
  type AcknowledgementCheck,
} from '../../protocol/evidence/acknowledgementCheck.ts';
import type { AuditQuery, LogPlace } from '../../protocol/AgentPort.ts';
import {
  CHART_PART_ASKED,
  timesOfBatch,
  type ListedPart,
  type ChartPartAsked,
} from '../../protocol/evidence/chartPart.ts';
import type {
  Acknowledgement,
  BatchesApart,
  Base64,
  KnownLog,
  SignedNewest,
} from '../../protocol/evidence/evidence.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import {
  ZERO32,
  type Address,
  type Bytes32,
  type Handle,
  type LogName,
} from '../../protocol/ids.ts';
import type { Erase, Grant, Signed, Write } from '../../protocol/struct/requests.ts';
import type { SignedReadings } from '../../protocol/sensors/ReadingsHeader.ts';
import { BATCHES_APART, KNOWN_LOG } from '../../protocol/shapes/answerShapes.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { Will } from '../../protocol/care/vitalRecords.ts';
import type { Purpose } from '../../protocol/vocabulary.ts';
import { acceptedErase } from '../../protocol/rights/acceptedErase.ts';
import { hearEnd } from '../kept/hearEnd.ts';
import { recallAcknowledged } from '../state/acknowledgedHere.ts';
import type { Party } from '../party/Party.ts';
import { relianceOf } from '../party/relianceOf.ts';
import { requireArgument } from '../party/requireArgument.ts';
import { submitEvidence } from '../agent/submit.ts';

/** Number of entries that are verified before a page may answer its visitor. */
const AT_ONCE = 4;

/** Chart to read, right to rely on, and purpose. */
export interface ChartWanted {
  readonly handle: Handle;
  /** Absent for a patient's own chart. */
  readonly grant?: Grant;
  readonly purpose: Purpose;
  /** The patient's will as it was handed over, for a grant that holds on after death. */
  readonly will?: Will;
  /**
   * Entries that the chart should include, for a party that wrote at one organisation and reads at another. The node
   * waits some seconds at most: `behind` tells whether it was long enough. If absent, the entries that were
   * acknowledged to this device in the last 10 minutes; an empty list waits for nothing.
   */
  readonly after?: readonly LogPlace[];
  /**
   * The part of the list that is wanted; all of it if absent. A wearable adds thousands of batches of readings in a day, each of
   * which takes milliseconds to verify: whoever shows records asks for `records`, for curves for the batches of a span, and to learn which
   * categories batches are of for `kinds`.
   */
  readonly part?: ChartPartAsked;
}

/** A record version on a chart, from its verified entry. */
export interface ChartRecord extends Pick<
  Write,
  'record' | 'version' | 'begunBy' | 'about' | 'category' | 'epoch' | 'file' | 'size' | 'action'
> {
  readonly author: Address;
  /** Unix seconds. */
  readonly at: number;
  /** Statement of a device, if the record is a batch of its readings. */
  readonly readings?: SignedReadings;
  readonly acknowledgement: Acknowledgement;
}

/** A chart that an acknowledged view released. */
export interface ChartViewed {
  /** Of the request. */
  readonly digest: Bytes32;
  /** Evidence of this view. */
  readonly acknowledgement: Acknowledgement;
  readonly records: readonly ChartRecord[];
  /** The part of the chart that these are; all of it if absent. */
  readonly part?: ListedPart;
  /** Batches of readings whose numbers overlap those of a span or come right before them; not counted by `confirmListed`. */
  readonly beside?: readonly ChartRecord[];
  /** Of the part `records`: batches that it leaves out, by the node's own statement. */
  readonly apart?: readonly BatchesApart[];
  /** Number of entries of each log that the node made the chart from, by its own statement. */
  readonly known: readonly KnownLog[];
  /** Ticket and EIP-712 digest of the view, by which coordinators count its list: see `confirmListed`. */
  readonly key: Pick<AuditQuery, 'ticket' | 'request'>;
  /** Entries that the chart should include and does not, by the node's own statement: they are on their way. */
  readonly behind: readonly LogPlace[];
  /** The patient's erasures of the chart's records, from their verified entries. */
  readonly erasures: readonly Erase[];
  /** Sealed to the reader: the packet of the grant, or the state of the patient's devices. */
  readonly packet?: Base64;
  /**
   * On the patient's own chart, the signature of a device of the patient on that state, to be verified before the state
   * is opened.
   */
  readonly keep?: Signed<'Keep'>;
  /**
   * On the patient's own chart, the coordinators' statements about the newest state, to be counted before the state is
   * opened.
   */
  readonly newest?: readonly SignedNewest[];
}

/**
 * Asks for a chart: the list of records, each checked, and what is sealed to the reader; released after the view is
 * evidence.
 *
 * @param party - The reader.
 * @param wanted - Chart, and right to rely on.
 * @throws MedsealError with the code of the refusal; `EVIDENCE_INVALID` if a listed entry is not valid;
 * `ARGUMENT_INVALID`; `NODE_OLDER` from a node of before parts.
 */
export async function viewChart(party: Party, wanted: ChartWanted): Promise<ChartViewed> {
  const { handle, grant, purpose, will } = wanted;
  requireArgument('handle', handle);
  requireArgument('purpose', purpose);
  requirePart(wanted.part);
  const after = (wanted.after ?? (await recallAcknowledged(party))).map(({ log, index }) => ({
    log,
    index,
  }));
  const relied = relianceOf(party, grant);
  const view = {
    log: party.log,
    what: 'chart',
    handle,
    record: ZERO32,
    version: 0,
    grant: relied.grant,
    purpose,
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  } as const;
  const { acknowledgement, release } = await submitEvidence(party, 'View', view, {
    ...relied.along,
    ...(will && { will }),
    ...(after.length > 0 && { after }),
    ...(wanted.part && { part: wanted.part }),
  }).catch(async (error: unknown) => {
    await hearEnd(party, view, error);
    if (wanted.part === undefined || !isMedsealError(error, 'REQUEST_MALFORMED')) throw error;
    // This device makes none that is malformed, so its node does not know parts.
    throw new MedsealError('NODE_OLDER', { what: 'parts of a chart' }, { cause: error });
  });
  const listed: unknown = release?.records ?? [];
  if (!Array.isArray(listed)) throw new MedsealError('PEER_MALFORMED', { what: 'chart' });
  // Entries that were judged together share verdicts, which are verified once.
  const check = acknowledgementCheck(party, party.network);
  const verify = async (entries: readonly Acknowledgement[]): Promise<readonly ChartRecord[]> => {
    const records: ChartRecord[] = [];
    for (const entry of entries) {
      // A long chart takes seconds to verify.
      if (records.length % AT_ONCE === AT_ONCE - 1) await party.pause?.();
      records.push(recordInEntry(check, handle, entry));
    }
    return records;
  };
  const records = await verify(listed as readonly Acknowledgement[]);
  const part = wanted.part && partListed(wanted.part, records);
  const { packet, keep, newest, erasures: told = [] } = release ?? {};
  const beside =
    part === undefined || typeof part === 'string' ? [] : await verify(listIn(release?.beside));
  const apart =
    part === 'records' && isOfShape([BATCHES_APART], release?.apart) ? release.apart : undefined;
  const erasures = told.map((entry) => erasureInEntry(check, handle, entry));
  const known = knownIn(release?.known);
  const behind = after.filter(({ log, index }) => index >= entriesOf(known, log));
  const sealed = {
    ...(packet !== undefined && { packet }),
    ...(keep && { keep }),
    ...(newest && { newest }),
  };
  const digest = digestOf(party, 'View', view);
  const key = { ticket: release?.ticket ?? '', request: digest };
  const listing = {
    ...(part && { part }),
    ...(beside.length > 0 && { beside }),
    ...(apart && { apart }),
  };
  return { digest, acknowledgement, records, ...listing, known, key, behind, erasures, ...sealed };
}

/** Its node would call it malformed, as a node calls each part that does not know any. */
function requirePart(part: ChartPartAsked | undefined): void {
  if (part === undefined || isOfShape(CHART_PART_ASKED, part)) return;
  const reason =
    'must be "records", "kinds", or whole milliseconds from 0 on: { from }, { from, until } or { last }';
  throw new MedsealError('ARGUMENT_INVALID', { argument: 'part', reason });
}

/**
 * The part that a list is of. The span of the newest batches follows from those that are listed: a node cannot say that it begins
 * later, so that what it leaves out is missing when coordinators count.
 */
function partListed(asked: ChartPartAsked, records: readonly ChartRecord[]): ListedPart {
  if (records.some(({ readings }) => (readings === undefined) !== (asked === 'records'))) {
    throw new MedsealError('PEER_MALFORMED', { what: 'part of the chart' });
  }
  if (typeof asked === 'string' || 'from' in asked) return asked;
  const newest = records.reduce((latest, { readings, at }) => {
    return readings === undefined
      ? latest
      : Math.max(latest, timesOfBatch(readings.header, at).end);
  }, 0);
  return { from: Math.max(0, newest - asked.last) };
}

function listIn(given: unknown): readonly Acknowledgement[] {
  return Array.isArray(given) ? (given as readonly Acknowledgement[]) : [];
}

function entriesOf(known: readonly KnownLog[], log: LogName): number {
  return known.find((each) => each.log === log)?.entries ?? 0;
}

/** The erasure that an entry is of. */
function erasureInEntry(
  check: AcknowledgementCheck,
  handle: Handle,
  entry: Acknowledgement,
): Erase {
  const body = check.request(entry);
  const erase = acceptedErase(body);
  if (erase?.handle === handle) return erase;
  throw new MedsealError('EVIDENCE_INVALID', { reason: 'it is not an erasure of this chart' });
}

/** Parses the entries that the node made the chart from; empty if they are malformed. */
function knownIn(said: unknown): readonly KnownLog[] {
  return isOfShape([KNOWN_LOG], said) ? said : [];
}

/**
 * Returns the record version that an entry puts on a chart.
 *
 * @param check - Verifies the entry.
 * @param handle - The chart that it must be of.
 * @param entry - Not trusted.
 * @throws MedsealError `EVIDENCE_INVALID`.
 */
export function recordInEntry(
  check: AcknowledgementCheck,
  handle: Handle,
  entry: Acknowledgement,
): ChartRecord {
  const body = check.request(entry);
  const { type, message, party: author } = body.request;
  const write = message as Write;
  if (type !== 'Write' || body.flag !== 'A' || write.handle !== handle) {
    throw new MedsealError('EVIDENCE_INVALID', {
      reason: 'the entry does not belong to this chart',
    });
  }
  const { record, version, begunBy, about, category, epoch, file, size, action } = write;
  return {
    record,
    version,
    begunBy,
    about,
    category,
    epoch,
    file,
    size,
    action,
    author,
    at: body.at,
    ...(body.readings && { readings: body.readings }),
    acknowledgement: entry,
  };
}
