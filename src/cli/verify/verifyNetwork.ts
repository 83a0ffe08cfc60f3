import { readLongestRight } from '../../bindings/readLongestRight.ts';
import { readOffice } from '../../bindings/readOffice.ts';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import { longestRightOf } from '../../protocol/longestRightOf.ts';
import type { Member, NetworkFile } from '../../protocol/NetworkFile.ts';
import { fingerprintOf } from '../../protocol/fingerprintOf.ts';
import { connectPinnedLedger } from '../connectPinnedLedger.ts';
import { readNetworkFile } from '../readPinnedNetwork.ts';
import { nodesAt, promptAgentAt } from '../home/Nodes.ts';
import type { Answer } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { answerFindings, type Finding } from './Finding.ts';

/** Options of `medseal verify network`. */
export interface VerifyNetworkOptions {
  readonly fingerprint?: string;
  readonly url?: readonly string[];
  readonly rpc?: string;
}

/**
 * Verifies a network file: that it agrees with itself, has the fingerprint that somebody told, is the one that the
 * nodes run by, and names the ledger and the seats that the contracts have.
 *
 * @param path - The network file.
 * @param options - See `medseal verify network --help`.
 */
export async function verifyNetwork(
  _terminal: Terminal,
  path = 'network.json',
  options: VerifyNetworkOptions,
): Promise<Answer> {
  const network = await readNetworkFile(path);
  const fingerprint = fingerprintOf(await createNativePrimitives(), network);
  const findings: Finding[] = [
    { what: path, safe: true, detail: `agrees with itself; ${describe(network)}` },
  ];
  const unchecked: string[] = [];
  if (options.fingerprint === undefined) {
    unchecked.push('that it is the right one: compare the fingerprint with who gave it to you');
  } else {
    const same = options.fingerprint.toLowerCase() === fingerprint;
    const detail = same ? 'the fingerprint is the one that was told' : `it is ${fingerprint}`;
    findings.push({ what: 'fingerprint', safe: same, detail });
  }
  if (options.url === undefined) unchecked.push('what the nodes run by: --url <url> asks them');
  else findings.push(...(await compareNodes(network, options.url)));
  if (options.rpc === undefined) unchecked.push('what the ledger says: --rpc <url> asks it');
  else findings.push(...(await compareLedger(network, options.rpc)));
  return answerFindings({ network: fingerprint, findings, unchecked });
}

async function compareNodes(network: NetworkFile, url: readonly string[]): Promise<Finding[]> {
  const nodes = nodesAt(url);
  const organisations = network.channels.flatMap(({ logs }) =>
    logs.map(({ organisation }) => organisation),
  );
  const findings: Finding[] = [];
  for (const organisation of new Set(organisations)) {
    const what = `node of ${organisation}`;
    try {
      const theirs = await promptAgentAt(nodes, organisation).network();
      const safe = canonicalJson(theirs) === canonicalJson(network);
      const detail = safe ? 'runs by this file' : 'runs by another network file';
      findings.push({ what, safe, detail });
    } catch (error) {
      findings.push({ what, safe: false, detail: messageOf(error) });
    }
  }
  return findings;
}

async function compareLedger(network: NetworkFile, rpc: string): Promise<Finding[]> {
  const { chainId } = network.ledger;
  try {
    const ledger = await connectPinnedLedger(network, rpc);
    const detail = `chain ${chainId} with this genesis`;
    const [channel] = network.channels;
    return [
      { what: 'ledger', safe: true, detail },
      await compareSeats(network, ledger, 'authority', network.authority),
      await compareSeats(network, ledger, 'coordinators', {
        threshold: channel?.thresholds.writes ?? 0,
        members: channel?.coordinators ?? [],
      }),
      await compareRights(network, ledger),
    ];
  } catch (error) {
    return [{ what: 'ledger', safe: false, detail: messageOf(error) }];
  }
}

async function compareRights(network: NetworkFile, ledger: LedgerProvider): Promise<Finding> {
  const safe = (await readLongestRight(ledger, network.contracts)) === longestRightOf(network);
  const detail = safe
    ? `a right holds for ${longestRightOf(network)} s at most, as the contract has it`
    : 'the contract has another length of the longest right';
  return { what: 'rights', safe, detail };
}

async function compareSeats(
  network: NetworkFile,
  ledger: LedgerProvider,
  office: 'authority' | 'coordinators',
  pinned: { readonly threshold: number; readonly members: readonly Member[] },
): Promise<Finding> {
  const held = await readOffice(ledger, network.contracts, office);
  const safe =
    held?.threshold === pinned.threshold && namesOf(held.members) === namesOf(pinned.members);
  const detail = safe
    ? `${pinned.threshold} of ${pinned.members.length}, as the Registry has them`
    : 'the Registry has other seats or another threshold';
  return { what: office, safe, detail };
}

function namesOf(members: readonly Member[]): string {
  return members
    .map(({ address, organisation }) => `${address} ${organisation}`)
    .toSorted()
    .join();
}

function describe({ channels, demo, networkId }: NetworkFile): string {
  const parts = channels.map(
    ({ name, thresholds: { writes, views }, coordinators, faulty }) =>
      `channel ${name}, of ${coordinators.length} coordinators ${writes} must agree on writes and ${views} on views, and ${faulty} may be faulty`,
  );
  return `network ${networkId.slice(0, 10)}…${demo ? ' (demonstration)' : ''}: ${parts.join('; ')}`;
}

function messageOf(error: unknown): string {
  if (error instanceof MedsealError) return error.message;
  throw error;
}
