import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { readSignedSuccessor, SIGNED, signedSuccessorOf } from '../../folder/SignedSuccessor.ts';
import { connectVerifiedLedger } from '../../ledger/proven/connectVerifiedLedger.ts';
import { parseIdentity } from '../../node/founding/identityFiles.ts';
import { keptTrust } from '../../node/keptTrust.ts';
import { changedTerms } from '../../node/succession/changedTerms.ts';
import { requireGiven } from '../../node/founding/requireGiven.ts';
import { homeIn } from '../../node/succession/homeIn.ts';
import { requireMember } from '../../node/succession/requireMember.ts';
import { changeDelayOf } from '../../protocol/changeDelayOf.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import { countSuccessor, type CountedSuccessor } from '../../protocol/countSuccessor.ts';
import { seconds } from '../../protocol/Clock.ts';
import { findShapeError } from '../../protocol/findShapeError.ts';
import { ZERO32, type Organisation } from '../../protocol/ids.ts';
import { organisationName, presentNodes } from '../../protocol/networkLookups.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import { officeChangesOf } from '../../protocol/officeChangesOf.ts';
import { SUCCESSOR } from '../../protocol/shapes/answerShapes.ts';
import { draftSuccessor, signSuccessor } from '../../protocol/signSuccessor.ts';
import type { Successor, SuccessorsFile } from '../../protocol/Successor.ts';
import { MOST_STAKE, stakeChangesOf } from '../../protocol/stakeChangesOf.ts';
import { successorOf } from '../../protocol/successorOf.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { notMade } from '../../services/succession/notMade.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import { describeMoment } from '../describeBody.ts';
import { ownDoor } from '../home/ownDoor.ts';
import { agentAt, nodesAt } from '../home/Nodes.ts';
import { calledAs } from '../program/calledAs.ts';
import { readGivenText } from '../program/readGiven.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CHANGE_SIGNED } from './changeAnswers.ts';
import { describeChange } from './describeChange.ts';
import { stakeNumbers } from './stakeNumbers.ts';
import { openSeats, successionOf, type Seats, type SeatOptions } from './openSeats.ts';

/** Seconds for the signatures: a change holds so long after the ledger's delay, unless a time is named. */
const DAY = 24 * 3600;

/** Options of `medseal network propose`. */
export interface ProposeOptions extends SignOptions {
  readonly identity?: readonly string[];
  /** Organisations whose identity files have new keys, of their logs too. */
  readonly newKeys?: readonly Organisation[];
  readonly leave?: readonly Organisation[];
  readonly channel?: string;
  readonly after?: number;
  readonly authority?: number;
  readonly faulty?: number;
  readonly writes?: number;
  readonly views?: number;
  /** Stakes, each as `organisation=stake`. */
  readonly stake?: readonly string[];
  readonly categories?: readonly Category[];
  readonly controlledMedicines?: readonly string[];
  readonly copies?: number;
  readonly url?: readonly string[];
  readonly rpc?: string;
}

/** Options of `medseal network sign`. */
export interface SignOptions extends SeatOptions {
  readonly instead?: boolean;
}

/**
 * Drafts a change of the network, and signs it with the keys of the node's folder.
 *
 * @param terminal - Shows what changes, and asks.
 * @param file - The file that collects the signatures.
 * @param options - See `medseal network propose --help`.
 */
export async function propose(
  terminal: Terminal,
  file: string,
  options: ProposeOptions,
): Promise<AnswerOf<typeof CHANGE_SIGNED>> {
  if (existsSync(file)) throw wrong('file', `${file} is there already`);
  const seats = await openSeats(terminal, options);
  const succession = await successionOf(seats);
  const predecessor = newestOf(succession);
  const { writes, views, identity = [] } = options;
  const identities = await Promise.all(
    identity.map(async (path) => parseIdentity(await parsed(path), basename(path))),
  );
  const { primitives, clock } = seats.ports;
  const from = seconds(clock) + (options.after ?? changeDelayOf(predecessor) + DAY);
  const terms = changedTerms(primitives, predecessor, {
    ...options,
    from,
    identities,
    leaving: options.leave ?? [],
    stakes: stakesIn(options.stake ?? []),
    thresholds: { ...(writes !== undefined && { writes }), ...(views !== undefined && { views }) },
  });
  const made = successorOf(primitives, predecessor, terms);
  if (canonicalJson(changeable(made)) === canonicalJson(changeable(predecessor))) {
    throw wrong(
      '--identity',
      'nothing changes by it: the network is so already, or is about to be',
    );
  }
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
  const staked = stakeChangesOf(predecessor, made);
  const numbers = await stakeNumbers(
    staked.map(({ key }) => key),
    predecessor,
    succession.successors,
    options.rpc === undefined || staked.length === 0
      ? undefined
      : await ledgerAt(options.rpc, predecessor, seats),
  );
  const stakes = staked.map((each) => {
    return { ...each, change: numbers.get(each.key) ?? 1, deadline: from };
  });
  const draft = draftSuccessor({ primitives }, predecessor, terms, { offices, stakes });
  return await sign(terminal, { seats, succession, file, options }, draft);
}

