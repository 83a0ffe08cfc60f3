import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { handOver } from '../letters/accessRequests.ts';
import type { Party } from '../party/Party.ts';
import { grantRight, type GrantGiven } from '../rights/grantRight.ts';
import { endRight } from '../rights/endRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { readRules } from './changeRules.ts';
import { DUE_RIGHTS } from './dueRights.ts';
import { planRules } from './planRules.ts';

/** Largest number of rights whose time is over that one run ends: each end turns the keys. */
const MOST_PASSED = 8;

/** Rights that a patient's rules led to. */
export interface RulesApplied {
  readonly given: readonly GrantGiven[];
  /** Grants that were ended. */
  readonly ended: readonly Bytes32[];
  /** Parties that could not be given their right, each with the reason. */
  readonly failed: readonly { readonly party: Address; readonly code: ErrorCode }[];
  /** Grants that no device of the patient knows: rules cannot judge them. */
  readonly unknown: readonly Bytes32[];
}

/**
 * Gives, renews and ends rights until what stands is what the patient's rules say. Denied rights end first; the rest of each
 * is kept as due before that, and stays due until it is given, whatever cuts the device off. Rights of rules whose time is
 * over end on the ledger, so that their openings leave the state. Safe to repeat: a device calls it whenever it connects, so
 * that rights are renewed while their rule stands.
 *
 * @param party - The patient.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `KEY_UNAUTHENTIC`; what `revokeRight` throws, such as
 * `STATE_STALE`.
 * @example
 * ```ts
 * const { given, ended, failed } = await applyRules(patient);
 * console.log(`${given.length} given, ${ended.length} ended, ${failed.length} failed`);
 * ```
 */
export async function applyRules(party: Party): Promise<RulesApplied> {
  const plan = await planRules(party, await readRules(party));
  const { give, due, settled, end, passed, unknown } = plan;
  await DUE_RIGHTS.remove(party, settled);
  await DUE_RIGHTS.put(party, ...due);
  for (const { digest } of end) await endRight(party, digest);
  const given: GrantGiven[] = [];
  const failed: { readonly party: Address; readonly code: ErrorCode }[] = [];
  for (const right of give) {
    try {
      const grant = await grantRight(party, right);
      given.push(grant);
      await DUE_RIGHTS.remove(
        party,
        due.flatMap((each) => (each.right === right ? [each.grant] : [])),
      );
      // The grantee's device finds the right without the letter as well.
      await handOver(party, grant).catch(() => undefined);
    } catch (error) {
      // One party that cannot be given its right keeps no other from theirs.
      failed.push({ party: right.grantee, code: toMedsealError(error).code });
    }
  }
  for (const digest of passed.slice(0, MOST_PASSED)) await revokeRight(party, digest);
  return { given, ended: end.map(({ digest }) => digest), failed, unknown };
}
