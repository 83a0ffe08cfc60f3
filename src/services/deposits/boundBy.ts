import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { rootOf } from '../../crypto/merkle/rootOf.ts';
import { verifyInclusion } from '../../crypto/merkle/verifyInclusion.ts';
import { malformed } from '../../errors/malformed.ts';
import type {
  DepositedPacket,
  PartyCard,
  PatientDeposit,
  Submission,
} from '../../protocol/AgentPort.ts';
import { canonicalHash } from '../../protocol/wire/canonicalHash.ts';
import type { ProvenSheet } from '../../protocol/rights/epochs.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import { packetsHash } from '../../protocol/rights/packetsHash.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import { requireKeepable } from '../../protocol/rights/requireKeepable.ts';
import type {
  CommitEpochs,
  Grant,
  Revoke,
  RuleType,
  Signed,
} from '../../protocol/struct/requests.ts';
import { sheetLeaf } from '../../protocol/rights/sheetsRoot.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { DepositCopy } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import {
  authenticatePatient,
  isOfOverMandate,
  lastEpochOf,
  placeOfKey,
} from './authenticateRule.ts';
import { endOf } from './endOf.ts';
import type { DepositSource } from './DepositFeed.ts';
import type { CheckedDeposit } from './DepositStore.ts';
import { learnFrom, type MandatesLearned } from './learnMandates.ts';

/**
 * Returns the deposit of a card.
 *
 * @param context - Hashes.
 * @param card - A card whose recipient is known to be the party's.
 */
export function cardBound(
  context: Pick<ServiceContext, 'primitives'>,
  card: PartyCard,
): CheckedDeposit {
  return { card, source: sourceOf(context, card, { card }) };
}

/**
 * Returns a patient's deposit, if the patient's signature binds it.
 *
 * @param context - The node's own view.
 * @param deposit - Not trusted; without a state if a newer one replaced it.
 * @param keys - `ever` to take packets that a former key of the patient signed; never a state.
 * @throws MedsealError `REQUEST_MALFORMED`, `REQUEST_TOO_LARGE`, `RIGHT_MISSING`, `SIGNATURE_INVALID`.
 */
export function boundByPatient(
  context: ServiceContext,
  deposit: Extract<DepositCopy, { patient: unknown }>['patient'] | PatientDeposit,
  keys: 'present' | 'ever' = 'present',
): { readonly request: Signed<'Keep'>; readonly checked: CheckedDeposit } {
  const { primitives } = context;
  const request = authenticatePatient(context, parseSigned(deposit?.request, ['Keep']), keys);
  const { handle, revision, state: hash } = request.message;
  const packets = packetsIn(deposit);
  if (packetsHash(primitives, packets) !== request.message.packets) throw malformed('packets');
  const sealed: unknown = deposit.state;
  const isState =
    typeof sealed === 'string' && bytesToHex(primitives.sha256(utf8ToBytes(sealed))) === hash;
  if (sealed !== undefined && !isState) throw malformed('state');
  requireKeepable({ ...(isState && { state: sealed }) });
  const last = lastEpochOf(context, request);
  const isPresent = last === Infinity;
  if (packets.some(({ epoch }) => epoch > last)) throw malformed('packets');
  const checked = {
    packets: { handle, packets, revision, key: rankOfKey(context, request) },
    ...(isState &&
      isPresent && {
        state: { handle, revision, hash, sealed },
        // A device that goes on from a former key's state has to take that one first.
        outranks: (other: Signed<'Keep'>) => isOfOverMandate(context, other),
      }),
    source: sourceOf(context, request, { patient: { request, packets: [] } }),
  };
  return { request, checked };
}

/**
 * Returns the deposit that comes with a rule request, if the request binds it.
 *
 * @param context - The node's own view.
 * @param submission - Not trusted, but for the request.
 * @param request - The request, well formed.
 * @throws MedsealError `REQUEST_MALFORMED`, `REQUEST_TOO_LARGE`, `RIGHT_MISSING`, `SIGNATURE_INVALID`.
 */
export function boundBySubmission(
  context: ServiceContext,
  submission: Submission,
  request: Signed<RuleType>,
): CheckedDeposit {
  const learned = learnFrom(context, submission, request.message.handle);
  return { ...attachedTo(context, submission, request, learned), exactEnds: learned.exactEnds };
}

function attachedTo(
  context: ServiceContext,
  submission: Submission,
  request: Signed<RuleType>,
  learned: MandatesLearned,
): CheckedDeposit {
  switch (request.type) {
    case 'Grant':
      return boundByGrant(context, submission, request as Signed<'Grant'>, learned);
    case 'Revoke':
      return boundByRevoke(context, submission, request as Signed<'Revoke'>);
    case 'End':
      return boundByEnd(context, submission, request as Signed<'End'>);
    case 'CommitEpochs':
      return boundByCommitment(context, submission, request as Signed<'CommitEpochs'>);
  }
}

function boundByGrant(
  context: ServiceContext,
  submission: Submission,
  request: Signed<'Grant'>,
  { openings: mandates }: MandatesLearned,
): CheckedDeposit {
  const grant: Grant = request.message;
  const { handle } = grant;
  const digest = digestOf(context, 'Grant', grant);
  const packets = packetsIn(submission);
  const [packet] = packets;
  if (packets.length > 1 || (packet !== undefined && packet.grant !== digest)) {
    throw malformed('packets');
  }
  const keep = packet && keepOf(context, submission, request, packet);
  // The same wherever and whenever it is kept: nodes that differ in it would never agree on when keys turn.
  const end = endOf(grant, digest, packet?.epoch ?? 0);
  // By these a node that was away judges later whether the key still acted when it gave the right.
  const opened = mandates.length === 0 ? {} : { mandates };
  return {
    packets: {
      handle,
      packets,
      revision: keep?.message.revision ?? 0,
      key: keep ? rankOfKey(context, keep) : 0,
    },
    grant: digest,
    ...(end && { end }),
    source: sourceOf(context, [request, keep ?? null, ...mandates], {
      submission: { request, ...(keep && { keep }), ...opened },
    }),
  };
}

