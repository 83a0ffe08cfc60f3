import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { DepositedPacket } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import { coveredRecord } from '../../protocol/rights/coveredRecord.ts';
import { confirmRecipient } from '../rights/confirmRecipient.ts';
import { isBeingErased } from '../epochs/isBeingErased.ts';
import type { Party } from '../party/Party.ts';
import type { KnownGrant, PatientState } from '../state/PatientState.ts';
import { readChart, type Chart } from './readChart.ts';
import { recordKeys } from './recordKeys.ts';
import { sealPacket } from '../epochs/sealPacket.ts';
import type { SealedPackets } from '../epochs/sealPackets.ts';

/**
 * Seals the keys of records that were shared alone, and amended or objected to since. If no record was shared alone, the chart is not
 * viewed.
 *
 * @param party - The patient.
 * @param state - The patient's state on the device.
 * @param active - Digests of the grants on the ledger.
 * @param epoch - The present epoch.
 */
export async function sealNewVersions(
  party: Party,
  state: PatientState,
  active: readonly Bytes32[],
  epoch: number,
): Promise<SealedPackets> {
  const { handle } = state;
  const shared = state.grants.filter((known) => isOfOneRecord(party, known, active));
  if (shared.length === 0) return { packets: [], state, pending: [] };
  const chart = await readChart(party, { handle, purpose: 'PATRQT' });
  const packets: DepositedPacket[] = [];
  const pending: Bytes32[] = [];
  const versions = new Map<Bytes32, number>();
  for (const known of shared) {
    const { grantee, record } = known.grant.terms;
    const count = versionCount(chart, record);
    if (count === known.versions) continue;
    try {
      const recipient = await confirmRecipient(party, grantee, state.recipients[grantee]);
      const files = await recordKeys(party, chart, record, (version) =>
        isBeingErased(state, epoch, version),
      );
      packets.push(await sealPacket(party, state, known, { epoch, recipient, files }));
      versions.set(known.digest, count);
    } catch (error) {
      if (!isMedsealError(error) || error.retry) throw error;
      pending.push(known.digest);
    }
  }
  const grants = state.grants.map((known) => {
    const sealed = versions.get(known.digest);
    return sealed === undefined ? known : { ...known, versions: sealed };
  });
  return { packets, state: { ...state, grants }, pending };
}

function versionCount(chart: Chart, record: Bytes32): number {
  return chart.records.filter((listed) => coveredRecord(listed) === record).length;
}

function isOfOneRecord(
  party: Party,
  { digest, grant }: KnownGrant,
  active: readonly Bytes32[],
): boolean {
  const { read, record, until } = grant.terms;
  return read && record !== ZERO32 && until > seconds(party.clock) && active.includes(digest);
}
