import { MedsealError } from '../../errors/MedsealError.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { ErasureCertificate } from '../../protocol/evidence/ErasureCertificate.ts';
import type { SignedErased } from '../../protocol/evidence/evidence.ts';
import {
  isAhead,
  statersOf,
  verifyErased,
  verifyErasure,
  type DestroyedAt,
  type ProvenErasure,
  type StatedErasure,
} from '../../protocol/evidence/verifyErasure.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { coordinatorAt } from '../../protocol/network/coordinatorAt.ts';
import { acceptedErase } from '../../protocol/rights/acceptedErase.ts';
import { erasesVersion } from '../../protocol/rights/erasesVersion.ts';
import type { Erase, Write } from '../../protocol/struct/requests.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { patiently } from '../agent/patiently.ts';
import type { Party } from '../party/Party.ts';
import type { Audit, AuditEvent } from './Audit.ts';
import { examineAudit } from './examineAudit.ts';
import { fetchEntry } from './fetchEntry.ts';
import { fetchReceipt } from './fetchReceipt.ts';
import { servedAfter, type ServedAfter } from './servedAfter.ts';

/** An organisation that did not state that it destroyed what was erased. */
export interface UnstatedErasure {
  readonly organisation: Organisation;
  /** Code of its answer, such as `NOT_YET`, `PEER_UNREACHABLE`, or `EVIDENCE_INVALID` for a statement that is not valid. */
  readonly code: ErrorCode;
  /** The same in words. */
  readonly reason: string;
}

/**
 * An organisation that states another first date than before of the same versions. A folder that was put back from a backup moves it, and
 * so does somebody who hides something: it convicts nobody.
 */
export interface MovedErasure {
  readonly organisation: Organisation;
  /** The date that stays in the certificate, Unix seconds. */
  readonly from: number;
  /** The date that it states now, Unix seconds. */
  readonly to: number;
}

/** A certificate of erasure as far as it goes now. */
export interface CertifiedErasure {
  /** With the statements that are valid, to be saved and completed later. */
  readonly certificate: ErasureCertificate;
  /** The erasure, its versions and the statements, as the certificate proves them. */
  readonly proven: ProvenErasure;
  /** Organisations whose statement is not in it. */
  readonly unstated: readonly UnstatedErasure[];
  /** Acts by which organisations break their word; their statements are in `broken` of the certificate, and stay there. */
  readonly served: readonly ServedAfter[];
  /** Organisations that moved their first date; the one that they stated first is in it. */
  readonly moved: readonly MovedErasure[];
}

/** Options of `certifyErasure`. */
export interface CertifyOptions {
  /** A certificate that was begun: its statements stay, and get the second date from newer ones. */
  readonly begun?: ErasureCertificate;
  /** An audit from some minutes ago at the most; a new one if absent. */
  readonly audit?: Audit;
}

/**
 * Asks all organisations to state that they destroyed what the patient erased last of a category, and makes the certificate of it. An
 * organisation that does not answer now is listed; a later call with what was begun completes it. The audit that it takes for this is an
 * entry too.
 *
 * @param party - The patient.
 * @param category - The erased category.
 * @param options - See `CertifyOptions`.
 * @throws MedsealError `NOT_FOUND` if the logs have no erasure of that category, or on a device of someone who is not a patient;
 * `EVIDENCE_INVALID` if what was begun is not valid, or of another chart or category; `NOT_YET`, `PROMISE_OVERDUE` if no checkpoint comes
 * over the erasure; as `examineAudit`.
 * @example
 * ```ts
 * await eraseKeys(patient, 'sensitive');
 * const { certificate, unstated } = await certifyErasure(patient, 'sensitive');
 * console.log(formatEvidenceFile(certificate), unstated.map(({ organisation }) => organisation));
 * ```
 */
