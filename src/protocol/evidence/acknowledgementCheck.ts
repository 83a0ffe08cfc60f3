import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { KnownTree } from '../../crypto/merkle/KnownTree.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { checkEvidence } from './checkEvidence.ts';
import type { Acknowledgement, Body, EntryBody, SignedVerdict } from './evidence.ts';
import type { ReadBody } from './EvidenceReader.ts';
import { succeeds } from '../wire/succeeds.ts';
import { isRefusalCode } from '../wire/isRefusalCode.ts';
import { keepNewest } from '../../crypto/keepNewest.ts';
import type { Address } from '../ids.ts';
import { logOf, organisationsBehind } from '../network/networkLookups.ts';
import { byAnyOffice, mostJudges, officesOf, type OfficeInTime } from '../network/officesOf.ts';
import { ENTRY_KINDS, kindOf } from '../struct/kindOf.ts';
import type { Channel, EntryKind, NetworkFile } from '../network/NetworkFile.ts';
import { hashText, readEvidenceBody } from './readEvidence.ts';
import type { Verdict } from '../struct/requests.ts';
import { MAX_DEADLINE_AHEAD } from './requireTimely.ts';
import { sameVerdict } from './sameVerdict.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';

/** Options for verifying evidence. */
export interface EvidenceOptions {
  /**
   * True if every verdict and signature must be valid, not only k of them: for saved evidence, which must be unchanged.
   */
  readonly strict?: boolean;
}

/** Parts of an entry that are verified beside its place in a log. */
export type JudgedEntry = Pick<Acknowledgement, 'log' | 'entry' | 'verdicts'>;

/** Verifies acknowledgements one after another; shared verdicts are verified once. */
export interface AcknowledgementCheck {
  /**
   * Verifies an acknowledgement by itself: the body hashes to the entry, its party signed the request in it (a summary
   * has no party), and a quorum of coordinators for its kind judged the entry for that log.
   *
   * @param acknowledgement - Not trusted.
   * @param read - Its body, as a reader of evidence parsed it; parsed here if absent.
   * @returns The body.
   * @throws MedsealError `EVIDENCE_INVALID` with the reason.
   */
  body(acknowledgement: Omit<Acknowledgement, 'index'>, read?: ReadBody): EntryBody;
  /**
   * Does the same for an acknowledgement that must belong to a request.
   *
   * @throws MedsealError `EVIDENCE_INVALID`, for a summary too, which answers nobody.
   */
  request(acknowledgement: Omit<Acknowledgement, 'index'>): Body;
  /**
   * Verifies an entry whose body was erased, as far as possible: enough coordinators judged it as the kind that they
   * state.
   *
   * @throws MedsealError `EVIDENCE_INVALID` with the reason.
   */
  verdicts(judged: JudgedEntry): void;
  /** Returns the valid verdicts, one of each coordinator, which promise that the log will have the entry by a time. */
  promises(judged: JudgedEntry): readonly SignedVerdict[];
}

/**
 * Largest difference in seconds between the times of a verdict and of its entry, and between a verdict and its promise.
 */
const MAX_AHEAD = 600;

/** Number of verdicts of one entry for each coordinator, false ones among them. */
const MOST_EACH = 4;
/** Number of verdicts that are remembered; neighbouring entries share a verdict. */
const MAX_REMEMBERED = 4096;
/** Number of arrays of entries judged together that are remembered, each at most some hundred kilobytes. */
const MAX_TREES = 16;

/**
 * Makes a check of acknowledgements for one run: a verdict that many entries share has its signature verified once.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param options - Options for verifying evidence.
 */
