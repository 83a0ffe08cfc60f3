import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { httpOperator } from '../../client/operator/httpOperator.ts';
import { connectVerifiedLedger } from '../../ledger/proven/connectVerifiedLedger.ts';
import { parseIdentity } from '../../node/founding/identityFiles.ts';
import { readOperatorAccess } from '../../node/operator/OperatorCode.ts';
import { keptTrust } from '../../node/keptTrust.ts';
import { changedTerms } from '../../node/succession/changedTerms.ts';
import { changeDelayOf } from '../../protocol/network/changeDelayOf.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Dealing } from '../../protocol/dealing/Dealing.ts';
import { isDue } from '../../protocol/dealing/planDealing.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { FurtherContract } from '../../protocol/network/furtherContracts.ts';
import { organisationId, presentNodes } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { ContractsCreated } from '../../protocol/operator/OperatorPort.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { KeyRemoval } from '../../protocol/struct/requests.ts';
import { officeChangesOf } from '../../protocol/network/officeChangesOf.ts';
import { draftSuccessor } from '../../protocol/network/signSuccessor.ts';
import type { BlockStatement, SuccessorsFile } from '../../protocol/network/Successor.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { conflictFileName } from '../../protocol/evidence/blockConflict.ts';
import { stateBlock } from './stateBlock.ts';
import { MOST_STAKE, stakeChangesOf } from '../../protocol/network/stakeChangesOf.ts';
import {
  LONGEST_REPLACEMENT,
  replacedKeyOf,
  type ReplacedKey,
} from '../../protocol/network/replacedKeyOf.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { ownDoor } from '../home/ownDoor.ts';
import { agentAt, nodesAt } from '../home/Nodes.ts';
import type { CommandAnswer } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { CHANGE_PROPOSED } from './changeAnswers.ts';
import type { PROPOSE } from './changeOptions.ts';
import { deal } from './dealChange.ts';
import { engineWish } from './engineWish.ts';
import { removalNumber } from './removalNumber.ts';
import { stakeNumbers } from './stakeNumbers.ts';
import { newestOf, openSeats, successionOf, type Seats } from './openSeats.ts';
import { readGivenJson } from './readChange.ts';
import { signRound, type SignOptions } from './signChange.ts';

/** Seconds for the signatures: a change holds so long after the ledger's delay, unless a time is named. */
const DAY = 24 * 3600;
/** Seconds by which this machine's clock may be before the ledger's, for the deadline that the ledger takes. */
const AHEAD = 3600;

/** Options of `medseal network propose`. */
type ProposeOptions = SignOptions & OptionsOf<typeof PROPOSE>;

