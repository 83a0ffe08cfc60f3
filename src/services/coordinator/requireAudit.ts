import { MedsealError } from '../../errors/MedsealError.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { verifyAcknowledgement } from '../../protocol/evidence/verifyAcknowledgement.ts';
import type { View } from '../../protocol/struct/requests.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** Seconds after an audit was judged in which questions about it are answered. */
const ANSWERED_FOR = 3600;

/**
 * Requires that an acknowledgement is that of a new audit of a chart.
 *
 * @param context - The organisation's context.
 * @param audit - The acknowledgement, not trusted.
 * @returns The request for the audit.
 * @throws MedsealError `RIGHT_MISSING` if it is not that of an audit; `REQUEST_LATE` if it is an old one; `EVIDENCE_INVALID`.
 */
export function requireAudit(context: ServiceContext, audit: Acknowledgement): View {
  const { flag, request, at } = verifyAcknowledgement(context, context.network, audit);
  const view = request.message as View;
  if (flag !== 'A' || request.type !== 'View' || view.what !== 'audit') {
    throw new MedsealError('RIGHT_MISSING', {});
  }
  if (context.index.moment > at + ANSWERED_FOR) throw new MedsealError('REQUEST_LATE', {});
  return view;
}
