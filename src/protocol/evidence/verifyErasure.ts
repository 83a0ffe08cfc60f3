import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32, LogName, Organisation } from '../ids.ts';
import { coordinatorAt } from '../network/coordinatorAt.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { logOf } from '../network/networkLookups.ts';
import { officesOf } from '../network/officesOf.ts';
import { acceptedErase } from '../rights/acceptedErase.ts';
import { erasesVersion } from '../rights/erasesVersion.ts';
import type { Erase, Erased, Write } from '../struct/requests.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';
import { listRoot } from '../wire/listRoot.ts';
import type { EvidenceOptions } from './acknowledgementCheck.ts';
import { checkEvidence } from './checkEvidence.ts';
import type { ErasureCertificate } from './ErasureCertificate.ts';
import type { Body, SignedErased } from './evidence.ts';
import { parseBody } from './parseBody.ts';
import { verifyReceipt } from './verifyReceipt.ts';

/** Seconds by which an organisation's clock may be behind that of the erasure. */
const MOST_BEHIND = 60;
/** Seconds by which it may be ahead of the clock that a statement is verified by. */
const MOST_AHEAD = 60;

/** Statement of an organisation about an erasure. */
export interface DestroyedAt {
  readonly organisation: Organisation;
  /** When its running node had destroyed all of it, Unix seconds. */
  readonly at: number;
  /** When none of its backups had any of it any more, Unix seconds; absent while one may. */
  readonly backup?: number;
  /** When it signed this, Unix seconds. */
  readonly stated: number;
}

/** An erasure with what was proven of it. */
export interface ProvenErasure {
  readonly erase: Erase;
  /** Body of its entry. */
  readonly body: Body;
  /** The erased versions, each as its author put it on the chart. */
  readonly versions: readonly Write[];
  /** In the order of the statements. */
  readonly destroyed: readonly DestroyedAt[];
  /** Statements that the patient set aside, because an audit contradicts them; nothing in the certificate shows that audit. */
  readonly broken: readonly DestroyedAt[];
  /** Organisations that had a seat at the erasure or later and of which no statement counts, in the order of the network file. */
  readonly silent: readonly Organisation[];
}

/** An erasure that organisations state something of. */
export interface StatedErasure {
  readonly log: LogName;
  /** Entry of the `Erase`. */
  readonly entry: Bytes32;
  /** Body of the entry. */
  readonly body: Pick<Body, 'at'>;
  readonly erase: Pick<Erase, 'handle'>;
  /** Entries that put the erased versions on the chart, in ascending order. */
  readonly versions: readonly Bytes32[];
}

/**
 * Verifies a certificate of erasure offline, with the pinned network file alone: the erasure is the patient's and on the ledger, the
 * versions are those that it erases, and each statement is signed by a coordinator that was in office, of exactly these versions. That a
 * file is gone, nobody can prove: an organisation that lies signs that it lies.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param certificate - The certificate.
 * @param options - Options for verifying evidence.
 * @throws MedsealError `EVIDENCE_INVALID` with the reason.
 * @example
 * ```ts
 * const file = parseEvidenceFile(bytes);
 * if (file.kind !== 'erasure') throw new Error('pick a certificate of erasure');
 * const { erase, destroyed, silent } = verifyErasure(patient, network, file.erasure);
 * for (const { organisation, at, backup } of destroyed) console.log(erase.category, organisation, at, backup ?? 'in a backup');
 * console.log('not stated:', silent);
 * ```
 */
export function verifyErasure(
  context: SigningContext,
  network: NetworkFile,
  certificate: ErasureCertificate,
  options: EvidenceOptions = {},
): ProvenErasure {
  if (certificate.format !== 'medseal-erasure/1') {
    throw invalid('the certificate is of another format');
  }
  const { receipt, statements, broken: aside = [] } = certificate;
  const { log, entry } = receipt.acknowledgement;
  const body = verifyReceipt(context, network, receipt, options);
  const erase = acceptedErase(body);
  if (erase === undefined) throw invalid('the receipt is not that of an erasure');
  const { entries, versions } = checkEvidence(() => versionsIn(context, erase, certificate));
  const of: StatedErasure = { log, entry, body, erase, versions: entries };
  requireInOrder(statements);
  requireInOrder(aside);
  const destroyed = statements.map((each) => verifyErased(context, network, of, each));
  const broken = aside.map((each) => verifyWord(context, network, of, each));
  const named = new Set(destroyed.map(({ organisation }) => organisation));
  const all = new Set([...destroyed, ...broken].map(({ organisation }) => organisation));
  if (all.size < destroyed.length + broken.length) throw invalid('an organisation is there twice');
  const silent = statersOf(network, log, body.at).filter((name) => !named.has(name));
  return { erase, body: body as Body, versions, destroyed, broken, silent };
}