export function acknowledgementCheck(
  context: SigningContext,
  network: NetworkFile,
  options: EvidenceOptions = {},
): AcknowledgementCheck {
  const { primitives } = context;
  const { strict = false } = options;
  /** It names who may have recovered the key of a party. */
  const reading = { ...context, network };
  /** Valid verdicts, by their signatures. */
  const held = new Map<string, Pick<SignedVerdict, 'verdict' | 'coordinator'>>();
  /** Arrays of entries judged together, by size and root. */
  const trees = new Map<string, KnownTree>();

  return {
    body: (acknowledgement, read) => checkEvidence(() => checkBody(acknowledgement, read)),
    request: (acknowledgement) => checkEvidence(() => checkRequest(acknowledgement)),
    verdicts: (judged) => checkEvidence(() => checkVerdicts(judged)),
    promises: (judged) => checkEvidence(() => promisesIn(judged)),
  };

  function checkBody(
    { body: text, ...judged }: Omit<Acknowledgement, 'index'>,
    read?: ReadBody,
  ): EntryBody {
    const hashed = read ?? hashText(context, text);
    const isHash = bytesToHex(hashed.entry) === judged.entry;
    if (!isHash) throw invalid('the entry is not the hash of its body');
    const { body, signature } = read ?? readEvidenceBody(reading, text, hashed);
    if (body.log !== judged.log) throw invalid('the body names another log');
    if (body.format === 'medseal-body/1') {
      // A reader gives no key that the request does not prove to be its party's.
      if (signature?.signer === undefined) {
        throw invalid('the request in the body is not signed by its party');
      }
      requireJudgeable(body);
    }
    checkVerdicts(judged, body);
    return body;
  }

  function checkRequest(acknowledgement: Omit<Acknowledgement, 'index'>): Body {
    const body = checkBody(acknowledgement);
    if (body.format === 'medseal-body/1') return body;
    throw invalid('it sums up refusals, and answers nobody');
  }

  function checkVerdicts({ log, entry, verdicts }: JudgedEntry, body?: EntryBody): void {
    const offices = officesOf(network, log);
    requireFew(verdicts, offices);
    byAnyOffice(offices, (office) => {
      checkQuorum({ log, entry, verdicts }, office, body);
    });
  }

  /** Requires a quorum of one office, judging while it was in force: two offices make none together. */
  function checkQuorum(
    { log, entry, verdicts }: JudgedEntry,
    { channel, from, until }: OfficeInTime,
    body?: EntryBody,
  ): void {
    const { log: identity } = logOf(network, log);
    const leaf = leafHash(primitives, hexToBytes(entry));
    const kind = body && kindOf(body);
    const signers: Record<EntryKind, Address[]> = { writes: [], views: [] };
    let shown: SignedVerdict | undefined;
    for (const [place, signed] of verdicts.entries()) {
      if (!strict && isEnough(channel, signers)) return;
      const covers = succeeds(() => {
        const included =
          (shown !== undefined && sharesPlace(shown, signed)) || isIncluded(leaf, signed);
        if (!included || signed.verdict.log !== identity.id) return false;
        if (!isPromise(signed.verdict)) return false;
        if (signed.verdict.at < from || signed.verdict.at >= until) return false;
        if (body !== undefined && !isNear(signed.verdict.at, body.at)) return false;
        // Only the verdicts state the kind of an erased body: a quorum of them must state the same.
        if (!Object.hasOwn(signers, signed.verdict.kind)) return false;
        if (kind !== undefined && signed.verdict.kind !== kind) return false;
        shown = signed;
        return isSigned(signed);
      });
      if (covers) signers[signed.verdict.kind].push(signed.coordinator);
      else if (strict) throw invalid(`verdict ${place + 1} does not hold`);
    }
    if (strict) {
      const all = verdicts.map(({ coordinator }) => coordinator);
      requireCoordinators(channel, all, 'verdict');
    }
    if (!isEnough(channel, signers)) throw invalid('too few coordinators judged the entry');
  }

  function promisesIn({ log, entry, verdicts }: JudgedEntry): readonly SignedVerdict[] {
    const { log: identity } = logOf(network, log);
    const offices = officesOf(network, log);
    const leaf = leafHash(primitives, hexToBytes(entry));
    const byCoordinator = new Map<Address, SignedVerdict>();
    requireFew(verdicts, offices);
    for (const signed of verdicts) {
      const { coordinator, verdict } = signed;
      const sits = offices.some(
        ({ channel, from, until }) =>
          verdict.at >= from &&
          verdict.at < until &&
          channel.coordinators.some(({ address }) => address === coordinator),
      );
      if (!sits) continue;
      const stands = (): boolean =>
        verdict.log === identity.id &&
        isPromise(verdict) &&
        isIncluded(leaf, signed) &&
        isSigned(signed);
      if (succeeds(stands)) byCoordinator.set(coordinator, signed);
    }
    return [...byCoordinator.values()];
  }

  function isIncluded(leaf: Uint8Array, { verdict, index, proof }: SignedVerdict): boolean {
    return treeOf(verdict).includes(index, leaf, proof);
  }

  function treeOf({ size, root }: Verdict): KnownTree {
    const key = `${size} ${root}`;
    const tree = trees.get(key) ?? new KnownTree(primitives, size, root);
    trees.set(key, tree);
    keepNewest(trees, MAX_TREES);
    return tree;
  }

  function isSigned({ verdict, coordinator, signature }: SignedVerdict): boolean {
    const before = held.get(signature);
    if (before?.coordinator === coordinator && sameVerdict(before.verdict, verdict)) return true;
    if (signerOf(context, 'Verdict', verdict, signature) !== coordinator) return false;
    if (held.size >= MAX_REMEMBERED) held.clear();
    held.set(signature, { verdict, coordinator });
    return true;
  }
}

