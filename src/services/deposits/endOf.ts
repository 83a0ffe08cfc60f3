import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import type { GrantEnd } from './depositRows.ts';

/**
 * End of a grant, if its grantee gets keys of epochs, that is, reads all of a category.
 *
 * @param grant - The grant.
 * @param digest - Its digest.
 * @param sealedTo - The newest epoch whose keys are sealed to the grantee.
 */
export function endOf(grant: Grant, digest: Bytes32, sealedTo: number): GrantEnd | undefined {
  const { handle, terms } = grant;
  const { grantee, until, read, record } = terms;
  if (!read || record !== ZERO32) return undefined;
  return { handle, grant: digest, grantee, until, sealedTo };
}