export async function certifyErasure(
  party: Party,
  category: Category,
  { begun, audit: given }: CertifyOptions = {},
): Promise<CertifiedErasure> {
  const old = begun && verifyErasure(party, party.network, begun);
  const audit = given ?? (await examineAudit(party));
  const events = soundEvents(audit);
  const event = begun === undefined ? lastErasure(events, category) : begunIn(events, begun);
  const erase = event?.body && acceptedErase(event.body);
  if (event?.body === undefined || erase === undefined || erase.category !== category) {
    if (begun === undefined)
      throw new MedsealError('NOT_FOUND', { what: `erasure of ${category}` });
    const reason = 'what was begun is a certificate of another chart or category';
    throw new MedsealError('EVIDENCE_INVALID', { reason });
  }
  const receipt =
    begun?.receipt ?? (await fetchReceipt(party, await fetchEntry(party, audit, event)));
  const writes = erasedBy(events, erase);
  const { log, entry, body } = event;
  const entries = writes.map((each) => each.entry);
  const of: StatedErasure = { log, entry, body, erase, versions: entries };
  const before = new Map(
    (begun?.statements ?? []).flatMap((each) => {
      const organisation = statedBy(party, of, each);
      return organisation === undefined ? [] : [[organisation, each]];
    }),
  );
  const names = statersOf(party.network, log, body.at);
  const answers = await Promise.all(
    names.map(async (organisation) => await ask(party, audit, of, organisation, event.index)),
  );
  const stated = new Map(before);
  const newer = new Map<Organisation, SignedErased>();
  const unstated = new Map<Organisation, UnstatedErasure>();
  for (const [nth, answer] of answers.entries()) {
    const organisation = names[nth] as Organisation;
    const older = before.get(organisation);
    if ('erased' in answer) {
      newer.set(organisation, answer);
      stated.set(organisation, laterOf(older, answer));
    } else if (older === undefined) {
      unstated.set(organisation, { organisation, ...refusalIn(answer) });
    }
  }
  const versions = await Promise.all(
    writes.map(async (each) => (await fetchEntry(party, audit, each)).body),
  );
  const firsts = [...stated, ...newer].map(([organisation, { erased }]) => {
    return { organisation, at: erased.at };
  });
  const served = eachOnce([
    ...servedAfter(party, events, writes.map(writeOf), firsts),
    // Its words of then are of the versions of then.
    ...(old ? servedAfter(party, events, old.versions, [...old.destroyed, ...old.broken]) : []),
  ]);
  const broken = new Map(signedIn(old?.broken, begun?.broken));
  const begunBy = new Map(signedIn(old?.destroyed, begun?.statements));
  for (const { organisation } of served) {
    const words = [begunBy, stated, newer].flatMap((each) => each.get(organisation) ?? []);
    const [first] = words.toSorted((one, other) => one.erased.at - other.erased.at);
    if (first !== undefined && !broken.has(organisation)) broken.set(organisation, first);
  }
  for (const organisation of broken.keys()) {
    stated.delete(organisation);
    const reason = 'its own log or notes show that it gave erased records after that';
    unstated.set(organisation, { organisation, code: 'EVIDENCE_INVALID', reason });
  }
  const certificate = certificateOf({
    receipt,
    versions,
    statements: [...stated.values()],
    ...(broken.size > 0 && { broken: inOrder([...broken.values()]) }),
  });
  return {
    certificate,
    proven: verifyErasure(party, party.network, certificate),
    unstated: [...unstated.values()],
    served,
    moved: movedFrom(stated, newer),
  };
}

/**
 * Lists the categories that a patient erased, as the logs have it.
 *
 * @param audit - An audit of the chart.
 * @example
 * ```ts
 * const audit = await examineAudit(patient);
 * for (const category of erasedCategories(audit)) await certifyErasure(patient, category, { audit });
 * ```
 */
export function erasedCategories(audit: Pick<Audit, 'logs'>): readonly Category[] {
  const erased = soundEvents(audit).flatMap(({ body }) => (body && acceptedErase(body)) ?? []);
  return [...new Set(erased.map(({ category }) => category))];
}

function soundEvents({ logs }: Pick<Audit, 'logs'>): readonly AuditEvent[] {
  return logs.flatMap((log) => log.events).filter(({ fault }) => fault === undefined);
}

/**
 * Returns the erasure of a category that a certificate is made of, if none was begun; undefined if the logs have none.
 *
 * @param audit - An audit of the chart.
 * @param category - The category.
 * @example
 * ```ts
 * const erasure = erasureToCertify(await readAudit(patient), 'imaging');
 * console.log(erasure === undefined ? 'Nothing was erased.' : `Erased in ${erasure.log}.`);
 * ```
 */
export function erasureToCertify(
  audit: Pick<Audit, 'logs'>,
  category: Category,
): AuditEvent | undefined {
  return lastErasure(soundEvents(audit), category);
}

/** The first erasure of a category that reaches as far as any. */
function lastErasure(events: readonly AuditEvent[], category: Category): AuditEvent | undefined {
  let last: { readonly event: AuditEvent; readonly epoch: number } | undefined;
  const inTime = events.toSorted((one, other) => (one.body?.at ?? 0) - (other.body?.at ?? 0));
  for (const event of inTime) {
    const erase = event.body && acceptedErase(event.body);
    if (erase?.category !== category || erase.epoch <= (last?.epoch ?? 0)) continue;
    last = { event, epoch: erase.epoch };
  }
  return last?.event;
}

