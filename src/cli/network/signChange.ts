import { resolve } from 'node:path';
import { httpOperator } from '../../client/operator/httpOperator.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { readSignedSuccessor, SIGNED, signedSuccessorOf } from '../../folder/SignedSuccessor.ts';
import { keepDealt, openDealt } from '../../node/dealing/openDealt.ts';
import { requireGiven } from '../../node/founding/requireGiven.ts';
import { readOperatorAccess } from '../../node/operator/OperatorCode.ts';
import { homeIn } from '../../node/succession/homeIn.ts';
import { requireMember } from '../../node/succession/requireMember.ts';
import { countSuccessor, type CountedSuccessor } from '../../protocol/network/countSuccessor.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32, type Organisation } from '../../protocol/ids.ts';
import { organisationName } from '../../protocol/network/networkLookups.ts';
import type { ChangeShown, OperatorPort } from '../../protocol/operator/OperatorPort.ts';
import { holdersToSign } from '../../protocol/release/requireReleases.ts';
import { signSuccessor } from '../../protocol/network/signSuccessor.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { notMade } from '../../services/succession/notMade.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import { describeMoment } from '../describeBody.ts';
import { calledAs } from '../program/calledAs.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CHANGE_SIGNED } from './changeAnswers.ts';
import { describeChange } from './describeChange.ts';
import {
  newestOf,
  openSeats,
  successionOf,
  type GivenNetwork,
  type Seats,
  type SeatOptions,
} from './openSeats.ts';
import { openReplacements, requireNoneOpen, withReplacement } from './openReplacements.ts';
import { readChange, type GivenChange } from './readChange.ts';

/** Options of `medseal network sign`. */
export interface SignOptions extends SeatOptions, GivenNetwork {
  readonly instead?: boolean;
  /** Organisations whose validators do not say their program, and may be upgraded all the same. */
  readonly unheard?: readonly Organisation[];
}

/** Signs a change of the network with the keys of the node's folder. */
export async function signChange(
  terminal: Terminal,
  file: string,
  options: SignOptions,
): Promise<AnswerOf<typeof CHANGE_SIGNED>> {
  const change = await readChange(file);
  const seats = await openSeats(terminal, options);
  const succession = await successionOf(seats, options);
  return await signRound(terminal, { seats, succession, file, options }, change);
}

/**
 * Signs a change with the keys of a folder, and puts it back into its file. The shares that it deals to the folder's organisations are
 * verified and kept first.
 *
 * @param terminal - Shows what changes, and asks.
 * @param round - The folder, and the file.
 * @param change - The change.
 * @throws MedsealError `SUCCESSOR_INVALID`; as `openDealt`.
 */
