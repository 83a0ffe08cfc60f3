import { hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { verifyInclusion } from '../../crypto/merkle/verifyInclusion.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { AcknowledgementCheck } from '../../protocol/evidence/acknowledgementCheck.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { checkEvidence } from '../../protocol/evidence/checkEvidence.ts';
import type {
  ChainEntry,
  Body,
  ListSubject,
  SignedCheckpoint,
} from '../../protocol/evidence/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { ViewSet } from '../../protocol/struct/requests.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { requirePairs } from '../../protocol/evidence/viewSet.ts';
import type { Party } from '../party/Party.ts';
import type { AuditEvent } from './Audit.ts';

/** Work between two pauses: some hundredths of a second of a phone. An entry that is known takes one part of it, a new one more. */
const AT_ONCE = 256;
const NEW = 16;
/** Seconds by which an entry may be older than one before it. */
const OUT_OF_ORDER = 600;

/** Entries of one log that were examined before, without a fault, and what was found, by their places. */
export type ExaminedBefore = ReadonlyMap<number, readonly [ChainEntry, AuditEvent]>;

/** A list that a former audit proved whole, of a log that goes on from there. */
export interface ListBefore {
  /** Size of the log. */
  readonly size: number;
  /** Number of its lines. */
  readonly lines: number;
  /** Entry of the last line. */
  readonly last: Bytes32;
  /** Those of its lines that are known. */
  readonly events: readonly AuditEvent[];
}

/** Options of `examineEntries`. */
export interface EntriesExamination {
  readonly before?: ExaminedBefore | undefined;
  readonly onExamined?: ((done: number, of: number) => void) | undefined;
  /** A list behind which this one begins. */
  readonly after?: ListBefore | undefined;
}

/**
 * Examines each entry of a log that a node lists for a patient, or for the party that signed them: it is about the
 * patient or by the party, its author signed it, coordinators judged it, and the checkpoint holds it at its place, which
 * comes after that of the entry before.
 *
 * @param ports - SHA-256, and the pause between some entries: a long list takes seconds.
 * @param check - Checks bodies, authors and verdicts.
 * @param wanted - The patient or the party, the log, size and root of its checkpoint.
 * @param entries - As the node listed them, not trusted.
 * @param options.before - The signatures of the very same entry are not verified again.
 * @param options.after - A list behind which this one begins.
 * @param options.onExamined - Called between some entries with the number of new ones so far, and of all new ones.
 * @returns Entries, each with its fault if it has one, and of a set of views without a list that was not signed.
 */
export async function examineEntries(
  { primitives, pause }: { readonly primitives: Primitives } & Pick<Party, 'pause'>,
  check: AcknowledgementCheck,
  wanted: Pick<SignedCheckpoint, 'log' | 'size' | 'root'> & ListSubject,
  entries: readonly ChainEntry[],
  { before = new Map(), onExamined, after }: EntriesExamination = {},
): Promise<readonly AuditEvent[]> {
  const { handle, party } = wanted;
  const root = hexToBytes(wanted.root);
  const listed = new Set<Bytes32>(after?.events.map(({ entry }) => entry));
  /** Requests that have an entry, as texts: a request with two entries was answered twice. */
  const answered = new Set<string>(
    after === undefined ? [] : stillOpen(after.events).map(requestIn),
  );
  let next = after?.size ?? 0;
  const events: AuditEvent[] = [];
  const fresh = entries.filter(({ index }) => !before.has(index)).length;
  if (fresh > 0) onExamined?.(0, fresh);
  let [work, examined] = [0, 0];
  for (const entry of entries) {
    const isNew = !before.has(entry.index);
    work += isNew ? NEW : 1;
    if (work >= AT_ONCE) {
      work = 0;
      if (fresh > 0) onExamined?.(examined, fresh);
      await pause?.();
    }
    events.push(examine(entry));
    examined += Number(isNew);
    next = entry.index + 1;
  }
  return events;

  function examine(audited: ChainEntry): AuditEvent {
    const { log } = wanted;
    const { index, entry } = audited;
    try {
      const body = checkEvidence(() => hold(audited));
      listed.add(entry);
      if (body !== undefined) answered.add(requestIn(body));
      const pairs = listIn(audited, body);
      const of = { ...(body && { body, size: sizeOf(audited) }), ...(pairs && { pairs }) };
      return { log, index, entry, ...of };
    } catch (error) {
      const { values, message } = toMedsealError(error);
      return { log, index, entry, fault: 'reason' in values ? values.reason : message };
    }
  }

  /** The list of a set of views, if it is the one that was signed: the entry holds without it. */
  function listIn({ index, pairs }: ChainEntry, body: Body | undefined): AuditEvent['pairs'] {
    if (pairs === undefined) return undefined;
    const [, event] = before.get(index) ?? [];
    // Of the same body, which was held to be: a list that fitted then is not hashed again.
    if (event?.pairs === pairs && event.body === body) return pairs;
    const isFitting =
      body?.request.type === 'ViewSet' &&
      succeeds(() => {
        requirePairs(primitives, body.request.message as ViewSet, pairs);
        return true;
      });
    return isFitting ? pairs : undefined;
  }

  function hold(audited: ChainEntry): Body | undefined {
    const { index, entry, body: text, verdicts, inclusion } = audited;
    const { log, size } = wanted;
    if (!Number.isSafeInteger(index)) throw invalid('it has no place');
    if (listed.has(entry)) throw invalid('it is listed twice');
    if (index < next) throw invalid('it is out of order');
    const leaf = leafHash(primitives, hexToBytes(entry));
    const proof = inclusion.map(hexToBytes);
    if (!verifyInclusion(primitives, { index, size, leaf, proof, root })) {
      throw invalid('the checkpoint does not hold it at its place');
    }
    const [known, event] = before.get(index) ?? [];
    const isKnown = isSameEntry(known, audited);
    if (text === undefined) {
      if (party !== undefined)
        throw invalid('without its body nothing shows that the party signed it');
      if (!isKnown) check.verdicts({ log, entry, verdicts });
      return undefined;
    }
    const body =
      (isKnown ? event?.body : undefined) ?? check.body({ log, entry, verdicts, body: text });
    if (body.format !== 'medseal-body/1') throw invalid('it is of no request');
    const { request } = body;
    if (party === undefined && request.message.handle !== handle) {
      throw invalid('it is not about the patient');
    }
    if (party !== undefined && request.party !== party) throw invalid('the party did not sign it');
    if (answered.has(requestIn(body))) throw invalid('its request has an entry before it');
    return body;
  }
}

/** Tells whether two entries are alike but for their proof of inclusion, which belongs to a checkpoint. */
function isSameEntry(one: ChainEntry | undefined, other: ChainEntry): boolean {
  return (
    one !== undefined &&
    one.entry === other.entry &&
    one.body === other.body &&
    canonicalJson(one.verdicts) === canonicalJson(other.verdicts)
  );
}

/** Bodies whose requests could still be answered when the list ended: an entry after their deadline is not valid anyway. */
function stillOpen(events: readonly AuditEvent[]): readonly Body[] {
  const bodies = events.flatMap(({ body }) => body ?? []);
  const latest = bodies.reduce((most, { at }) => Math.max(most, at), 0);
  return bodies.filter(({ request }) => request.message.deadline >= latest - OUT_OF_ORDER);
}

/** Returns the identity of a request, independent of its signature: the content that its digest covers. */
function requestIn({ request: { type, message } }: Body): string {
  return canonicalJson([type, message]);
}

/** Returns the size of a body in bytes. */
function sizeOf({ body = '' }: ChainEntry): number {
  return utf8ToBytes(body).length;
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