function begunIn(
  events: readonly AuditEvent[],
  { receipt: { acknowledgement } }: ErasureCertificate,
): AuditEvent | undefined {
  const { log, index, entry } = acknowledgement;
  return events.find((each) => each.log === log && each.index === index && each.entry === entry);
}

/** The events that put on the chart what was erased, in ascending order of their entries. */
function erasedBy(events: readonly AuditEvent[], erase: Erase): readonly AuditEvent[] {
  return events
    .filter(({ body }) => {
      return (
        body?.flag === 'A' &&
        body.request.type === 'Write' &&
        erasesVersion(erase, writeOf({ body }))
      );
    })
    .toSorted((one, other) => (one.entry < other.entry ? -1 : 1));
}

function writeOf({ body }: Pick<AuditEvent, 'body'>): Write {
  return body?.request.message as Write;
}

/** Asks an organisation, and again some seconds long while it is still deleting. */
async function ask(
  party: Party,
  { key }: Pick<Audit, 'key'>,
  of: StatedErasure,
  organisation: Organisation,
  index: number,
): Promise<SignedErased | MedsealError> {
  let last: MedsealError = new MedsealError('NOT_YET', { what: 'statement' });
  const attempt = async (): Promise<SignedErased | MedsealError | undefined> => {
    try {
      const signed = await party.agent.erased({ ...key, organisation, log: of.log, index });
      const reason = faultOf(party, of, signed, organisation);
      if (reason === undefined) return signed;
      last = new MedsealError('EVIDENCE_INVALID', { reason });
    } catch (error) {
      last = toMedsealError(error);
      if (!isMedsealError(last, 'NOT_YET') && !isMedsealError(last, 'EVIDENCE_INVALID'))
        return last;
    }
    return undefined;
  };
  return (await patiently(party, attempt)) ?? last;
}

/** Tells why an answer is not an organisation's statement of now: a coordinator that left could sign an earlier date. */
function faultOf(
  party: Party,
  of: StatedErasure,
  signed: SignedErased,
  organisation: Organisation,
): string | undefined {
  const word = verifyErased(party, party.network, of, signed);
  if (word.organisation !== organisation) return 'the statement is of another organisation';
  const now = seconds(party.clock);
  if (isAhead(word, now)) return 'the statement has a date that has not come';
  const isSeated = coordinatorAt(party.network, of.log, signed.coordinator, now) === organisation;
  return isSeated
    ? undefined
    : 'the statement is not signed by a coordinator that is in office now';
}

/** Of two statements on the same versions the one that stays: the first one, unless the other has its date and adds the second. */
function laterOf(older: SignedErased | undefined, newer: SignedErased): SignedErased {
  if (older === undefined) return newer;
  const { at, backup } = older.erased;
  return at === newer.erased.at && backup === 0 ? newer : older;
}

function movedFrom(
  stated: ReadonlyMap<Organisation, SignedErased>,
  newer: ReadonlyMap<Organisation, SignedErased>,
): readonly MovedErasure[] {
  return [...stated].flatMap(([organisation, { erased }]) => {
    const to = newer.get(organisation)?.erased.at ?? erased.at;
    return to === erased.at ? [] : [{ organisation, from: erased.at, to }];
  });
}

/** Pairs what was verified of statements, by organisation, with the statements. */
function signedIn(
  verified: readonly Pick<DestroyedAt, 'organisation'>[] = [],
  statements: readonly SignedErased[] = [],
): readonly (readonly [Organisation, SignedErased])[] {
  return verified.flatMap(({ organisation }, nth) => {
    const statement = statements[nth];
    return statement === undefined ? [] : [[organisation, statement] as const];
  });
}

function eachOnce(served: readonly ServedAfter[]): readonly ServedAfter[] {
  return [...new Map(served.map((each) => [JSON.stringify(each), each])).values()];
}

function statedBy(
  party: Party,
  of: StatedErasure,
  statement: SignedErased,
): Organisation | undefined {
  try {
    const word = verifyErased(party, party.network, of, statement);
    return isAhead(word, seconds(party.clock)) ? undefined : word.organisation;
  } catch {
    // Another version came on the chart since, or the file was altered.
    return undefined;
  }
}

function refusalIn({ code, message }: MedsealError): Omit<UnstatedErasure, 'organisation'> {
  return { code, reason: message };
}

function certificateOf({
  statements,
  ...certificate
}: Omit<ErasureCertificate, 'format'>): ErasureCertificate {
  return { format: 'medseal-erasure/1', ...certificate, statements: inOrder(statements) };
}

function inOrder(statements: readonly SignedErased[]): readonly SignedErased[] {
  return statements.toSorted((one, other) => (one.coordinator < other.coordinator ? -1 : 1));
}
