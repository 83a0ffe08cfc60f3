import { mandatesOn } from '../../protocol/rights/judgeMandate.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { ChartPartAsked } from '../../protocol/evidence/chartPart.ts';
import type { Acknowledgement, Release } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { Coverage } from '../../protocol/rights/judgeRight.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { versionPlaces, type ChartVersion } from '../entries/versionPlaces.ts';
import type { AgentContext } from './AgentContext.ts';
import { listedPart } from './listedPart.ts';
import { releasablePacket } from './releasablePacket.ts';
import { newestState } from './newestState.ts';

/**
 * Returns the part of a chart that a right covers: the record versions, and the packet that opens them.
 *
 * @param agent - The agent's context.
 * @param view - An acknowledged view of a chart.
 * @param coverage - Coverage of the right.
 * @param part - The part of its list that is wanted; all of it if absent.
 */
export async function chartOf(
  agent: AgentContext,
  view: View,
  coverage: Coverage,
  part?: ChartPartAsked,
): Promise<Release> {
  // Before anything is read: entries that come meanwhile may be on the chart too.
  const known = [...agent.logs].map(([log, { size }]) => ({ log, entries: size }));
  // An erased record is left off the chart.
  const listed = await listedPart(agent, view.handle, coverage, part);
  const erasures = await agent.erasures.among(view.handle, listed.records ?? []);
  const told = erasures.length === 0 ? {} : { erasures };
  return { ...listed, known, ...told, ...(await packetFor(agent, view)) };
}

/**
 * The acknowledgement of one version of a record, in whichever of the channel's logs it stands.
 *
 * @param agent - The agent's context.
 * @param wanted - Patient, record, version.
 */
export async function versionOf(
  agent: AgentContext,
  wanted: ChartVersion,
): Promise<Acknowledgement | undefined> {
  const [place] = await versionPlaces(agent.logs.values(), [wanted]);
  return place && (await acknowledgementAt(place.log, place.index));
}

async function packetFor(
  agent: AgentContext,
  view: View,
): Promise<Pick<Release, 'packet' | 'keep' | 'newest'>> {
  const { handle, grant } = view;
  if (
    grant === ZERO32 ||
    mandatesOn(agent.index, handle).some(({ mandate }) => mandate === grant)
  ) {
    const nonce = digestOf(agent, 'View', view);
    const { sealed, keep, said } = await newestState(agent, { handle, nonce });
    return { newest: said, ...(sealed !== undefined && { packet: sealed }), ...(keep && { keep }) };
  }
  const epoch = agent.index.patient(handle)?.epoch ?? 0;
  const packet = await releasablePacket(agent, grant, epoch);
  return { ...(packet !== undefined && { packet }) };
}

/**
 * The acknowledgement at a place of a log.
 *
 * @param log - The log.
 * @param index - The place.
 * @throws MedsealError `NOT_FOUND` if there is no acknowledgement, or its body was erased.
 */
export async function acknowledgementAt(log: EvidenceLog, index: number): Promise<Acknowledgement> {
  const [acknowledgement] = await log.read({ from: index, to: index + 1 });
  if (acknowledgement === undefined) throw new MedsealError('NOT_FOUND', { what: 'entry' });
  return acknowledgement;
}