/** Each verdict takes a recovery of its signer; false ones among them prove nothing, and do no harm. */
function requireFew(verdicts: readonly SignedVerdict[], offices: readonly OfficeInTime[]): void {
  if (verdicts.length <= MOST_EACH * mostJudges(offices)) return;
  throw invalid('it has many more verdicts than there are coordinators');
}

/** Throws for a request that was judged outside its time, and for a refusal with a code that nobody can judge. */
function requireJudgeable({ flag, code, at, request }: Body): void {
  const { deadline } = request.message;
  if (deadline < at || deadline > at + MAX_DEADLINE_AHEAD) {
    throw invalid('the request was not judged in its time');
  }
  if (flag === 'R' && !isRefusalCode(code)) throw invalid('no refusal can have its code');
}

/** Tells whether a verdict's promise falls due soon: one that is due in a thousand years promises nothing. */
export function isPromise({ at, includeBy }: Pick<Verdict, 'at' | 'includeBy'>): boolean {
  return includeBy >= at && includeBy <= at + MAX_AHEAD;
}

/** Tells whether a verdict's moment can be that of judging at another. */
export function isNear(at: number, judgedAt: number): boolean {
  return Math.abs(at - judgedAt) <= MAX_AHEAD;
}

/** Tells whether two verdicts have an entry at one place of one tree, so that a proof for one is a proof for the other. */
function sharesPlace(one: SignedVerdict, other: SignedVerdict): boolean {
  return (
    one.index === other.index &&
    one.verdict.size === other.verdict.size &&
    one.verdict.root === other.verdict.root &&
    (one.proof === other.proof ||
      (one.proof.length === other.proof.length &&
        one.proof.every((hash, level) => hash === other.proof[level])))
  );
}

/**
 * Requires that all signers are coordinators of the channel, each once.
 *
 * @param channel - The channel.
 * @param signers - Addresses whose signatures were verified.
 * @param what - Name of the signatures for the error.
 * @throws MedsealError `EVIDENCE_INVALID` naming the place.
 */
export function requireCoordinators(
  channel: Pick<Channel, 'coordinators'>,
  signers: readonly Address[],
  what: string,
): void {
  for (const [place, signer] of signers.entries()) {
    const known = channel.coordinators.some(({ address }) => address === signer);
    if (known && signers.indexOf(signer) === place) continue;
    throw invalid(`${what} ${place + 1} is not of a coordinator, or there twice`);
  }
}

function isEnough(
  channel: OfficeInTime['channel'],
  signers: Readonly<Record<EntryKind, readonly Address[]>>,
): boolean {
  return ENTRY_KINDS.some(
    (kind) => organisationsBehind(channel, signers[kind]) >= channel.thresholds[kind],
  );
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
