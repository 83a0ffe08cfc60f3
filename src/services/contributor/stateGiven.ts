import type { SeatKey } from '../../protocol/network/signSuccessor.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import type { StateGiven, StateWanted } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * The newest state of a patient's devices that an organisation keeps, signed in its coordinator's name for one request
 * of the patient.
 *
 * @param context - The organisation's context.
 * @param options - The coordinator's key, and what is kept for parties.
 * @param wanted - The patient of the state, and the request's digest.
 * @throws MedsealError `NOT_FOUND` if it cannot tell which it keeps.
 */
export async function stateGiven(
  context: SigningContext & Pick<ServiceContext, 'clock'>,
  {
    key,
    deposits,
  }: {
    readonly key: SeatKey;
    readonly deposits: Pick<DepositStore, 'signedState'>;
  },
  { handle, nonce }: StateWanted,
): Promise<StateGiven> {
  const known = await deposits.signedState(handle);
  const { revision = 0, state = ZERO32 } = known?.request.message ?? {};
  const newest = { nonce, handle, revision, state, at: seconds(context.clock) };
  const { party: coordinator, signature } = sign(context, key, 'NewestState', newest);
  const said = { newest, coordinator, signature };
  return known === undefined
    ? { said }
    : { said: { ...said, keep: known.request }, sealed: known.sealed };
}
