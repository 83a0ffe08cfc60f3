import { isMedsealError } from '../../errors/isMedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { DUE_RIGHTS } from '../rules/dueRights.ts';
import { rightsOfRules } from '../rules/rightsOfRules.ts';
import type { StandingRule } from '../rules/StandingRule.ts';
import { confirmRecipient } from './confirmRecipient.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';

/** A grantee whose recipient differs from the one that the patient's keys were sealed to. */
export interface ChangedRecipient {
  readonly grantee: Address;
  /** SHA-256 of the recipient that keys were sealed to. */
  readonly before: Bytes32;
  /** SHA-256 of the one that the Registry has now: people compare it, and `acceptRecipient` takes it. */
  readonly fingerprint: Bytes32;
  /** True if nodes offer the recipient itself; if they do not yet, nothing can be sealed to it. */
  readonly offered: boolean;
  /** Digests of the grants to read that wait for it; none if only a right that a rule gives does. */
  readonly grants: readonly Bytes32[];
}

/**
 * Lists the grantees whose recipient changed since the patient's device sealed to it, by a change of key or a recovery,
 * and who still have a right to read, or get one by a standing rule. Nothing is sealed to them until the patient has accepted the new one.
 *
 * @param party - The patient.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `KEY_UNAUTHENTIC` if there is no
 * quorum, or a node offers a recipient that is not the Registry's.
 * @example
 * ```ts
 * for (const { grantee, fingerprint, grants } of await listChangedRecipients(patient)) {
 *   console.log(`${grants.length} grants wait: compare ${fingerprint} with ${grantee}`);
 * }
 * ```
 */
export async function listChangedRecipients(party: Party): Promise<readonly ChangedRecipient[]> {
  const { handle, grants, recipients, rules = [] } = await readPatientState(party);
  const { grants: active = [] } = await confirmFacts(party, { handle, grants: true });
  const now = seconds(party.clock);
  const waiting = new Map<Address, Bytes32[]>();
  for (const { digest, grant } of grants) {
    const { grantee, read, until } = grant.terms;
    if (!read || until <= now || !active.includes(digest)) continue;
    waiting.set(grantee, [...(waiting.get(grantee) ?? []), digest]);
  }
  for (const grantee of await awaiting(party, rules, now)) {
    if (!waiting.has(grantee)) waiting.set(grantee, []);
  }
  const changed: ChangedRecipient[] = [];
  for (const [grantee, digests] of waiting) {
    const before = recipients[grantee];
    const fingerprint = (await confirmFacts(party, { party: grantee })).party?.recipient;
    if (before === undefined || fingerprint === undefined || before === fingerprint) continue;
    const offered = await isOffered(party, grantee, fingerprint);
    changed.push({ grantee, before, fingerprint, offered, grants: digests });
  }
  return changed;
}

/** Grantees to whom rules give a right to read, or the rest of one that ended: none may stand while their key waits. */
async function awaiting(
  party: Party,
  rules: readonly StandingRule[],
  now: number,
): Promise<readonly Address[]> {
  const due = (await DUE_RIGHTS.read(party)).map(({ right }) => right);
  const rights = [...rightsOfRules(rules, now), ...due];
  return rights.flatMap(({ grantee, actions, until }) =>
    actions.includes('read') && until > now ? [grantee] : [],
  );
}

async function isOffered(party: Party, grantee: Address, fingerprint: Bytes32): Promise<boolean> {
  try {
    await confirmRecipient(party, grantee, fingerprint);
    return true;
  } catch (error) {
    if (isMedsealError(error, 'NOT_FOUND') || isMedsealError(error, 'PARTY_SUSPENDED'))
      return false;
    throw error;
  }
}
