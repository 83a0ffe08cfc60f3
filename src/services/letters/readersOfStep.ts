import { isClaimType } from '../../protocol/struct/ledgerRequests.ts';
import type { InsuranceClaim } from '../../protocol/care/claims.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { Dispense } from '../../protocol/care/prescriptions.ts';
import type { CareType, Signed } from '../../protocol/struct/requests.ts';
import { placeOf } from '../placeOf.ts';
import { chartOfDispense } from '../care/requireDispensable.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** The party that took a step, and those who are to be told of it. */
export interface StepTold {
  readonly by: Address;
  readonly readers: readonly Address[];
}

/**
 * Returns who took a step that the ledger counted, and whom it concerns: the patient of a dispense, the two sides of a claim.
 * Only a node that keeps the request can tell.
 *
 * @param context - The node's own view.
 * @param deposits - The deposits of the node.
 * @param step - Name of the request, as `nameOfCare` gives it.
 * @returns Undefined for what this node does not keep, the ledger did not take, or tells nobody.
 */
export async function readersOfStep(
  context: ServiceContext,
  deposits: Pick<DepositStore, 'source'>,
  step: Bytes32,
): Promise<StepTold | undefined> {
  const copy = await deposits.source(step);
  if (copy === undefined || !('care' in copy)) return undefined;
  const { request, claim } = copy.care;
  const { type, party: by } = request as Signed<CareType>;
  if (placeOf(context, request as Signed<CareType>) === undefined) return undefined;
  if (type === 'Dispense') {
    const handle = await chartOfDispense(context, deposits, request.message as Dispense);
    const patient = handle && context.index.patient(handle)?.controller;
    return patient && { by, readers: [patient] };
  }
  if (!isClaimType(type) || claim === undefined) return undefined;
  const { terms, insurer }: InsuranceClaim = claim;
  return { by, readers: [terms.claimant, insurer] };
}
