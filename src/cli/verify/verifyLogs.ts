import { copyWitness } from '../../client/copyWitness.ts';
import { examineLog, type ExaminationContext, type ExaminedLog } from '../../client/examineLog.ts';
import { ledgerWitness } from '../../client/ledgerWitness.ts';
import type { LogWitness } from '../../client/LogWitness.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { machinePorts } from '../../node/NodePorts.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { domainOf } from '../../protocol/domainOf.ts';
import type { LogName, Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import type { LogIdentity, NetworkFile } from '../../protocol/NetworkFile.ts';
import { fingerprintOf } from '../../protocol/fingerprintOf.ts';
import { connectPinnedLedger } from '../connectPinnedLedger.ts';
import { findHome, nodesOf } from '../home/Home.ts';
import { agentAt, hasNode, type Nodes } from '../home/Nodes.ts';
import { readAnyNetwork } from '../readPinnedNetwork.ts';
import type { HomeOptions } from '../sharedOptions.ts';
import type { Answer } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { answerFindings, type Finding } from './Finding.ts';

/** Options of `medseal verify log`. */
export interface VerifyLogsOptions extends HomeOptions {
  readonly url?: readonly string[];
  readonly log?: LogName;
  readonly rpc?: string;
}

/**
 * Verifies whole logs as their nodes serve them: every entry, tile, root and signature, then the copies of the other
 * organisations and, where a ledger is named, every checkpoint on it.
 *
 * @param options - See `medseal verify log --help`.
 */
export async function verifyLogs(_terminal: Terminal, options: VerifyLogsOptions): Promise<Answer> {
  const network = await readAnyNetwork(options);
  const context = { ...(await machinePorts()), domain: domainOf(network), network };
  const ledger = options.rpc && (await connectPinnedLedger(network, options.rpc));
  const nodes = await nodesOf(findHome(options), options.url);
  const findings: Finding[] = [];
  const unchecked: string[] = [];
  for (const name of namesOf(network, options.log)) {
    const { channel, log } = logOf(network, name);
    const others = channel.logs.filter(({ organisation }) => organisation !== log.organisation);
    const known = others.filter(({ organisation }) => hasNode(nodes, organisation));
    const found = await examineOne(context, nodes, log, [
      ...(ledger ? [ledgerWitness(network, ledger, name)] : []),
      ...known.map(({ organisation }) =>
        copyWitness(context, organisation, agentAt(nodes, organisation), name),
      ),
    ]);
    findings.push({ what: name, safe: found.faults.length === 0, detail: describe(found) });
    unchecked.push(...found.unchecked);
    for (const { organisation } of others.filter((each) => !known.includes(each))) {
      unchecked.push(`the copy of ${organisation}: --url ${organisation}=<url> says where it is`);
    }
  }
  if (!ledger) unchecked.push('that the ledger holds these checkpoints: --rpc <url> asks it');
  unchecked.push('what the entries say: their bodies are not public');
  const fingerprint = fingerprintOf(context.primitives, network);
  return answerFindings({ network: fingerprint, findings, unchecked });
}

/** A node that does not answer has not shown that its log is safe. */
async function examineOne(
  context: ExaminationContext,
  nodes: Nodes,
  { name, organisation }: LogIdentity,
  witnesses: readonly LogWitness[],
): Promise<Pick<ExaminedLog, 'entries' | 'checkpoints' | 'root' | 'faults' | 'unchecked'>> {
  try {
    const agent = agentAt(nodes, organisation);
    await requireNode(agent, organisation);
    return await examineLog(context, agent, name, witnesses);
  } catch (error) {
    if (!(error instanceof MedsealError)) throw error;
    return { entries: 0, checkpoints: 0, root: '0x', faults: [error.message], unchecked: [] };
  }
}

/** Tells a node that is elsewhere from one that keeps something back. */
async function requireNode(agent: AgentPort, organisation: Organisation): Promise<void> {
  try {
    await agent.network();
  } catch (error) {
    if (!isMedsealError(error, 'NOT_FOUND')) throw error;
    const reason = `no node of ${organisation} is there; name its address, as ${organisation}=https://…`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'url', reason });
  }
}

function namesOf(network: NetworkFile, log: LogName | undefined): readonly LogName[] {
  if (log !== undefined) return [logOf(network, log).log.name];
  return network.channels.flatMap(({ logs }) => logs.map(({ name }) => name));
}

function describe({
  entries,
  checkpoints,
  root,
  faults,
}: Pick<ExaminedLog, 'entries' | 'checkpoints' | 'root' | 'faults'>): string {
  if (faults.length > 0) return faults.join('; ');
  return `${entries} entries, ${checkpoints} checkpoints, root ${root}`;
}
