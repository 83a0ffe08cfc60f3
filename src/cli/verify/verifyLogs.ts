import { examineLogs, type ComparedLog } from '../../client/audit/examineLogs.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { namedLedger } from '../namedLedger.ts';
import { findHome, nodesOf } from '../home/Home.ts';
import { hasNode, promptAgentAt } from '../home/Nodes.ts';
import { readAnyNetwork } from '../home/readPinnedNetwork.ts';
import type { HomeOptions, VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { answerFindings } from './Finding.ts';
import type { FINDINGS } from './verifyAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { VERIFY_LOG } from './verifyOptions.ts';

/**
 * Verifies whole logs as their nodes serve them: every entry, tile, root and signature, then the copies of the other
 * organisations and, where a ledger is named, every checkpoint on it.
 */
export async function verifyLogs(
  terminal: Terminal,
  options: HomeOptions & Pick<VisitorOptions, 'url'> & OptionsOf<typeof VERIFY_LOG>,
): Promise<AnswerOf<typeof FINDINGS>> {
  const network = await readAnyNetwork(options);
  const context = { ...(await machinePorts()), domain: domainOf(network), network };
  const { ledger, unanswered: silent } = await namedLedger(network, options);
  const nodes = await nodesOf(findHome(options), options.url, terminal);
  const logs = await examineLogs(context, {
    agentOf: (organisation) =>
      hasNode(nodes, organisation) ? promptAgentAt(nodes, organisation) : undefined,
    ...(ledger && { ledger }),
    ...(options.log !== undefined && { log: options.log }),
  });
  const findings = logs.flatMap((found) => {
    const { log: what, faults, unread } = found;
    return unread === undefined
      ? [{ what, safe: faults.length === 0, detail: describe(found) }]
      : [];
  });
  const unread = logs.flatMap((found) =>
    found.unread === undefined ? [] : [`${found.log}: ${whyUnread(found, found.unread)}`],
  );
  const unanswered = [...unread, ...silent];
  const unchecked = logs.flatMap(({ organisation, absent, unchecked: left }) => [
    ...left,
    ...absent
      .filter((each) => each !== organisation)
      .map((each) => `the copy of ${each}: its node is not at this address; ${whereIs(each)}`),
  ]);
  if (options.rpc === undefined) {
    unchecked.push('that the ledger holds these checkpoints: --rpc <url> asks it');
  }
  unchecked.push('the content of the entries: their bodies are not public');
  const fingerprint = fingerprintOf(context.primitives, network);
  return answerFindings({ network: fingerprint, findings, unchecked, unanswered });
}

function whereIs(organisation: Organisation): string {
  return `give its address with --url ${organisation}=<url>`;
}

/** A node that is elsewhere is named with what to type. */
function whyUnread({ organisation, absent }: ComparedLog, reason: string): string {
  if (!absent.includes(organisation)) return reason;
  return `the node of ${organisation} is not at this address; ${whereIs(organisation)}`;
}

function describe({ entries, checkpoints, root, faults }: ComparedLog): string {
  if (faults.length > 0) return faults.join('; ');
  return `${entries} entries, ${checkpoints} checkpoints, root ${root}`;
}