/** Drafts a change of the network, and signs it with the keys of the node's folder. */
export async function propose(
  terminal: Terminal,
  file: string,
  options: ProposeOptions,
): Promise<CommandAnswer<Of<typeof CHANGE_PROPOSED>>> {
  if (existsSync(file)) throw wrong('file', `${file} is there already`);
  const seats = await openSeats(terminal, options);
  const succession = await successionOf(seats);
  const predecessor = newestOf(succession);
  const { writes, views, identity = [] } = options;
  const { contract = [] } = options;
  if (contract.length > 0 && (identity.length > 0 || options.leave !== undefined)) {
    throw wrong('--contract', 'a contract comes by a change in which nobody joins or leaves');
  }
  const identities = await Promise.all(
    identity.map(async (path) => parseIdentity(await readGivenJson(path), basename(path))),
  );
  const { primitives, clock } = seats.ports;
  const now = seconds(clock);
  const delay = changeDelayOf(predecessor);
  const changed = changedTerms(primitives, predecessor, {
    ...options,
    from: now + (options.after ?? delay + DAY),
    identities,
    leaving: options.leave ?? [],
    stakes: stakesIn(options.stake ?? []),
    thresholds: { ...(writes !== undefined && { writes }), ...(views !== undefined && { views }) },
  });
  const created = await createdAt(seats, predecessor, contract, terminal);
  const engine = await engineWish(seats.files, predecessor, options, primitives);
  const given = {
    ...changed,
    keeps: 'authority' as const,
    ...(created && { contracts: created }),
    ...(engine && { engine }),
  };
  const made = successorOf(primitives, predecessor, given);
  const dealt = dealtIn(predecessor, made, options);
  const isSame =
    dealt === undefined &&
    canonicalJson(changeable(made)) === canonicalJson(changeable(predecessor));
  if (isSame && options.removeKey === undefined) {
    throw wrong(
      '--identity',
      'nothing changes by it: the network is so already, or is about to be',
    );
  }
  // A key is replaced, and power is taken, when the change is published: nothing of it waits for the ledger.
  const isAtOnce = isSame || options.replaceKey !== undefined;
  const from = now + (options.after ?? (isAtOnce ? 0 : delay) + DAY);
  const wished = { ...given, from };
  const changes = officeChangesOf(predecessor, made);
  const begun = changes.length === 0 ? undefined : await begunAt(seats, terminal, options);
  const offices = changes.map((each) => {
    const known = succession.successors
      .flatMap((successor) => successor.offices)
      .filter(({ message }) => message.office === each.office)
      .map(({ message }) => message.change);
    const change = Math.max(begun?.[each.office] ?? 0, ...known) + 1;
    return { ...each, change, deadline: from };
  });
  const replaced = replacedIn(predecessor, made, options);
  const staked = replaced === undefined ? stakeChangesOf(predecessor, made) : [];
  const removable = removableIn(predecessor, options);
  const ledger =
    options.rpc === undefined || (staked.length === 0 && removable === undefined)
      ? undefined
      : await ledgerAt(options.rpc, predecessor, seats);
  const numbers = await stakeNumbers(
    staked.map(({ key }) => key),
    predecessor,
    succession.successors,
    ledger,
  );
  const stakes = staked.map((each) => {
    return { ...each, change: numbers.get(each.key) ?? 1, deadline: from };
  });
  const newest = await statementsAt(seats, predecessor, terminal, options);
  const terms = { ...wished, ...(newest && { newest }) };
  const until = seconds(clock) + LONGEST_REPLACEMENT - AHEAD;
  const replacement = replaced && { ...replaced.terms, deadline: Math.min(from, until) };
  const removal = removable && {
    ...removable,
    removal: await removalNumber(removable.key, predecessor, succession.successors, ledger),
    deadline: until,
  };
  const rules = { offices, stakes, replacement, removal };
  const draft = draftSuccessor({ primitives }, predecessor, terms, rules);
  const round = { seats, succession, file, options };
  if (dealt === undefined) return await signRound(terminal, round, { successor: draft });
  const dealing = { ...dealt, successor: draft, recipients: [], deals: [] };
  return await deal(terminal, round, { format: 'medseal-dealing/2', ...dealing });
}

/**
 * Returns the deals of a change: those that were asked for; the shares again, if others coordinate a channel with a release key or
 * another number judges its views.
 */
function dealtIn(
  predecessor: NetworkFile,
  made: NetworkFile,
  { channel: wanted, releaseKey }: ProposeOptions,
): Pick<Dealing, 'channel' | 'release'> | undefined {
  for (const channel of made.channels) {
    const was = predecessor.channels.find(({ name }) => name === channel.name);
    if (was === undefined || (wanted ?? channel.name) !== channel.name) continue;
    const release = releaseKey ?? (isDue(was, channel) ? 'refresh' : undefined);
    if (release !== undefined) return { channel: channel.name, release };
  }
  return undefined;
}

/** The key that is replaced, if one was asked for: of this organisation, and nothing else changes. */
function replacedIn(
  predecessor: NetworkFile,
  made: NetworkFile,
  { replaceKey }: ProposeOptions,
): ReplacedKey | undefined {
  if (replaceKey === undefined) return undefined;
  const replaced = replacedKeyOf(predecessor, made);
  if (replaced.organisation === replaceKey) return replaced;
  throw wrong('--replace-key', `the key that changes is that of ${replaced.organisation}`);
}

