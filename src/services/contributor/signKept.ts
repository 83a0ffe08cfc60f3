import type { SeatKey } from '../../protocol/network/signSuccessor.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { SignedKept } from '../../protocol/evidence/evidence.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { digestOf, sign, type SigningContext } from '../../protocol/struct/signing.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Signs in an organisation's coordinator's name that it keeps what a patient's `Keep` binds.
 *
 * @param context - The organisation's context.
 * @param key - The coordinator's key.
 * @param keep - The request, once all that it binds is kept durably.
 */
export function signKept(
  context: SigningContext & Pick<ServiceContext, 'clock'>,
  key: SeatKey,
  keep: Signed<'Keep'>,
): SignedKept {
  const nonce = digestOf(context, 'Keep', keep.message);
  const { handle, revision, state } = keep.message;
  const newest = { nonce, handle, revision, state, at: seconds(context.clock) };
  const { party: coordinator, signature } = sign(context, key, 'NewestState', newest);
  return { newest, coordinator, signature };
}