/** The parts of a network file that a successor can change. */
function changeable(network: NetworkFile): unknown {
  const { authority, channels } = network;
  return { authority, channels, nodes: presentNodes(network) };
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

/**
 * Signs a change of the network with the keys of the node's folder.
 *
 * @param terminal - Shows what changes, and asks.
 * @param file - The file that collects the signatures.
 * @param options - See `medseal network sign --help`.
 */
export async function signChange(
  terminal: Terminal,
  file: string,
  options: SignOptions,
): Promise<AnswerOf<typeof CHANGE_SIGNED>> {
  const successor = await readSuccessor(file);
  const seats = await openSeats(terminal, options);
  const succession = await successionOf(seats);
  return await sign(terminal, { seats, succession, file, options }, successor);
}

/**
 * Reads the file that collects the signatures of a change.
 *
 * @param file - The file.
 * @throws MedsealError `ARGUMENT_INVALID`.
 */
export async function readSuccessor(file: string): Promise<Successor> {
  const value = await parsed(file);
  const misfit = findShapeError(SUCCESSOR, value, 'it');
  if (misfit !== undefined) throw wrong('file', `${file} holds no change of a network: ${misfit}`);
  return value as Successor;
}

async function sign(
  terminal: Terminal,
  { seats, succession, file, options }: SigningRound,
  successor: Successor,
): Promise<AnswerOf<typeof CHANGE_SIGNED>> {
  const { ports, homes, files } = seats;
  const predecessor = newestOf(succession);
  const { message, network } = countSuccessor(ports, predecessor, successor);
  if (successor.from <= seconds(ports.clock)) throw wrong('file', 'its time has come already');
  const before = (await readSignedSuccessor(files))?.message;
  const isOther = before?.number === message.number && before.successor !== message.successor;
  if (isOther && options.instead !== true) {
    const reason =
      'this folder signed another successor of the same file; sign this one with --instead only if all agree that the other is dropped';
    throw new MedsealError('SUCCESSOR_INVALID', { reason });
  }
  const named = new Set(
    [predecessor.authority.members, ...predecessor.channels.map((each) => each.coordinators)]
      .flat()
      .map(({ address }) => address),
  );
  const keys = homes
    .map((home) => homeIn(predecessor, home))
    .flatMap(({ keys: { coordinator }, authorityKey }) => [coordinator, authorityKey])
    .filter(({ address }) => named.has(address));
  if (keys.length === 0) {
    const names = homes.map(({ organisation }) => organisation);
    for (const name of names) requireMember(succession.files, name, seconds(ports.clock));
    const reason = `${names.join(', ')} has no office in the file that it follows, so its signature does not count`;
    throw new MedsealError('SUCCESSOR_INVALID', { reason });
  }
  requireTurn(succession, successor, seconds(ports.clock));
  const [home, another] = homes;
  if (home !== undefined && another === undefined) {
    await requireGiven(files, home.organisation, network, predecessor);
  }
  await terminal.confirm([
    `${homes.map(({ organisation }) => organisation).join(', ')} is about to sign that, from ${describeMoment(successor.from)} on,`,
    '',
    ...describeChange(predecessor, network).map((line) => `  ${line}`),
    '',
    `The fingerprint of the new network file is ${message.successor}.`,
  ]);
  terminal.changing();
  await writeJsonFile(files, SIGNED, signedSuccessorOf(ports, predecessor, message, keys));
  const signed = signSuccessor(ports, predecessor, successor, keys);
  await writeFileWhole(resolve(file), `${JSON.stringify(signed, null, 2)}\n`);
  const { signedBy, missing } = countSuccessor(ports, predecessor, signed);
  return {
    value: {
      file,
      number: message.number,
      fingerprint: message.successor,
      from: successor.from,
      signedBy,
      missing,
    },
    lines: [`Signed by ${signedBy.join(', ')}. ${nextStep(file, missing)}`],
  };
}

/** Refuses a change that takes the place of one at the ledger that a known successor waits for. */
function requireTurn(
  { successors }: Succession,
  { number, offices, stakes }: Successor,
  at: number,
): void {
  for (const each of successors) {
    if (each.from <= at || each.number >= number) continue;
    const office = each.offices.find(({ message }) =>
      offices.some((other) => other.message.office === message.office),
    );
    const stake = each.stakes.find(({ message }) =>
      stakes.some((other) => other.message.key === message.key),
    );
    const [what, rule] = office
      ? [`the ${office.message.office}`, office]
      : [`the stake of ${organisationName(stake?.message.organisation ?? ZERO32)}`, stake];
    if (rule === undefined) continue;
    const reason = notMade(what, rule.message.change, each.from);
    throw new MedsealError('SUCCESSOR_INVALID', { reason });
  }
}

/** The seats of a folder, and the file that they sign. */
interface SigningRound {
  readonly seats: Seats;
  readonly succession: Succession;
  readonly file: string;
  readonly options: SignOptions;
}

function nextStep(file: string, missing: CountedSuccessor['missing']): string {
  if (missing.length === 0)
    return `Next, at one of the organisations: ${calledAs(`network publish ${file}`)}`;
  const lacking = missing.map(({ office, count }) => `${count} of ${office}`).join(', ');
  return `Next: ${lacking} must sign; give them ${file}.`;
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

function newestOf({ files }: Succession): NetworkFile {
  const newest = files.at(-1);
  if (newest === undefined) throw new Error('a succession has a first file');
  return newest;
}

async function parsed(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readGivenText(path)) as unknown;
  } catch {
    throw wrong('file', `${path} cannot be read as JSON`);
  }
}

function wrong(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
