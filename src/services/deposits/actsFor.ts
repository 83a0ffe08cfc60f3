import type { Power } from '../../protocol/care/mandates.ts';
import type { Address } from '../../protocol/ids.ts';
import { actingMandate, mandatesOn } from '../../protocol/rights/judgeMandate.ts';
import type { RuleType, Signed } from '../../protocol/struct/requests.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** The power that each request of a patient takes of another key; the contract of rights has the same. */
const POWER_OF: Readonly<Record<RuleType | 'Keep', Power>> = {
  Grant: 'rules',
  Revoke: 'rules',
  End: 'rules',
  CommitEpochs: 'keys',
  Keep: 'keys',
};

/** The last epoch whose packets an acting key signs for: any while it acts. */
export interface ActingUntil {
  readonly lastEpoch: number;
}

/**
 * Tells whether a key that signed a request of a patient acts for the patient, and up to which epoch.
 *
 * @param context - The node's own view.
 * @param request - The request, well formed.
 * @param signer - Address of the key.
 * @param keys - `ever` to take a key whose mandate ended too, for what was deposited before.
 * @returns Undefined if it does not.
 */
export function actsFor(
  { index }: Pick<ServiceContext, 'index'>,
  { type, message: { handle } }: Signed<RuleType | 'Keep'>,
  signer: Address,
  keys: 'present' | 'ever',
): ActingUntil | undefined {
  const power = POWER_OF[type];
  if (actingMandate(index, handle, signer, power, index.moment) !== undefined) {
    return { lastEpoch: Infinity };
  }
  if (keys === 'present') return undefined;
  const acted = mandatesOn(index, handle).find(({ key }) => key === signer);
  // Nobody notes the epoch at which one is over by its date.
  return acted && { lastEpoch: acted.lastEpoch ?? Number.MAX_SAFE_INTEGER };
}