/** The key from which power is to be taken, if that was asked for. */
function removableIn(
  predecessor: NetworkFile,
  { removeKey, replaceKey }: ProposeOptions,
): Pick<KeyRemoval, 'organisation' | 'key'> | undefined {
  if (removeKey === undefined) return undefined;
  if (replaceKey !== undefined)
    throw wrong('--remove-key', 'a change that replaces a key at once does nothing else');
  const node = presentNodes(predecessor).find(({ organisation }) => organisation === removeKey);
  if (node?.validator === undefined) throw wrong('--remove-key', `${removeKey} has no validator`);
  return { organisation: organisationId(removeKey), key: node.validator.key };
}

/** The parts of a network file that a successor can change. */
function changeable(network: NetworkFile): unknown {
  const { authority, channels, contracts, engine = null } = network;
  return { authority, channels, contracts, engine, nodes: presentNodes(network) };
}

/** Has the folder's node create contracts. */
async function createdAt(
  { files }: Seats,
  { contracts }: NetworkFile,
  wanted: readonly FurtherContract[],
  terminal: Terminal,
): Promise<ContractsCreated | undefined> {
  if (wanted.length === 0) return undefined;
  const present = wanted.find((name) => contracts[name] !== undefined);
  if (present !== undefined) {
    throw wrong('--contract', `the network has a contract ${present} already`);
  }
  terminal.progress.stage('waiting for the node to create the contract');
  terminal.changing();
  const { url, code } = await readOperatorAccess(files);
  return await httpOperator(url, code).create(wanted);
}

/** Stakes as the command line has them. */
function stakesIn(given: readonly string[]): ReadonlyMap<Organisation, number> {
  return new Map(
    given.map((each) => {
      const [, organisation = '', stake] = /^([a-z0-9-]{1,31})=(\d{1,10})$/.exec(each) ?? [];
      if (stake !== undefined && Number(stake) <= MOST_STAKE) return [organisation, Number(stake)];
      throw wrong('--stake', `give it as organisation=stake, from 0 to ${MOST_STAKE}`);
    }),
  );
}

/** The ledger at an address that the operator names, verified from the block that the folder's node trusts. */
async function ledgerAt(
  url: string,
  network: NetworkFile,
  { files, ports: { clock, primitives } }: Seats,
): Promise<LedgerProvider> {
  const trusted = await keptTrust(files).read();
  return await connectVerifiedLedger({
    url,
    clock,
    primitives,
    network,
    ...(trusted && { trusted }),
  });
}

/** Numbers of the offices' changes that were begun last at the ledger, as the folder's own node reads it. */
async function begunAt(
  { homes: [home] }: Seats,
  terminal: Terminal,
  { data, url }: ProposeOptions,
): Promise<SuccessorsFile['begun']> {
  terminal.progress.stage('asking the node for the state of the ledger');
  const nodes = url === undefined ? await ownDoor(resolve(data)) : nodesAt(url);
  return (await agentAt(nodes, home?.organisation ?? '').successors()).begun;
}

/** Statements of the newest block for the successor to carry; of the folder's own node, which need not run for some changes. */
async function statementsAt(
  { homes: [home], files, ports }: Seats,
  predecessor: NetworkFile,
  terminal: Terminal,
  { data, url }: ProposeOptions,
): Promise<readonly BlockStatement[] | undefined> {
  if (predecessor.ledger.chain === undefined) return undefined;
  terminal.progress.stage('asking for the newest block of the ledger');
  const nodes = url === undefined ? await ownDoor(resolve(data)) : nodesAt(url);
  const organisation = home?.organisation ?? '';
  const node = { organisation, agent: agentAt(nodes, organisation) };
  return await stateBlock(ports, predecessor, node, {
    onNone: (reason) => terminal.note(`The change states no block of the ledger. ${reason}`),
    onConflict: async (conflict) =>
      await writeJsonFile(files, conflictFileName(conflict), conflict),
  });
}

function wrong(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
