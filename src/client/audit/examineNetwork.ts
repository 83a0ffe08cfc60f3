import { isSameOffice } from '../../bindings/isSameOffice.ts';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readLongestRight } from '../../bindings/readLongestRight.ts';
import { readOffice } from '../../bindings/readOffice.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { isSameNetworkFile } from '../../protocol/network/isSameNetworkFile.ts';
import { longestRightOf } from '../../protocol/network/longestRightOf.ts';
import { coordinatorsIn } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { forkFault } from './forkFault.ts';
import { provesFault } from './provesFault.ts';

/** Sources that a network file is compared with; each is optional. */
export interface NetworkSources {
  /** Fingerprint of the right file, from someone whom you trust or from what a device pinned. */
  readonly fingerprint?: Bytes32;
  /** Node of an organisation, asked which network file it uses. */
  readonly agentOf?: (
    organisation: Organisation,
  ) => Pick<AgentPort, 'network'> & Partial<Pick<AgentPort, 'successors'>>;
  /** The file's predecessors, if they are known: a proof that a quorum signed twice is verified with them. */
  readonly before?: readonly NetworkFile[];
  /** Connects to the ledger; it refuses another chain or genesis, as `connectJsonRpc` does if it is given both. */
  readonly ledger?: () => Promise<LedgerProvider>;
  /**
   * Compares the contracts' code, if the network file names who created them: `findOtherContract` of `medseal/node`,
   * because it runs their creation.
   */
  readonly findOtherContract?: (ledger: LedgerProvider) => Promise<string | undefined>;
}

/** Finding about one thing that a network file names. */
export type NetworkFinding = {
  /** Reason why it is not as the file says; undefined if it is as the file says, or was not checked. */
  readonly fault: string | undefined;
  /** Reason why it was not checked, such as that a node is away; absent if it was. */
  readonly unchecked?: string;
} & (
  | { readonly subject: 'fingerprint' | 'ledger' | 'contracts' | 'authority' | 'rights' }
  | { readonly subject: 'node'; readonly organisation: Organisation }
  | { readonly subject: 'coordinators'; readonly channel: string }
);

/** Findings about a network file. */
export interface ExaminedNetwork {
  readonly fingerprint: Bytes32;
  /** One for each thing that was compared. */
  readonly findings: readonly NetworkFinding[];
}

/**
 * Examines a network file that was parsed: whether it has the expected fingerprint, is the one that the nodes use, and
 * names the ledger, the code, the longest right and the seats that the contracts have, those of coordinators in each
 * channel. It compares only what it has a source for. A fault is what was proven wrong; a node or ledger that does not answer
 * was not checked.
 *
 * @param primitives - Hashes and the curve.
 * @param network - The network file.
 * @param sources - See `NetworkSources`.
 * @example
 * ```ts
 * const { findings } = await examineNetwork(portablePrimitives, network, {
 *   agentOf: (organisation) => httpAgent(`http://127.0.0.1:8480/${organisation}`),
 *   ledger: async () => ledger,
 * });
 * for (const { subject, fault, unchecked } of findings) {
 *   console.log(subject, fault ?? unchecked ?? 'as the file says');
 * }
 * ```
 */
export async function examineNetwork(
  primitives: Primitives,
  network: NetworkFile,
  sources: NetworkSources = {},
): Promise<ExaminedNetwork> {
  const fingerprint = fingerprintOf(primitives, network);
  const { fingerprint: expected } = sources;
  const findings: NetworkFinding[] = [];
  if (expected !== undefined) {
    const fault = `the fingerprint is ${fingerprint}, not ${expected}`;
    findings.push({ subject: 'fingerprint', fault: faultIf(expected !== fingerprint, fault) });
  }
  findings.push(
    ...(await compareNodes(primitives, network, sources)),
    ...(await compareLedger(network, sources)),
  );
  return { fingerprint, findings };
}

async function compareNodes(
  primitives: Primitives,
  network: NetworkFile,
  { agentOf, before = [] }: NetworkSources,
): Promise<readonly NetworkFinding[]> {
  if (agentOf === undefined) return [];
  const findings: NetworkFinding[] = [];
  const all = network.channels.flatMap(({ coordinators }) =>
    coordinators.map(({ organisation }) => organisation),
  );
  for (const organisation of new Set(all)) {
    const compared = await comparison(async () => {
      const agent = agentOf(organisation);
      const theirs = await agent.network();
      if (!isSameNetworkFile(network, theirs)) return 'uses another network file';
      return forkFault({ primitives }, [...before, network], await agent.successors?.());
    });
    findings.push({ subject: 'node', organisation, ...compared });
  }
  return findings;
}

/** A ledger that fails to answer one question tells nothing of the others. */
async function compareLedger(
  network: NetworkFile,
  { ledger: connect, findOtherContract }: NetworkSources,
): Promise<readonly NetworkFinding[]> {
  if (connect === undefined) return [];
  const { authority, channels, contracts, founders } = network;
  const findings: NetworkFinding[] = [];
  const seats = 'the Registry has other seats or another threshold';
  const compared = await comparison(async () => {
    const ledger = await connect();
    // An older file does not say who created the contracts: what their code is then cannot be told.
    if (findOtherContract !== undefined && founders !== undefined) {
      const other = await findOtherContract(ledger);
      const code = `the code of ${other} is not that of this version`;
      findings.push({ subject: 'contracts', fault: faultIf(other !== undefined, code) });
    }
    const seated = await readOffice(ledger, contracts, 'authority');
    const isAuthority = isSameOffice(seated, authority);
    findings.push({ subject: 'authority', fault: faultIf(!isAuthority, seats) });
    const judges = await readOffice(ledger, contracts, 'coordinators');
    for (const channel of channels) {
      const isSame = isSameOffice(judges, coordinatorsIn(channel));
      const { name } = channel;
      findings.push({ subject: 'coordinators', channel: name, fault: faultIf(!isSame, seats) });
    }
    const isLongest = (await readLongestRight(ledger, contracts)) === longestRightOf(network);
    const longer = 'the contract has another longest right';
    findings.push({ subject: 'rights', fault: faultIf(!isLongest, longer) });
    return undefined;
  });
  const { fault, unchecked } = compared;
  const isWhole = fault === undefined && unchecked === undefined;
  return [{ subject: 'ledger', ...compared }, ...(isWhole ? findings : [])];
}

/** Returns the fault that a comparison finds, or that the error which stopped it proves, or why it was not made. */
async function comparison(
  compare: () => Promise<string | undefined>,
): Promise<Pick<NetworkFinding, 'fault' | 'unchecked'>> {
  try {
    return { fault: await compare() };
  } catch (error) {
    if (!(error instanceof MedsealError)) throw error;
    const { message } = error;
    return provesFault(error) ? { fault: message } : { fault: undefined, unchecked: message };
  }
}

function faultIf(isSo: boolean, fault: string): string | undefined {
  return isSo ? fault : undefined;
}