/**
 * Verifies an organisation's statement that it destroyed what an erasure is of.
 *
 * @param context - Domain and primitives.
 * @param network - The network file.
 * @param of - The erasure.
 * @param statement - Not trusted.
 * @throws MedsealError `EVIDENCE_INVALID` with the reason.
 */
export function verifyErased(
  context: SigningContext,
  network: NetworkFile,
  of: StatedErasure,
  statement: SignedErased,
): DestroyedAt {
  const word = verifyWord(context, network, of, statement);
  const { versions, list } = statement.erased;
  if (versions !== of.versions.length || list !== listRoot(context.primitives, of.versions)) {
    throw invalid(`the statement of ${word.organisation} is of other record versions`);
  }
  return word;
}

/** Verifies a statement on an erasure, whatever versions it is of. */
function verifyWord(
  context: SigningContext,
  network: NetworkFile,
  of: StatedErasure,
  { erased, coordinator, signature }: SignedErased,
): DestroyedAt {
  const { at, backup, stated } = erased;
  const signer = checkEvidence(() => signerOf(context, 'Erased', erased, signature));
  const organisation =
    signer === coordinator ? coordinatorAt(network, of.log, coordinator, stated) : undefined;
  if (organisation === undefined) {
    throw invalid('a statement is not signed by a coordinator that was in office then');
  }
  const fault = faultOf(network, of, erased);
  if (fault !== undefined) throw invalid(`the statement of ${organisation} ${fault}`);
  return { organisation, at, stated, ...(backup > 0 && { backup }) };
}

/**
 * Lists the organisations that are to state that they destroyed what was erased: those that had a seat then or later.
 *
 * @param network - The network file.
 * @param log - The log with the erasure.
 * @param at - When it was judged, Unix seconds.
 */
export function statersOf(network: NetworkFile, log: LogName, at: number): readonly Organisation[] {
  const seats = officesOf(network, log)
    .filter(({ until }) => until > at)
    .flatMap(({ channel }) => channel.coordinators);
  return [...new Set(seats.map(({ organisation }) => organisation))];
}

/**
 * Tells whether a statement was signed for a moment that has not come: it cannot count yet.
 *
 * @param statement - The statement.
 * @param now - Unix seconds, by the clock of who verifies.
 */
export function isAhead({ stated }: Pick<DestroyedAt, 'stated'>, now: number): boolean {
  return stated > now + MOST_AHEAD;
}

function requireInOrder(statements: readonly SignedErased[]): void {
  const known = statements.map(({ coordinator }) => coordinator);
  if (known.some((each, nth) => nth > 0 && each <= (known[nth - 1] ?? each))) {
    throw invalid('its statements are not in order, each coordinator once');
  }
}

function faultOf(
  network: NetworkFile,
  { log, entry, body, erase }: StatedErasure,
  erased: Erased,
): string | undefined {
  const isOf =
    erased.log === logOf(network, log).log.id &&
    erased.erase === entry &&
    erased.handle === erase.handle;
  if (!isOf) return 'is of another erasure';
  const { at, backup, stated } = erased;
  if (at + MOST_BEHIND < body.at) return 'is from before the erasure';
  if (stated < at || stated < backup || (backup !== 0 && backup < at)) {
    return 'has dates that cannot be';
  }
  return undefined;
}

function versionsIn(
  { primitives }: SigningContext,
  erase: Erase,
  { versions }: ErasureCertificate,
): { readonly entries: readonly Bytes32[]; readonly versions: readonly Write[] } {
  const entries = versions.map((text) => bytesToHex(primitives.sha256(utf8ToBytes(text))));
  if (entries.some((each, nth) => nth > 0 && each <= (entries[nth - 1] ?? each))) {
    throw invalid('its record versions are not in order, each once');
  }
  const writes = versions.map((text) => {
    const { flag, request } = parseBody(text);
    const write = request.message as Write;
    if (flag !== 'A' || request.type !== 'Write' || !erasesVersion(erase, write)) {
      throw invalid('it has an entry that put nothing on the chart that was erased');
    }
    return write;
  });
  return { entries, versions: writes };
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
