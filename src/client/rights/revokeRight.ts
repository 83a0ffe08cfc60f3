import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { packetsHash } from '../../protocol/rights/packetsHash.ts';
import { confirmChart } from '../records/confirmChart.ts';
import { confirmRule } from './confirmRule.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import type { Party } from '../party/Party.ts';
import { planPackets, readersAmong } from '../epochs/planPackets.ts';
import { commitAsPlanned } from '../epochs/refreshPackets.ts';
import { sealPackets } from '../epochs/sealPackets.ts';
import { submitRule, type Accepted } from '../agent/submit.ts';
import { withPatientState } from '../state/withPatientState.ts';

/** A right that has ended. */
export interface RightEnded extends Accepted<'placed'> {
  /** Digests of the grants that hold, but got no key of the new epoch. */
  readonly pending: readonly Bytes32[];
}

/**
 * Ends a right and enters the next epoch, in one signed request: grantees who keep a right get packets for it, which
 * are deposited before the ledger changes; the former grantee's keys open nothing that is added afterwards. If packets
 * were sealed ahead to the former grantee, the coordinators go on at once to the first epoch that they do not reach. No
 * grantee delays the end: if nothing can be sealed to a grantee now, the key of the new epoch is pending for that
 * grantee.
 *
 * @param party - The patient.
 * @param digest - Digest of the grant; also of one on the ledger that no device knows.
 * @returns Place of the revocation on the ledger, and the grants whose key is pending.
 * @throws MedsealError `NOT_FOUND` for a grant that is not on the patient's chart, or on a device of someone who is not
 * a patient; `STATE_STALE` if another device of the patient was faster each time; `ANSWER_DISPUTED` if fewer than k
 * organisations store the state; `KEY_UNAUTHENTIC`, `RULE_REFUSED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * for (const { digest, grant } of await listGrants(patient)) {
 *   if (grant?.terms.grantee === doctor.address) await revokeRight(patient, digest);
 * }
 * ```
 */
export async function revokeRight(party: Party, digest: Bytes32): Promise<RightEnded> {
  return await withPatientState(party, async (known) => {
    const { handle } = known;
    const facts = await confirmChart(party, known, { grant: digest, grants: true });
    const { patient, grant, grants = [] } = facts;
    if (grant?.handle !== handle) throw new MedsealError('NOT_FOUND', { what: 'grant' });
    const epoch = patient.epoch + 1;
    const former = known.grants.find((each) => each.digest === digest);
    const outrun = Math.max(epoch, (former?.sealedTo ?? 0) + 1);
    const readers = readersAmong(known.grants, grants, seconds(party.clock));
    const plan = planPackets(
      readers.filter((each) => each !== former),
      outrun,
    );
    const committed = await commitAsPlanned(party, known, patient, plan);
    const sealed = await sealPackets(party, committed, plan.packets);
    await keepPatientState(party, sealed.state, sealed.packets);
    const packets = sealed.packets.filter((packet) => packet.epoch === epoch);
    const revoke = {
      handle,
      grant: digest,
      epoch,
      packets: packetsHash(party.primitives, packets),
      deadline: seconds(party.clock) + 300,
    };
    const placed = await submitRule(party, 'Revoke', revoke, { packets });
    await confirmRule(
      party,
      { handle, grant: digest },
      (after) => after.grant?.state === 'ended' && (after.patient?.epoch ?? 0) >= epoch,
    );
    return { ...placed, pending: sealed.pending };
  });
}
