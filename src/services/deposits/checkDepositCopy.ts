import { MedsealError } from '../../errors/MedsealError.ts';
import { ZERO32, type Handle } from '../../protocol/ids.ts';
import { RULE_TYPES } from '../../protocol/struct/ledgerRequests.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import type {
  CommitEpochs,
  End,
  Grant,
  Revoke,
  RuleType,
  Signed,
} from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { DepositCopy } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { checkCareCopy } from '../care/checkCare.ts';
import { boundByPatient, boundBySubmission } from './boundBy.ts';
import { checkDeposit } from './checkDeposit.ts';
import type { CheckedDeposit } from './DepositStore.ts';

/**
 * Returns what a node keeps of a deposit that a peer took while the node was away. Its deadline is over by then; so the
 * ledger must hold the request that it came with, or the patient's signature must bind it. Nobody's word is taken.
 *
 * @param context - The node's own view, up to date.
 * @param copy - Not trusted.
 * @throws MedsealError that says why it is not kept.
 */
export function checkDepositCopy(context: ServiceContext, copy: DepositCopy): CheckedDeposit {
  if ('card' in copy) return checkDeposit(context, copy);
  if ('patient' in copy) return ofPatient(context, copy);
  if ('care' in copy) return { source: checkCareCopy(context, copy.care) };
  const request = parseSigned(copy.submission?.request, RULE_TYPES);
  // A deposit whose request is still on its way to the ledger is checked like a new one.
  if (!isPlaced(context, request)) return checkDeposit(context, copy, 'peer');
  return ofChart(
    context,
    request.message.handle,
    boundBySubmission(context, copy.submission, request),
  );
}

/** Packets are kept for grants on the patient's own chart alone. */
function ofChart(context: ServiceContext, handle: Handle, checked: CheckedDeposit): CheckedDeposit {
  const own = (checked.packets?.packets ?? []).every(
    ({ grant }) => context.index.grant(grant)?.handle === handle,
  );
  if (!own) throw new MedsealError('REQUEST_MALFORMED', { what: 'packets' });
  return checked;
}

function ofPatient(
  context: ServiceContext,
  { patient }: Extract<DepositCopy, { patient: unknown }>,
): CheckedDeposit {
  const { request, checked } = boundByPatient(context, patient, 'ever');
  const { handle, state } = request.message;
  // Such a packet comes with a grant.
  if (state === ZERO32) throw new MedsealError('REQUEST_MALFORMED', { what: 'state' });
  return ofChart(context, handle, checked);
}

/** Tells whether the ledger has the request, and needs its deposit. */
function isPlaced(context: ServiceContext, { type, message }: Signed<RuleType>): boolean {
  const { index } = context;
  switch (type) {
    case 'Grant':
      return index.granted(digestOf(context, 'Grant', message as Grant)) !== undefined;
    case 'Revoke': {
      const { handle, grant, epoch, packets } = message as Revoke;
      const ended = index.ended(grant);
      const same = ended?.epoch === epoch && ended.packets === packets;
      return same && index.grant(grant)?.handle === handle;
    }
    case 'End': {
      const { handle, grant } = message as End;
      const known = index.grantOnLedger(grant);
      return known?.handle === handle && known.state === 'ended';
    }
    case 'CommitEpochs': {
      const { handle, first, count, root } = message as CommitEpochs;
      const patient = index.patient(handle);
      return [patient, patient?.next].some(
        (held) => held?.first === first && held.count === count && held.root === root,
      );
    }
  }
}