export async function signRound(
  terminal: Terminal,
  { seats, succession, file, options }: SigningRound,
  { successor, dealing }: GivenChange,
): Promise<AnswerOf<typeof CHANGE_SIGNED>> {
  const { ports, homes, files } = seats;
  const predecessor = newestOf(succession);
  const dealt = dealing && (await openDealt(ports, predecessor, dealing, homes));
  const { message, network } = countSuccessor(ports, predecessor, successor);
  const holders = network.channels.flatMap((channel) => holdersToSign(predecessor, channel));
  if (dealing === undefined && holders.length > 0) {
    const reason = 'it names release keys without their deals: sign the file that collects these';
    throw new MedsealError('SUCCESSOR_INVALID', { reason });
  }
  if (successor.from <= seconds(ports.clock)) throw wrong('file', 'its time has come already');
  const kept = await readSignedSuccessor(files);
  const before = kept?.message;
  const isOther = before?.number === message.number && before.successor !== message.successor;
  if (isOther && options.instead !== true) {
    const reason =
      'this folder signed another successor of the same file; sign this one with --instead only if all agree that the other is dropped';
    throw new MedsealError('SUCCESSOR_INVALID', { reason });
  }
  const open = openReplacements(kept?.replacements, succession, seconds(ports.clock));
  requireNoneOpen(open, successor, seconds(ports.clock));
  const named = new Set(
    [
      predecessor.authority.members,
      ...predecessor.channels.map((each) => each.coordinators),
      holders,
    ]
      .flat()
      .map(({ address }) => address),
  );
  // An organisation that gets another key says with that one that it holds its share.
  const all = homes.flatMap((home) => [predecessor, network].map((of) => homeIn(of, home)));
  const byAddress = new Map(
    all
      .flatMap(({ keys: { coordinator }, authorityKey }) => [coordinator, authorityKey])
      .map((key) => [key.address, key]),
  );
  const keys = [...byAddress.values()].filter(({ address }) => named.has(address));
  if (keys.length === 0) {
    const names = homes.map(({ organisation }) => organisation);
    for (const name of names) requireMember(succession.files, name, seconds(ports.clock));
    const reason = `${names.join(', ')} has no office in the file that it follows, so its signature does not count`;
    throw new MedsealError('SUCCESSOR_INVALID', { reason });
  }
  requireTurn(succession, successor, seconds(ports.clock));
  const examined =
    successor.contracts !== undefined || successor.engine !== undefined
      ? await examineAdded(files, { successor, unheard: options.unheard ?? [] }, terminal)
      : undefined;
  const [home, another] = homes;
  if (home !== undefined && another === undefined) {
    await requireGiven(files, home.organisation, network, predecessor);
  }
  await terminal.confirm([
    `${homes.map(({ organisation }) => organisation).join(', ')} is about to sign that, from ${describeMoment(successor.from)} on,`,
    '',
    ...describeChange(predecessor, network, successor).map((line) => `  ${line}`),
    ...describeCreations(examined),
    ...describeAdmitted(examined),
    '',
    `The fingerprint of the new network file is ${message.successor}.`,
  ]);
  terminal.changing();
  // Whoever signs says that it holds its share: the share is on the disk before.
  await keepDealt(dealt ?? []);
  const replacements = withReplacement(open, successor);
  await writeJsonFile(files, SIGNED, {
    ...signedSuccessorOf(ports, predecessor, message, keys),
    ...(replacements.length > 0 && { replacements }),
  });
  const signed = signSuccessor(ports, predecessor, successor, keys);
  const whole = dealing === undefined ? signed : { ...dealing, successor: signed };
  await writeFileWhole(resolve(file), `${JSON.stringify(whole, null, 2)}\n`);
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

/**
 * Has the folder's node compare the contracts that a change adds with what this version creates, and an upgrade of the engine with its
 * validator: only it reads the ledger.
 */
async function examineAdded(
  files: Seats['files'],
  asked: Parameters<OperatorPort['change']>[0],
  terminal: Terminal,
): Promise<ChangeShown> {
  terminal.progress.stage('waiting for the node to examine the change');
  const { url, code } = await readOperatorAccess(files);
  return await httpOperator(url, code).change(asked);
}

/** Lines about the transactions that created the contracts which a change adds. */
function describeCreations(examined: ChangeShown | undefined): readonly string[] {
  return (examined?.created ?? []).map(
    ({ contract, organisation, nonce }) =>
      `  ${contract} was created by ${organisation}, with transaction ${nonce} of its account, and holds nothing yet`,
  );
}

/** Lines about the codes that a change names: the contract that this version creates by each. */
function describeAdmitted(examined: ChangeShown | undefined): readonly string[] {
  return (examined?.admits ?? []).map(
    (contract, place) =>
      `  by the code ${examined?.engine?.codes?.[place]?.hash} this version of Medseal creates the contract ${contract}`,
  );
}

/**
 * Refuses a change that takes the place of one at the ledger that a known successor waits for.
 *
 * @param succession - The network's files.
 * @param successor - The change.
 * @param at - Unix seconds.
 * @throws MedsealError `SUCCESSOR_INVALID`.
 */
export function requireTurn(
  { successors }: Succession,
  { number, offices, stakes, replacement }: Successor,
  at: number,
): void {
  for (const each of successors) {
    if (each.from <= at || each.number >= number) continue;
    const office = each.offices.find(({ message }) =>
      offices.some((other) => other.message.office === message.office),
    );
    const stake = each.stakes.find(({ message }) =>
      [replacement?.message.former, ...stakes.map((other) => other.message.key)].includes(
        message.key,
      ),
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
export interface SigningRound {
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

function wrong(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