/** Rank of the key that signed: packets of a later key of the patient come before those of an earlier one. */
function rankOfKey(context: ServiceContext, request: Signed<'Keep'>): number {
  const place = placeOfKey(context, request);
  // Whoever acts signs as of the patient's present key; the revision tells which of two packets is newer.
  return place < 0 ? context.index.signersOf(request.party).length - 1 : place;
}

/** The patient's word for a grant's packet. */
function keepOf(
  context: ServiceContext,
  { keep: given }: Submission,
  request: Signed<'Grant'>,
  packet: DepositedPacket,
): Signed<'Keep'> {
  // A grant that the ledger has may be of the time before a change of key; a thief of that key can sign later as well.
  const granted = context.index.granted(packet.grant)?.block ?? Infinity;
  const { controller = request.party } = context.index.patient(request.message.handle) ?? {};
  const changed = context.index.keyChanged(controller)?.block ?? -Infinity;
  const signed = parseSigned(given, ['Keep']);
  // A grant that the ledger took from a key which acted then is brought by others later.
  const isActing = granted < Infinity && placeOfKey(context, signed) < 0;
  const keys = granted <= changed || isActing ? 'ever' : 'present';
  const keep = authenticatePatient(context, signed, keys);
  const { handle, state, packets } = keep.message;
  const binds =
    handle === request.message.handle &&
    state === ZERO32 &&
    packets === packetsHash(context.primitives, [packet]);
  if (!binds) throw malformed('packets');
  return keep;
}

function boundByRevoke(
  context: ServiceContext,
  submission: Submission,
  request: Signed<'Revoke'>,
): CheckedDeposit {
  const { handle, epoch, grant, packets: hash }: Revoke = request.message;
  const packets = packetsIn(submission);
  const grants = new Set(packets.map((packet) => packet.grant));
  const fit = packets.every((packet) => packet.epoch === epoch && packet.grant !== grant);
  const bound = packetsHash(context.primitives, packets) === hash;
  if (!fit || grants.size !== packets.length || !bound) throw malformed('packets');
  // The ledger may have it by a signature of a former key, which that key can make again.
  const { controller = request.party } = context.index.patient(handle) ?? {};
  const key = context.index.keyChangesUntil(controller, context.index.ended(grant)?.block);
  return {
    packets: { handle, packets, revision: 0, key },
    source: sourceOf(context, request, { submission: { request } }),
  };
}

/** An end without an epoch has nothing beside it. */
function boundByEnd(
  context: ServiceContext,
  submission: Submission,
  request: Signed<'End'>,
): CheckedDeposit {
  if (packetsIn(submission).length > 0) throw malformed('packets');
  const packets = { handle: request.message.handle, packets: [], revision: 0 };
  return { packets, source: sourceOf(context, request, { submission: { request } }) };
}

function boundByCommitment(
  context: ServiceContext,
  submission: Submission,
  request: Signed<'CommitEpochs'>,
): CheckedDeposit {
  const { primitives } = context;
  const { handle, first, count, root }: CommitEpochs = request.message;
  const { sheets: given = [] } = submission;
  if (!Array.isArray(given) || given.length !== count) throw malformed('sheets');
  const sheets = given as readonly ProvenSheet[];
  const fit = sheets.every(
    (proven, place) =>
      proven?.sheet?.handle === handle &&
      proven.sheet.epoch === first + place &&
      Array.isArray(proven.proof),
  );
  if (!fit) throw malformed('sheets');
  requireKeepable({ sheets });
  const leaves = sheets.map(({ sheet }) => sheetLeaf(primitives, sheet));
  if (bytesToHex(rootOf(primitives, leaves)) !== root) throw malformed('sheets');
  // The receiver of one sheet verifies its proof.
  for (const [index, leaf] of leaves.entries()) {
    const claim = { index, size: count, leaf, root: hexToBytes(root) };
    const proves = succeeds(() => {
      const proof = sheets[index]?.proof.map(hexToBytes) ?? [];
      return verifyInclusion(primitives, { ...claim, proof });
    });
    if (!proves) throw malformed('sheets');
  }
  return {
    commitment: { handle, root, sheets },
    source: sourceOf(context, request, { submission: { request } }),
  };
}

function packetsIn({ packets = [] }: { readonly packets?: unknown }): readonly DepositedPacket[] {
  const sound =
    Array.isArray(packets) &&
    packets.every(
      (packet: DepositedPacket | null) =>
        typeof packet?.packet === 'string' &&
        /^0x[0-9a-f]{64}$/.test(packet.grant) &&
        Number.isSafeInteger(packet.epoch) &&
        packet.epoch >= 0,
    );
  if (!sound) throw malformed('packets');
  requireKeepable({ packets: packets as readonly DepositedPacket[] });
  return packets as readonly DepositedPacket[];
}

/** @param identity - Name of the source: a node that has it has all that it binds. */
function sourceOf(
  { primitives }: Pick<ServiceContext, 'primitives'>,
  identity: object,
  copy: DepositCopy,
): DepositSource {
  const id: Bytes32 = canonicalHash(primitives, identity);
  return { id, copy };
}
