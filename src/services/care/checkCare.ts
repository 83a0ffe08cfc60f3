import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import { CARE_CONTRACTS } from '../../protocol/careTypes.ts';
import { dispenseRefusal } from '../../protocol/dispenseRefusal.ts';
import type { Acknowledgement } from '../../protocol/evidence.ts';
import { ZERO_ADDRESS, type Address, type Bytes32 } from '../../protocol/ids.ts';
import { requireActive } from '../../protocol/judgeRight.ts';
import type {
  CancelPrescription,
  Dispense,
  Prescription,
  PrescriptionFacts,
} from '../../protocol/prescriptions.ts';
import type { Signed, Write, CareType } from '../../protocol/requests.ts';
import { requireTimely } from '../../protocol/requireTimely.ts';
import { digestOf } from '../../protocol/signing.ts';
import type { DepositSource } from '../deposits/DepositFeed.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { authenticateCare } from './authenticateCare.ts';

/** Seconds in which a second doctor can sign. */
const WAIT_FOR_SECOND = 24 * 3600;

/**
 * Returns what a node keeps of a request of care before the ledger changes: the request itself, which is evidence of its
 * party. Each node checks it for itself, by its own view of the ledger.
 *
 * @param context - The node's own view.
 * @param submission - Not trusted.
 * @throws MedsealError that says why it is not kept.
 */
export function checkCare(context: ServiceContext, submission: Submission): DepositSource {
  const { index, network } = context;
  const request = authenticateCare(context, submission?.request);
  const { type, party, message } = request;
  const contract = CARE_CONTRACTS[type];
  if (network.contracts[contract] === undefined)
    throw new MedsealError('CONTRACT_ABSENT', { contract });
  requireActive(index, party);
  const waits = type === 'Prescription' && (message as Prescription).second !== ZERO_ADDRESS;
  requireTimely(message.deadline, index.moment, waits ? WAIT_FOR_SECOND : undefined);
  if (type === 'Prescription')
    checkPrescription(context, submission, request as Signed<'Prescription'>);
  else if (type === 'HoldPrescription' || type === 'CancelPrescription') {
    const { prescriber } = knownTo(context, (message as CancelPrescription).prescription);
    if (prescriber !== party) throw new MedsealError('RIGHT_MISSING', {});
  } else checkHolder(context, submission, request as Signed<'Dispense' | 'PassPrescription'>);
  return sourceOfCare(context, submission);
}

/**
 * Returns what a node keeps of a request of care that a peer took while the node was away: its deadline is over by then,
 * and its party's key may be another. A request that its party did not sign is kept nowhere.
 *
 * @param context - The node's own view, up to date.
 * @param submission - Not trusted.
 * @throws MedsealError that says why it is not kept.
 */
export function checkCareCopy(context: ServiceContext, submission: Submission): DepositSource {
  authenticateCare(context, submission?.request, 'ever');
  return sourceOfCare(context, submission);
}

/** A prescription rests on a record that its prescriber put on the chart: a quorum judged the right to. */
function checkPrescription(
  context: ServiceContext,
  { cosignature, written }: Submission,
  { party, message }: Signed<'Prescription'>,
): void {
  const { terms, second } = message;
  if (!isWrittenBy(context, written, party, terms)) throw malformed('written');
  if (second === ZERO_ADDRESS) {
    if (cosignature !== undefined) throw malformed('cosignature');
    if (terms.controlled) throw new MedsealError('SECOND_MISSING', {});
    return;
  }
  const { index } = context;
  requireActive(index, second);
  if (second === party || index.party(second)?.role !== 'doctor') {
    throw new MedsealError('RIGHT_MISSING', {});
  }
  const signer = index.signerOf(second);
  requireSigned(context, digestOf(context, 'Prescription', message), cosignature, signer);
}

function isWrittenBy(
  context: ServiceContext,
  written: Acknowledgement | undefined,
  party: Address,
  { handle, record }: Prescription['terms'],
): boolean {
  if (written === undefined) return false;
  const { flag, request } = context.verifiedBodies.verify(context, context.network, written);
  if (flag !== 'A' || request.type !== 'Write' || request.party !== party) return false;
  const write = request.message as Write;
  return write.handle === handle && write.record === record && write.category === 'medications';
}

/** Dispensing and passing on take the key that the prescription is shown with. */
function checkHolder(
  context: ServiceContext,
  { cosignature }: Submission,
  { type, message }: Signed<'Dispense' | 'PassPrescription'>,
): void {
  const facts = knownTo(context, message.prescription);
  requireSigned(context, digestOf(context, type, message), cosignature, facts.holder);
  if (type !== 'Dispense') return;
  const reason = dispenseRefusal(facts, message as Dispense, context.index.moment);
  if (reason !== undefined) throw new MedsealError('RULE_REFUSED', { reason });
}

function knownTo({ index }: ServiceContext, prescription: Bytes32): PrescriptionFacts {
  const facts = index.prescriptions.facts(prescription);
  if (facts === undefined) throw new MedsealError('NOT_FOUND', { what: 'prescription' });
  return facts;
}

function requireSigned(
  context: ServiceContext,
  digest: Bytes32,
  signature: Submission['cosignature'],
  key: Address | undefined,
): void {
  if (signature === undefined || context.recovered.signerOf(context, digest, signature) !== key) {
    throw new MedsealError('SIGNATURE_INVALID', {});
  }
}

function sourceOfCare(
  { primitives }: Pick<ServiceContext, 'primitives'>,
  { request, cosignature, written }: Submission,
): DepositSource {
  const care = {
    request: request as Signed<CareType>,
    ...(cosignature !== undefined && { cosignature }),
    ...(written && { written }),
  };
  return { id: bytesToHex(primitives.sha256(utf8ToBytes(canonicalJson(care)))), copy: { care } };
}
