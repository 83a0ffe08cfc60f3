import { MedsealError } from '../../errors/MedsealError.ts';
import type { DepositedPacket } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32, type Address, type Bytes32 } from '../../protocol/ids.ts';
import { confirmChart } from '../records/confirmChart.ts';
import { confirmRecipient } from './confirmRecipient.ts';
import { isBeingErased } from '../epochs/isBeingErased.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import type { Party } from '../party/Party.ts';
import type { KnownGrant, PatientState } from '../state/PatientState.ts';
import { readChart } from '../records/readChart.ts';
import { recordKeys } from '../records/recordKeys.ts';
import { sealPacket } from '../epochs/sealPacket.ts';
import { withPatientState } from '../state/withPatientState.ts';

/**
 * Accepts a changed recipient of a grantee, after patient and grantee have compared it outside the network, and seals
 * to it the keys that were sealed to the former recipient and are still needed: those of the present epoch, of epochs
 * that packets were sealed ahead for, and of records that were shared alone.
 *
 * The keys do not turn. If the grantee's former device may be in other hands, end the right and give it again: then the
 * keys on that device open nothing that is added afterwards.
 *
 * @param party - The patient.
 * @param accepted - Grantee, and SHA-256 of the recipient's text, as `listChangedRecipients` shows it.
 * @returns Number of packets that were sealed.
 * @throws MedsealError `RECIPIENT_CHANGED` if the Registry has another one than the accepted; `KEY_UNAUTHENTIC` if
 * coordinators do not agree, or a node offers another; `NOT_FOUND` if nothing was ever sealed to the grantee, or no
 * node has the recipient yet; `PARTY_SUSPENDED`; `STATE_STALE`; `ANSWER_DISPUTED`.
 * @example
 * ```ts
 * for (const { grantee, fingerprint } of await listChangedRecipients(patient)) {
 *   const isSame = confirm(`Does ${grantee} read out ${fingerprint} to you?`);
 *   if (isSame) await acceptRecipient(patient, { grantee, fingerprint });
 * }
 * ```
 */
export async function acceptRecipient(
  party: Party,
  accepted: { readonly grantee: Address; readonly fingerprint: Bytes32 },
): Promise<number> {
  return await withPatientState(party, async (known) => {
    const { recipients } = known;
    const { grantee, fingerprint } = accepted;
    if (recipients[grantee] === undefined) throw new MedsealError('NOT_FOUND', { what: 'grantee' });
    const recipient = await confirmRecipient(party, grantee, fingerprint);
    const { patient, grants: active = [] } = await confirmChart(party, known, { grants: true });
    const packets: DepositedPacket[] = [];
    const grants: KnownGrant[] = [];
    for (const each of known.grants) {
      const { read, until, ...terms } = each.grant.terms;
      const holds = read && until > seconds(party.clock) && active.includes(each.digest);
      if (terms.grantee === grantee && holds) {
        const sealed = await sealAgain(party, known, each, { recipient, epoch: patient.epoch });
        packets.push(...sealed.packets);
        grants.push(sealed.known);
      } else grants.push(each);
    }
    const state = { ...known, grants, recipients: { ...recipients, [grantee]: fingerprint } };
    await keepPatientState(party, state, packets);
    return packets.length;
  });
}

async function sealAgain(
  party: Party,
  state: PatientState,
  known: KnownGrant,
  { recipient, epoch: present }: { readonly recipient: string; readonly epoch: number },
): Promise<{ readonly known: KnownGrant; readonly packets: readonly DepositedPacket[] }> {
  const { record } = known.grant.terms;
  if (record !== ZERO32) {
    const chart = await readChart(party, { handle: state.handle, purpose: 'PATRQT' });
    const files = await recordKeys(party, chart, record, (version) =>
      isBeingErased(state, present, version),
    );
    const packet = await sealPacket(party, state, known, { epoch: present, recipient, files });
    return { known: { ...known, versions: Object.keys(files).length }, packets: [packet] };
  }
  const packets: DepositedPacket[] = [];
  const sealedTo = Math.max(present, known.sealedTo);
  for (let epoch = present; epoch <= sealedTo; epoch++) {
    packets.push(await sealPacket(party, state, known, { epoch, recipient }));
  }
  return { known: { ...known, sealedTo }, packets };
}
