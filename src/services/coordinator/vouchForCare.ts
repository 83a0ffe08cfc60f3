import type { SeatKey } from '../../protocol/network/signSuccessor.ts';
import { malformed } from '../../errors/malformed.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { CoordinatorSignature } from '../../protocol/evidence/evidence.ts';
import { LEDGER_REQUESTS } from '../../protocol/struct/ledgerRequests.ts';
import type { CareType } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { checkCare } from '../care/checkCare.ts';
import { verifyAhead } from '../care/verifyAhead.ts';
import { careCheckOf } from '../care/careCheckOf.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Signs the check of a prescription, a claim, a dispute or the like that is in order by a coordinator's own view, now: it takes
 * nobody's word for the entries, the nullifier or the right.
 *
 * @param context - The organisation's context.
 * @param key - The coordinator's key.
 * @param submission - Not trusted.
 * @throws MedsealError as `checkCare`; `REQUEST_MALFORMED` for any other request.
 */
export async function vouchForCare(
  context: ServiceContext,
  key: SeatKey,
  submission: Submission,
): Promise<CoordinatorSignature> {
  await context.index.refresh();
  await verifyAhead(context, submission);
  await context.turns.run(() => checkCare(context, submission));
  const { request } = submission;
  if (LEDGER_REQUESTS[request.type as CareType].vouched !== true) throw malformed('type');
  const { type, message } = careCheckOf(context, submission);
  const { party: coordinator, signature } = sign(context, key, type, message);
  return { coordinator, signature };
}
