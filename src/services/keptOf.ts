import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type {
  KeptPacket,
  PartyCard,
  PatientKeepsake,
  SignedApplication,
  Submission,
} from '../protocol/AgentPort.ts';
import { ZERO32, type Bytes32, type Handle } from '../protocol/ids.ts';
import { packetsHash } from '../protocol/packetsHash.ts';
import { parseSigned } from '../protocol/parseSigned.ts';
import { recipientHash } from '../protocol/recipientHash.ts';
import type { CommitEpochs, Grant, Revoke, RuleType, Signed } from '../protocol/requests.ts';
import { sheetsRoot } from '../protocol/sheetsRoot.ts';
import { digestOf, verifySigned } from '../protocol/signing.ts';
import { checkApplication } from './checkApplication.ts';
import type { GrantEnd, Kept } from './KeptStore.ts';
import type { LedgerIndex } from './LedgerIndex.ts';
import type { Keepsake } from './ports.ts';
import type { ServiceContext } from './ServiceContext.ts';

const RULES = ['Grant', 'Revoke', 'CommitEpochs'] as const;

/**
 * What a node keeps with a request before the ledger moves. Each node checks it for itself, so that nobody has nodes
 * keep what nobody signed, or lose what is another's.
 *
 * @param context - The node's own view.
 * @param keepsake - Not trusted.
 * @throws MedsealError that says why it is not kept.
 */
export function keptOf(context: ServiceContext, keepsake: Keepsake): Kept {
  if ('application' in keepsake) return { card: cardOf(context, keepsake.application) };
  if ('patient' in keepsake) return patientKept(context, keepsake.patient);
  if ('card' in keepsake) return { card: ledgersCard(context, keepsake.card) };
  return attachmentsOf(context, keepsake.submission);
}

/**
 * Checks that a rule request is signed by the patient of the chart that it names.
 *
 * @param context - The node's own view.
 * @param value - Not trusted.
 * @throws MedsealError `REQUEST_MALFORMED`, `RIGHT_MISSING`, `SIGNATURE_INVALID`.
 */
export function authenticateRule(context: ServiceContext, value: unknown): Signed<RuleType> {
  return authenticatePatient(context, parseSigned(value, RULES));
}

function authenticatePatient<Type extends RuleType | 'Keep'>(
  context: ServiceContext,
  request: Signed<Type>,
): Signed<Type> {
  const patient = context.index.patient(request.message.handle);
  if (patient === undefined || patient.controller !== request.party) {
    throw new MedsealError('RIGHT_MISSING', {});
  }
  verifySigned(context, request, context.index.signerOf(patient.controller) ?? request.party);
  return request;
}

function patientKept(context: ServiceContext, keepsake: PatientKeepsake): Kept {
  const { index, primitives } = context;
  const request = authenticatePatient(context, parseSigned(keepsake?.request, ['Keep']));
  const { handle, revision, state: hash, packets: hashOfPackets, deadline } = request.message;
  if (deadline < index.moment) throw new MedsealError('REQUEST_LATE', {});
  const packets = packetsIn(keepsake);
  const present = index.patient(handle)?.epoch ?? 0;
  const fit = packets.every(
    ({ grant, epoch }) =>
      isActive(index, handle, grant) && Number.isSafeInteger(epoch) && epoch >= present,
  );
  if (!fit || packetsHash(primitives, packets) !== hashOfPackets) throw malformed('packets');
  const sealed: unknown = keepsake.state;
  if (typeof sealed !== 'string') throw malformed('state');
  if (bytesToHex(primitives.sha256(utf8ToBytes(sealed))) !== hash) throw malformed('state');
  return { packets: { handle, packets }, state: { handle, revision, hash, sealed } };
}

function isActive(index: LedgerIndex, handle: Handle, grant: Bytes32): boolean {
  const known = index.grant(grant);
  return known?.handle === handle && known.state === 'active';
}

function cardOf(context: ServiceContext, signed: SignedApplication): PartyCard {
  const { party, recipient } = checkApplication(context, signed);
  const known = context.index.party(party);
  if (known !== undefined && known.recipient !== recipient) {
    throw new MedsealError('ENROLMENT_REFUSED', { reason: 'the party has another recipient' });
  }
  return { party, recipient: signed.card.recipient };
}

