import { copyWitness } from '../../client/witness/copyWitness.ts';
import {
  examineLog,
  type ExaminationContext,
  type ExaminedLog,
} from '../../client/audit/examineLog.ts';
import { ledgerWitness } from '../../client/witness/ledgerWitness.ts';
import type { LogWitness } from '../../client/witness/LogWitness.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { domainOf } from '../../protocol/domainOf.ts';
import type { LogName, Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import type { LogIdentity, NetworkFile } from '../../protocol/NetworkFile.ts';
import { fingerprintOf } from '../../protocol/fingerprintOf.ts';
import { connectPinnedLedger } from '../connectPinnedLedger.ts';
import { findHome, nodesOf } from '../home/Home.ts';
import { hasNode, promptAgentAt, type Nodes } from '../home/Nodes.ts';
import { readAnyNetwork } from '../readPinnedNetwork.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import type { CommandAnswer } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { answerFindings, type Finding } from './Finding.ts';

/** Options of `medseal verify log`. */
export interface VerifyLogsOptions extends HomeOptions {
  readonly url?: readonly string[];
  readonly log?: LogName;
  readonly rpc?: string;
}

type Found = Pick<ExaminedLog, 'entries' | 'checkpoints' | 'root' | 'faults' | 'unchecked'>;

/**
 * Verifies whole logs as their nodes serve them: every entry, tile, root and signature, then the copies of the other
 * organisations and, where a ledger is named, every checkpoint on it.
 *
 * @param options - See `medseal verify log --help`.
 */
export async function verifyLogs(
  _terminal: Terminal,
  options: VerifyLogsOptions,
): Promise<CommandAnswer> {
  const network = await readAnyNetwork(options);
  const context = { ...(await machinePorts()), domain: domainOf(network), network };
  const ledger = options.rpc && (await connectPinnedLedger(network, options.rpc));
  const nodes = await nodesOf(findHome(options), options.url);
  const placeless = await placelessIn(network, nodes);
  const findings: Finding[] = [];
  const unchecked: string[] = [];
  for (const name of namesOf(network, options.log)) {
    const { channel, log } = logOf(network, name);
    const others = channel.logs.filter(({ organisation }) => organisation !== log.organisation);
    const known = others.filter(({ organisation }) => !placeless.has(organisation));
    const witnesses = [
      ...(ledger ? [ledgerWitness(network, ledger, name)] : []),
      ...known.map(({ organisation }) =>
        copyWitness(context, organisation, promptAgentAt(nodes, organisation), name),
      ),
    ];
    const found = placeless.has(log.organisation)
      ? nothing(
          `the node of ${log.organisation} is not at this address; ${whereIs(log.organisation)}`,
        )
      : await examineOne(context, nodes, log, witnesses);
    findings.push({ what: name, safe: found.faults.length === 0, detail: describe(found) });
    unchecked.push(...found.unchecked);
    for (const { organisation } of others.filter((each) => !known.includes(each))) {
      unchecked.push(
        `the copy of ${organisation}: its node is not at this address; ${whereIs(organisation)}`,
      );
    }
  }
  if (!ledger) unchecked.push('that the ledger holds these checkpoints: --rpc <url> asks it');
  unchecked.push('the content of the entries: their bodies are not public');
  const fingerprint = fingerprintOf(context.primitives, network);
  return answerFindings({ network: fingerprint, findings, unchecked });
}

/** The organisations of which nothing says where their node is, or whose node is not there. */
async function placelessIn(
  { channels }: NetworkFile,
  nodes: Nodes,
): Promise<ReadonlySet<Organisation>> {
  const all = new Set(channels.flatMap(({ logs }) => logs.map(({ organisation }) => organisation)));
  const asked = [...all].map(async (each) => ((await isThere(nodes, each)) ? [] : [each]));
  return new Set((await Promise.all(asked)).flat());
}

/** Tells a node that is elsewhere from one that keeps something back, or does not answer. */
async function isThere(nodes: Nodes, organisation: Organisation): Promise<boolean> {
  if (!hasNode(nodes, organisation)) return false;
  try {
    await promptAgentAt(nodes, organisation).network();
    return true;
  } catch (error) {
    return !isMedsealError(error, 'NOT_FOUND');
  }
}

/** A node that does not answer has not shown that its log is safe. */
async function examineOne(
  context: ExaminationContext,
  nodes: Nodes,
  { name, organisation }: LogIdentity,
  witnesses: readonly LogWitness[],
): Promise<Found> {
  try {
    return await examineLog(context, promptAgentAt(nodes, organisation), name, witnesses);
  } catch (error) {
    if (!(error instanceof MedsealError)) throw error;
    return nothing(error.message);
  }
}

function nothing(fault: string): Found {
  return { entries: 0, checkpoints: 0, root: '0x', faults: [fault], unchecked: [] };
}

function whereIs(organisation: Organisation): string {
  return `give its address with --url ${organisation}=<url>`;
}

function namesOf(network: NetworkFile, log: LogName | undefined): readonly LogName[] {
  if (log !== undefined) return [logOf(network, log).log.name];
  return network.channels.flatMap(({ logs }) => logs.map(({ name }) => name));
}

function describe({ entries, checkpoints, root, faults }: Found): string {
  if (faults.length > 0) return faults.join('; ');
  return `${entries} entries, ${checkpoints} checkpoints, root ${root}`;
}
