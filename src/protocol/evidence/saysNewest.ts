import type { SignedNewest } from './evidence.ts';
import { succeeds } from '../wire/succeeds.ts';
import { ZERO32 } from '../ids.ts';
import type { StateKeys } from '../network/votesOnNewest.ts';
import { parseSigned } from '../struct/parseSigned.ts';
import type { NewestState } from '../struct/requests.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';

/** Largest age of an answer, seconds. */
const MAX_AGE = 60;

/** The question that coordinators answer. */
export interface NewestAsked extends Pick<NewestState, 'nonce' | 'handle'> {
  /** The keys that may have signed it. */
  readonly keys: StateKeys;
}

/**
 * Tells whether a coordinator states now, in answer to this question, the newest state of a patient's devices that it
 * knows, and the patient signed that state: nobody can invent a newer one.
 *
 * @param context - Domain and primitives.
 * @param said - Statement of the coordinator, not trusted.
 * @param asked - The question.
 * @param now - Unix seconds.
 */
export function saysNewest(
  context: SigningContext,
  said: SignedNewest,
  { nonce, handle, keys }: NewestAsked,
  now: number,
): boolean {
  return succeeds(() => {
    const { newest, coordinator, signature } = said;
    return (
      newest.nonce === nonce &&
      newest.handle === handle &&
      Math.abs(newest.at - now) <= MAX_AGE &&
      isPatients(context, said, keys) &&
      signerOf(context, 'NewestState', newest, signature) === coordinator
    );
  });
}

function isPatients(
  context: SigningContext,
  { newest, keep }: SignedNewest,
  { signers, acting = [], acted = [] }: StateKeys,
): boolean {
  if (keep === undefined) return newest.revision === 0 && newest.state === ZERO32;
  const request = parseSigned(keep, ['Keep']);
  const signer = signerOf(context, 'Keep', request.message, request.signature);
  if (![...signers, ...acting, ...acted].includes(signer)) return false;
  const { handle, revision, state } = request.message;
  return handle === newest.handle && revision === newest.revision && state === newest.state;
}
