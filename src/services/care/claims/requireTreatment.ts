import { malformed } from '../../../errors/malformed.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Submission } from '../../../protocol/AgentPort.ts';
import type { InsuranceClaim } from '../../../protocol/care/claims.ts';
import { ZERO32, type Address, type Bytes32 } from '../../../protocol/ids.ts';
import type { Write } from '../../../protocol/struct/requests.ts';
import { treatmentNullifier } from '../../../protocol/care/treatmentNullifier.ts';
import type { Category } from '../../../protocol/vocabulary.ts';
import type { ServiceContext } from '../../ServiceContext.ts';

/** Categories of papers that are written for a claim: with each new bill a treatment would have another number. */
const PAPERS: readonly Category[] = ['billing', 'coverage'];

/**
 * Requires that a claim's nullifier is that of the entry which it names as its treatment's first, and that the claimant may
 * claim for it: the patient, or a party of the organisation that treated. So nobody
 * is paid for a treatment that only the patient, or another organisation, wrote down.
 *
 * @param context - The node's own view.
 * @param submission - Not trusted; the acknowledgement of the entry has the body, and so its salt.
 * @param claimant - Party that claims.
 * @param claim - The claim.
 * @returns The entry; none for an authorisation in advance, which has no treatment yet.
 * @throws MedsealError `REQUEST_MALFORMED` for `treatment`; `RIGHT_MISSING`, `EVIDENCE_INVALID`.
 */
export function requireTreatment(
  context: ServiceContext,
  { entries = [] }: Submission,
  claimant: Address,
  { terms, treatment }: InsuranceClaim,
): readonly Bytes32[] {
  const { index, network, primitives } = context;
  const isPatient = index.patient(terms.handle)?.controller === claimant;
  if (treatment === ZERO32) {
    if (terms.entry !== ZERO32) throw malformed('treatment');
    return [];
  }
  const first = entries.find(({ entry }) => entry === terms.entry);
  if (first === undefined) throw malformed('treatment');
  const { request } = context.verifiedBodies.verifyWhole(context, network, first);
  const write = request.message as Write;
  const isFirst = request.type === 'Write' && write.action === 'add' && write.version === 1;
  if (!isFirst || PAPERS.includes(write.category)) throw malformed('treatment');
  if (treatmentNullifier(primitives, network.networkId, write) !== treatment)
    throw malformed('treatment');
  const [by, of] = [request.party, claimant].map((party) => index.party(party));
  const isOwn = of?.role !== 'patient' && by?.organisation === of?.organisation;
  if (by?.role === 'patient' || !(isPatient || isOwn)) throw new MedsealError('RIGHT_MISSING', {});
  return [terms.entry];
}