/** A card that the Registry has the hash of, whoever brings it. */
function ledgersCard(context: ServiceContext, card: PartyCard): PartyCard {
  const { party, recipient } = card ?? {};
  const known = context.index.party(party);
  const fits =
    typeof recipient === 'string' &&
    recipientHash(context.primitives, recipient) === known?.recipient;
  if (!fits) throw malformed('card');
  return { party, recipient };
}

function attachmentsOf(context: ServiceContext, submission: Submission): Kept {
  const request = authenticateRule(context, submission.request);
  if (request.message.deadline < context.index.moment) throw new MedsealError('REQUEST_LATE', {});
  switch (request.type) {
    case 'Grant':
      return grantPackets(context, request.message as Grant, submission);
    case 'Revoke':
      return revokePackets(context, request.message as Revoke, submission);
    case 'CommitEpochs':
      return commitment(context, request.message as CommitEpochs, submission);
  }
}

/**
 * When a grant ends, if its grantee gets keys of epochs: whoever reads all of a category.
 *
 * @param grant - The grant.
 * @param digest - Its digest.
 * @param sealedTo - The newest epoch whose keys are sealed to the grantee.
 */
export function endOf(grant: Grant, digest: Bytes32, sealedTo: number): GrantEnd | undefined {
  const { handle, terms } = grant;
  const { grantee, until, read, record } = terms;
  if (!read || record !== ZERO32) return undefined;
  return { handle, grant: digest, grantee, until, sealedTo };
}

function grantPackets(context: ServiceContext, grant: Grant, submission: Submission): Kept {
  const { handle } = grant;
  const digest = digestOf(context, 'Grant', grant);
  const epoch = context.index.patient(handle)?.epoch ?? 0;
  const packets = packetsIn(submission);
  const [packet] = packets;
  const fits = packet === undefined || (packet.grant === digest && isUpTo(packet.epoch, epoch));
  if (!fits || packets.length > 1) throw malformed('packets');
  if (packet !== undefined && packet.epoch < epoch)
    throw new MedsealError('EPOCH_STALE', { epoch });
  const end = endOf(grant, digest, epoch);
  return { packets: { handle, packets }, ...(end && { end }) };
}

function isUpTo(epoch: unknown, present: number): boolean {
  return Number.isSafeInteger(epoch) && (epoch as number) <= present;
}

function revokePackets(context: ServiceContext, revoke: Revoke, submission: Submission): Kept {
  const { index, primitives } = context;
  const { handle, epoch } = revoke;
  // A present or past epoch has its packets.
  if (epoch <= (index.patient(handle)?.epoch ?? 0)) {
    throw new MedsealError('RULE_REFUSED', { reason: 'EpochUnexpected' });
  }
  const packets = packetsIn(submission);
  const keeps = (grant: Bytes32): boolean =>
    grant !== revoke.grant && isActive(index, handle, grant);
  const fit = packets.every((packet) => packet.epoch === epoch && keeps(packet.grant));
  const grants = new Set(packets.map(({ grant }) => grant));
  if (
    !fit ||
    grants.size !== packets.length ||
    packetsHash(primitives, packets) !== revoke.packets
  ) {
    throw malformed('packets');
  }
  return { packets: { handle, packets } };
}

function commitment(context: ServiceContext, message: CommitEpochs, submission: Submission): Kept {
  const { handle, first, count, root } = message;
  const { sheets: given = [] } = submission;
  if (!Array.isArray(given) || given.length !== count) throw malformed('sheets');
  const sheets = given as NonNullable<Submission['sheets']>;
  const fit = sheets.every(
    (proven, place) =>
      proven?.sheet?.handle === handle &&
      proven.sheet.epoch === first + place &&
      Array.isArray(proven.proof),
  );
  if (
    !fit ||
    sheetsRoot(
      context.primitives,
      sheets.map(({ sheet }) => sheet),
    ) !== root
  ) {
    throw malformed('sheets');
  }
  return { commitment: { handle, root, sheets } };
}

function packetsIn({ packets = [] }: Pick<Submission, 'packets'>): readonly KeptPacket[] {
  const sound =
    Array.isArray(packets) &&
    packets.every((packet: KeptPacket | null) => typeof packet?.packet === 'string');
  if (!sound) throw malformed('packets');
  return packets;
}

function malformed(what: string): MedsealError {
  return new MedsealError('REQUEST_MALFORMED', { what });
}
