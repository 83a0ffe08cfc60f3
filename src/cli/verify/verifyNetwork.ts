import { readLongestRight } from '../../bindings/readLongestRight.ts';
import { readOffice } from '../../bindings/readOffice.ts';
import { isSameOffice } from '../../bindings/isSameOffice.ts';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { findOtherContract } from '../../node/founding/findOtherContract.ts';
import { isSameNetworkFile } from '../../protocol/isSameNetworkFile.ts';
import { longestRightOf } from '../../protocol/longestRightOf.ts';
import type { Member, NetworkFile } from '../../protocol/NetworkFile.ts';
import { fingerprintOf } from '../../protocol/fingerprintOf.ts';
import { connectPinnedLedger } from '../connectPinnedLedger.ts';
import { findHome } from '../home/Home.ts';
import { nodesAt, promptAgentAt } from '../home/Nodes.ts';
import { pinnedPath, readAnyNetwork, readIfPinned, readNetworkFile } from '../readPinnedNetwork.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import type { CommandAnswer } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { answerFindings, type Finding } from './Finding.ts';

/** Options of `medseal verify network`. */
export interface VerifyNetworkOptions extends Pick<HomeOptions, 'home'> {
  readonly fingerprint?: string;
  readonly url?: readonly string[];
  readonly rpc?: string;
}

/**
 * Verifies a network file: that it is consistent, has the expected fingerprint or is the one that the device has pinned,
 * is the one that the nodes use, and names the ledger, the code and the seats that the contracts have.
 *
 * @param path - The network file; the device's if absent.
 * @param options - See `medseal verify network --help`.
 */
export async function verifyNetwork(
  _terminal: Terminal,
  path: string | undefined,
  options: VerifyNetworkOptions,
): Promise<CommandAnswer> {
  const home = findHome(options);
  const network = path === undefined ? await readAnyNetwork(options) : await readNetworkFile(path);
  const primitives = await createNativePrimitives();
  const fingerprint = fingerprintOf(primitives, network);
  const findings: Finding[] = [
    {
      what: path ?? pinnedPath(home),
      safe: true,
      detail: `consistent; ${describe(network)}`,
    },
  ];
  const unchecked: string[] = [];
  const pinned = await readIfPinned(home);
  const known = pinned && fingerprintOf(primitives, pinned);
  const other = `this device has pinned another file, ${known}`;
  if (options.fingerprint !== undefined) {
    const expected = options.fingerprint.toLowerCase();
    const safe = expected === fingerprint;
    const detail = safe
      ? 'the fingerprint is the expected one'
      : `the fingerprint is ${fingerprint}, not ${expected}`;
    const isOther = known !== undefined && known !== fingerprint;
    findings.push({ what: 'fingerprint', safe, detail, ...(isOther && { notes: [other] }) });
  } else if (known === undefined) {
    unchecked.push('that it is the right file: compare the fingerprint with someone you trust');
  } else {
    const safe = known === fingerprint;
    findings.push({ what: 'pinned', safe, detail: safe ? 'this device has pinned it' : other });
  }
  if (options.url === undefined)
    unchecked.push('the network file of the nodes: --url <url> asks them');
  else findings.push(...(await compareNodes(network, options.url)));
  if (options.rpc === undefined) unchecked.push('the ledger: --rpc <url> asks it');
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
      const safe = isSameNetworkFile(network, theirs);
      const detail = safe ? 'uses this file' : 'uses another network file';
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
      ...(await compareContracts(network, ledger)),
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

/** An older file does not say who created the contracts: what their code is then cannot be told. */
async function compareContracts(network: NetworkFile, ledger: LedgerProvider): Promise<Finding[]> {
  if (network.founders === undefined) return [];
  const other = await findOtherContract(network, ledger, await createNativePrimitives());
  const detail =
    other === undefined
      ? 'their code is that of this version'
      : `the code of ${other} is not that of this version`;
  return [{ what: 'contracts', safe: other === undefined, detail }];
}

async function compareRights(network: NetworkFile, ledger: LedgerProvider): Promise<Finding> {
  const safe = (await readLongestRight(ledger, network.contracts)) === longestRightOf(network);
  const detail = safe
    ? `the longest right is ${longestRightOf(network)} s, as in the contract`
    : 'the contract has another longest right';
  return { what: 'rights', safe, detail };
}

async function compareSeats(
  network: NetworkFile,
  ledger: LedgerProvider,
  office: 'authority' | 'coordinators',
  pinned: { readonly threshold: number; readonly members: readonly Member[] },
): Promise<Finding> {
  const held = await readOffice(ledger, network.contracts, office);
  const safe = isSameOffice(held, pinned);
  const detail = safe
    ? `${pinned.threshold} of ${pinned.members.length}, as in the Registry`
    : 'the Registry has other seats or another threshold';
  return { what: office, safe, detail };
}

function describe({ channels, demo, networkId }: NetworkFile): string {
  const parts = channels.map(
    ({ name, thresholds: { writes, views }, coordinators, faulty }) =>
      `channel ${name}, with ${coordinators.length} coordinators; quorum for writes ${writes}, for views ${views}; ${faulty} may be faulty`,
  );
  return `network ${networkId.slice(0, 10)}…${demo ? ' (demonstration)' : ''}: ${parts.join('; ')}`;
}

function messageOf(error: unknown): string {
  if (error instanceof MedsealError) return error.message;
  throw error;
}
