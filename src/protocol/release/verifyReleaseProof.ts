import { hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { verifyInclusion } from '../../crypto/merkle/verifyInclusion.ts';
import { isShareIn } from '../../crypto/threshold/extractShare.ts';
import { isSealFor, readSeal } from '../../crypto/threshold/releaseSeal.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { acknowledgementCheck, type EvidenceOptions } from '../evidence/acknowledgementCheck.ts';
import { coordinatorAt } from '../network/coordinatorAt.ts';
import { checkEvidence } from '../evidence/checkEvidence.ts';
import type { Body } from '../evidence/evidence.ts';
import type { Address, Bytes32, LogName, Organisation } from '../ids.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { logOf } from '../network/networkLookups.ts';
import { recipientHash } from '../rights/recipientHash.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';
import { readerSalt } from './readerSalt.ts';
import {
  askedInEntry,
  isLeftOut,
  releasedName,
  type PairInSet,
  type ViewInEntry,
} from './releasedView.ts';
import type { SealAsked } from './ReleaseAsked.ts';
import { sealHash, shareHash, shareKeyId } from './releasedShare.ts';
import type { ReleaseFault } from './releaseFaults.ts';
import { releaseKeysOf, type ChannelKey } from './releaseKeyOf.ts';
import type { ReleaseProof, ReleaseStatement } from './ReleaseProof.ts';
import { viewIdentity } from './viewIdentity.ts';

/** A release that a coordinator signed. */
export interface ProvenRelease {
  readonly organisation: Organisation;
  readonly coordinator: Address;
  /** When, by its own clock, Unix seconds. */
  readonly at: number;
  /** Absent if nothing is wrong with it. */
  readonly fault?: ReleaseFault;
}

/** Releases of the key of a record for one view. */
export interface ProvenReleases {
  /** Body of the view's entry. */
  readonly body: Body;
  readonly releases: readonly ProvenRelease[];
}

/**
 * Verifies offline which coordinators released the key of a record for a view, to the recipient that the view commits to; and
 * if one of them did what it must not, convicts it by its own signature. Each statement is held against the release key of its
 * time. A receipt or a history tells if the log has the view.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param proof - The proof.
 * @param options - Options for verifying evidence.
 * @throws MedsealError `EVIDENCE_INVALID` with the reason.
 * @example
 * ```ts
 * const file = parseEvidenceFile(bytes);
 * if (file.kind !== 'release') throw new Error('pick a proof of a release');
 * const { releases } = verifyReleaseProof(patient, network, file.release);
 * for (const { organisation, at, fault } of releases) console.log(organisation, at, fault ?? 'sound');
 * ```
 */
export function verifyReleaseProof(
  context: SigningContext,
  network: NetworkFile,
  proof: ReleaseProof,
  options: EvidenceOptions = {},
): ProvenReleases {
  const { view, recipient, place, pair, statements, seal, encapsulation } = proof;
  if (proof.format !== 'medseal-release/2') throw invalid('the proof is of another format');
  const { primitives } = context;
  const body = acknowledgementCheck(context, network, options).request(view);
  const { message: wanted, leaf } = requireRecordView(primitives, body, pair);
  const name = releasedName(primitives, { entry: view.entry, ...(leaf && { leaf }) });
  if (wanted.salt !== checkEvidence(() => readerSalt(primitives, recipient, place))) {
    throw invalid('the view names another recipient');
  }
  if (statements.length === 0) throw invalid('nobody released anything');
  const known = new Set(statements.map(({ coordinator }) => coordinator));
  if (known.size < statements.length) throw invalid('a coordinator is there twice');
  const releases: ProvenRelease[] = [];
  for (const statement of statements) {
    const { release, coordinator } = statement;
    const organisation = checkEvidence(() => signerIn(context, network, view.log, statement));
    checkEvidence(() => requireOf(context, statement, name, { seal, encapsulation }));
    const fault =
      ((body.flag === 'R' || isLeftOut(body, pair)) && 'refused') ||
      (release.recipient !== recipientHash(primitives, recipient) && 'recipient') ||
      (release.at > wanted.deadline && 'late') ||
      checkEvidence(() => falseIn(statement, organisation));
    releases.push({ organisation, coordinator, at: release.at, ...(fault && { fault }) });
  }
  return { body, releases };

  /** The fault of what was released: a seal of another version, or a share that is told and is not the organisation's. */
  function falseIn(
    { release, share }: ReleaseStatement,
    organisation: Organisation,
  ): 'seal' | 'share' | undefined {
    const key = keysOf(network, view.log).find(
      (each) => shareKeyId(primitives, each, organisation) === release.key,
    );
    const index = key?.indices.get(organisation) ?? 0;
    const memberKey = key?.members.get(index);
    if (key === undefined || memberKey === undefined) {
      throw invalid(`the network file names no such share of ${organisation}`);
    }
    const { group } = primitives;
    // A key that is not one convicts nobody.
    if (!group.isPoint(memberKey)) throw invalid('it is malformed');
    const identity = viewIdentity(network, key, wanted);
    const label = { keyId: key.id, identity, encapsulation: hexToBytes(encapsulation) };
    const sealed = hexToBytes(seal);
    if (!isSealFor(group, label, sealed)) return 'seal';
    if (share === undefined) return undefined;
    const { point } = readSeal(sealed);
    const given = { index, share: hexToBytes(share.share) };
    return isShareIn(group, key, { identity, point }, given) ? undefined : 'share';
  }
}

/** The organisation whose coordinator, in office then, signed a statement. */
function signerIn(
  context: SigningContext,
  network: NetworkFile,
  log: LogName,
  { release, coordinator, signature }: ReleaseStatement,
): Organisation {
  const isSigned = signerOf(context, 'ShareRelease', release, signature) === coordinator;
  const organisation = coordinatorAt(network, log, coordinator, release.at);
  if (!isSigned || organisation === undefined || release.log !== logOf(network, log).log.id) {
    throw invalid(`${coordinator} did not sign the release as a coordinator of the log`);
  }
  return organisation;
}

/** Requires that a statement is of an entry, and of the seal and its share at the same place. */
function requireOf(
  { primitives }: SigningContext,
  { release, index, size, inclusion, sealInclusion, share }: ReleaseStatement,
  entry: Bytes32,
  asked: SealAsked,
): void {
  const holds = (hash: Bytes32, proof: readonly Bytes32[], root: Bytes32): boolean =>
    verifyInclusion(primitives, {
      index,
      size,
      leaf: leafHash(primitives, hexToBytes(hash)),
      proof: proof.map(hexToBytes),
      root: hexToBytes(root),
    });
  if (!holds(entry, inclusion, release.entries)) throw invalid('the release is of other views');
  if (!holds(sealHash(primitives, asked), sealInclusion, release.seals)) {
    throw invalid('the release is of other seals');
  }
  if (share === undefined) return;
  if (!holds(shareHash(primitives, share), share.inclusion, release.shares)) {
    throw invalid('the release is of other shares');
  }
}

/** The release keys that a log's channel has and had, the present one first. */
function keysOf(network: NetworkFile, log: LogName): readonly ChannelKey[] {
  const { before = [] } = network;
  const files = [network, ...before.map(({ channels }) => ({ ...network, channels })).toReversed()];
  return files
    .filter(({ channels }) => channels.some(({ logs }) => logs.some(({ name }) => name === log)))
    .flatMap((file) => releaseKeysOf(file, log));
}

function requireRecordView(
  primitives: SigningContext['primitives'],
  body: Body,
  pair: PairInSet | undefined,
): ViewInEntry {
  const view = askedInEntry(primitives, body, pair);
  if (view !== undefined) return view;
  throw invalid('the entry is not of a view of a record');
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
