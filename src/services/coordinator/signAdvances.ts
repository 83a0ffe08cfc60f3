import type { SeatKey } from '../../protocol/network/signSuccessor.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { CoordinatorSignature } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { parseMessage } from '../../protocol/struct/parseSigned.ts';
import type { Advance } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { dueEpoch } from '../dueEpoch.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** Seconds by which others may see the end of a right before a coordinator's clock does. */
const MAX_SKEW = 5;
/** Seconds to a deadline, at most. */
const LONGEST = 600;

/**
 * Signs that a patient enters coming epochs because a right has ended, as far as that is due by a coordinator's own
 * view: nobody else can spend the epochs that a patient has committed to.
 *
 * @param context - The organisation's context.
 * @param options - The coordinator's key, and when rights end.
 * @param requests - One for each epoch, not trusted.
 * @throws MedsealError `NOT_YET` if they are not due; `REQUEST_MALFORMED`, `REQUEST_LATE`, `REQUEST_EARLY`.
 */
export async function signAdvances(
  context: ServiceContext,
  options: {
    readonly key: SeatKey;
    readonly deposits: DepositStore;
  },
  requests: readonly Advance[],
): Promise<readonly CoordinatorSignature[]> {
  const { index } = context;
  if (!Array.isArray(requests)) throw new MedsealError('REQUEST_MALFORMED', { what: 'advances' });
  await index.refresh();
  const signatures: CoordinatorSignature[] = [];
  for (const offered of requests) {
    const request = parseMessage('Advance', offered);
    const { handle, epoch, packets, deadline } = request;
    if (packets !== ZERO32) throw new MedsealError('REQUEST_MALFORMED', { what: 'packets' });
    if (deadline < index.moment) throw new MedsealError('REQUEST_LATE', {});
    if (deadline > index.moment + LONGEST) throw new MedsealError('REQUEST_EARLY', {});
    const present = index.patient(handle)?.epoch ?? 0;
    const due = await dueEpoch(
      { index, deposits: options.deposits },
      handle,
      index.moment + MAX_SKEW,
    );
    if (epoch <= present || epoch > due)
      throw new MedsealError('NOT_YET', { what: 'end of a right' });
    const { party, signature } = sign(context, options.key, 'Advance', request);
    signatures.push({ coordinator: party, signature });
  }
  return signatures;
}
