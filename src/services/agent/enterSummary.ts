import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { Summary } from '../../protocol/evidence/evidence.ts';
import { kindOf } from '../../protocol/struct/kindOf.ts';
import { newEntryOf } from '../entries/newEntryOf.ts';
import type { AgentContext } from './AgentContext.ts';
import { collectVerdicts } from './collectVerdicts.ts';

/**
 * Enters how often the agent refused without an entry of its own, once coordinators have judged it.
 *
 * @param agent - The agent's context.
 * @param counts - From 1, by code.
 * @throws MedsealError of the coordinators or the log.
 */
export async function enterSummary(agent: AgentContext, counts: Summary['counts']): Promise<void> {
  await agent.index.refresh();
  const summary: Summary = {
    format: 'medseal-summary/1',
    log: agent.log.identity.name,
    at: agent.index.moment,
    counts,
    salt: bytesToHex(agent.random(16)),
  };
  const body = canonicalJson(summary);
  const entry = agent.primitives.sha256(utf8ToBytes(body));
  const given = { body, entry, kind: kindOf(summary) };
  const { verdicts, refusals } = await collectVerdicts(agent, [given]);
  const refused = refusals.get(0);
  if (refused !== undefined) throw refused;
  const judged = { entry: bytesToHex(entry), body, verdicts: verdicts[0] ?? [] };
  await agent.administrator.append([newEntryOf(judged, { body: summary })]);
}
