import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import type { DepositCopy } from '../ports.ts';

/** Kept grant, as far as it tells the grantee. */
export interface KnownGrantee {
  readonly grant: Bytes32;
  readonly grantee: Address;
  /** First second at which the right no longer holds. */
  readonly until: number;
}

/**
 * Returns the grantee of a kept grant; undefined for any other deposit.
 *
 * @param source - Source of the deposit.
 */
export function granteeIn({
  grant,
  copy,
}: {
  readonly grant?: Bytes32;
  readonly copy: DepositCopy;
}): KnownGrantee | undefined {
  if (grant === undefined || !('submission' in copy)) return undefined;
  const { message } = copy.submission.request as Signed<'Grant'>;
  const { grantee, until } = message.terms;
  return { grant, grantee, until };
}
