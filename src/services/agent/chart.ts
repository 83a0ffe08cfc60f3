import type { Acknowledgement, Body, Release } from '../../protocol/evidence.ts';
import { ZERO32, type Handle, type RecordId } from '../../protocol/ids.ts';
import type { Coverage } from '../../protocol/judgeRight.ts';
import type { View, Write } from '../../protocol/requests.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * What a right covers of a chart: the record versions, and the packet that opens them.
 *
 * @param agent - The agent's context.
 * @param view - An acknowledged view of a chart.
 * @param coverage - What the right covers.
 */
export async function chartOf(
  agent: AgentContext,
  view: View,
  coverage: Coverage,
): Promise<Release> {
  const records: Acknowledgement[] = [];
  for await (const { acknowledgement, write } of writesOf(agent, view.handle)) {
    const { categories, record } = coverage;
    if (categories !== undefined && !categories.includes(write.category)) continue;
    if (record !== undefined && record !== write.record) continue;
    records.push(acknowledgement);
  }
  const packet = await packetFor(agent, view);
  return { records, ...(packet !== undefined && { packet }) };
}

/**
 * The acknowledgement of one version of a record, in whichever of the channel's logs it stands.
 *
 * @param agent - The agent's context.
 * @param wanted - Patient, record, version.
 */
export async function versionOf(
  agent: AgentContext,
  wanted: { readonly handle: Handle; readonly record: RecordId; readonly version: number },
): Promise<Acknowledgement | undefined> {
  for await (const { acknowledgement, write } of writesOf(agent, wanted.handle)) {
    if (write.record === wanted.record && write.version === wanted.version) return acknowledgement;
  }
  return undefined;
}

async function packetFor(agent: AgentContext, view: View): Promise<string | undefined> {
  const { handle, grant } = view;
  if (grant === ZERO32) return await agent.kept.keyring(handle);
  const epoch = agent.index.patient(handle)?.epoch ?? 0;
  return (await agent.kept.packet(grant, epoch))?.packet;
}

async function* writesOf(
  agent: AgentContext,
  handle: Handle,
): AsyncGenerator<{ acknowledgement: Acknowledgement; write: Write }> {
  for (const log of agent.logs.values()) {
    for (const index of await log.concerning(handle)) {
      const [acknowledgement] = await log.read({ from: index, to: index + 1 });
      if (acknowledgement === undefined) continue;
      const { flag, request } = JSON.parse(acknowledgement.body) as Body;
      if (flag === 'A' && request.type === 'Write') {
        yield { acknowledgement, write: request.message as Write };
      }
    }
  }
}
