import { resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { addParts } from '../../node/dealing/addParts.ts';
import { lackingParts } from '../../node/dealing/lackingParts.ts';
import { openDealt } from '../../node/dealing/openDealt.ts';
import { partakers } from '../../node/dealing/partakers.ts';
import { requireMember } from '../../node/succession/requireMember.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Dealing } from '../../protocol/dealing/Dealing.ts';
import { nameKeys } from '../../protocol/dealing/nameKeys.ts';
import { planDealing, type DealingPlan } from '../../protocol/dealing/planDealing.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { numberOf } from '../../protocol/wire/numberOf.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { describeMoment } from '../describeBody.ts';
import { calledAs } from '../program/calledAs.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CHANGE_DEALT } from './changeAnswers.ts';
import { describeChange, NOTHING } from './describeChange.ts';
import { newestOf, openSeats, successionOf } from './openSeats.ts';
import { readChange } from './readChange.ts';
import { requireTurn, type SignOptions, type SigningRound } from './signChange.ts';

/** Options of `medseal network deal`. */
export interface DealOptions extends Omit<SignOptions, 'instead'> {
  /** Organisations of which what they gave is taken out first. */
  readonly without?: readonly Organisation[];
}

/**
 * Adds to a change that deals shares of a release key what the folder's organisations can give now.
 */
export async function dealChange(
  terminal: Terminal,
  file: string,
  options: DealOptions,
): Promise<AnswerOf<typeof CHANGE_DEALT>> {
  const { dealing } = await readChange(file);
  if (dealing === undefined) {
    const reason = `${file} deals no shares: sign it`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'file', reason });
  }
  const seats = await openSeats(terminal, options);
  const succession = await successionOf(seats, options);
  const kept = (options.without ?? []).reduce(withoutPart, dealing);
  return await deal(terminal, { seats, succession, file, options }, kept);
}

/**
 * Adds to a change that deals shares what a folder can give now, and puts it back into its file.
 *
 * @param terminal - Shows what changes, and asks.
 * @param round - The folder, and the file.
 * @param dealing - The change.
 * @throws MedsealError `SUCCESSOR_INVALID`; as `addParts` and `openDealt`.
 */
export async function deal(
  terminal: Terminal,
  { seats, succession, file }: SigningRound,
  dealing: Dealing,
): Promise<AnswerOf<typeof CHANGE_DEALT>> {
  const { ports, homes } = seats;
  const predecessor = newestOf(succession);
  const { successor, channel, release } = dealing;
  const { number, from } = successor;
  const follows = fingerprintOf(ports.primitives, predecessor);
  if (number !== numberOf(predecessor) + 1 || successor.predecessor !== follows) {
    throw new MedsealError('SUCCESSOR_INVALID', { reason: 'it follows another network file' });
  }
  const now = seconds(ports.clock);
  if (from <= now) {
    const reason = 'its time has come already';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'file', reason });
  }
  requireTurn(succession, successor, now);
  const plan = planDealing(ports.primitives, predecessor, dealing);
  const names = homes.map(({ organisation }) => organisation).join(', ');
  if (partakers(plan, homes).length === 0) {
    for (const { organisation } of homes) requireMember(succession.files, organisation, now);
    const reason = `${names} has no part in dealing these shares, or the change names another key of its coordinator`;
    throw new MedsealError('SUCCESSOR_INVALID', { reason });
  }
  const made = successorOf(ports.primitives, predecessor, successor);
  const described = describeChange(predecessor, made);
  const changes = described.filter((line) => line !== NOTHING);
  await terminal.confirm([
    `${names} is about to take part in dealing shares of the release key of ${channel}, for a change from ${describeMoment(from)} on:`,
    '',
    ...[...describePlan(plan), ...changes].map((line) => `  ${line}`),
    '',
    'Whoever deals lets these organisations open records together, also if the change does not come.',
    `The fingerprint of the network file that it follows is ${follows}.`,
  ]);
  terminal.changing();
  const result = await addParts(ports, predecessor, dealing, homes);
  const named = nameKeys(predecessor, result.state, result.dealing);
  const whole = { ...result.dealing, successor: named };
  const missing = lackingParts(result.state);
  await writeFileWhole(resolve(file), `${JSON.stringify(whole, null, 2)}\n`);
  // A dealer that lied to this folder is known before anybody signs.
  if (missing.length === 0) await openDealt(ports, predecessor, whole, homes);
  const { added } = result;
  const did = added.length === 0 ? 'Nothing to add now.' : `Added: ${added.join(', ')}.`;
  return {
    value: { file, number, from, channel, release, added, missing },
    lines: [`${did} ${nextStep(file, missing)}`],
  };
}

/** Takes out what an organisation gave: its deal; its recipient if it has not dealt, with all deals, for they were to it too. */
function withoutPart(dealing: Dealing, organisation: Organisation): Dealing {
  const stays = (each: { readonly organisation: Organisation }): boolean =>
    each.organisation !== organisation;
  const deals = dealing.deals.filter(stays);
  if (deals.length < dealing.deals.length) return { ...dealing, deals };
  const recipients = dealing.recipients.filter(stays);
  if (recipients.length < dealing.recipients.length) return { ...dealing, recipients, deals: [] };
  const reason = `${organisation} has given nothing`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: '--without', reason });
}

function describePlan({ keys, members, threshold }: DealingPlan): readonly string[] {
  const names = members.map(({ organisation }) => organisation).join(', ');
  return [...new Set(keys.map(({ joining }) => joining))].map((joining) =>
    joining === 'founding'
      ? `a new release key: ${names} get a share each, and ${threshold} of them open`
      : `the shares of the present release keys are dealt again: ${names} get one each, and ${threshold} of them open`,
  );
}

function nextStep(file: string, missing: readonly string[]): string {
  if (missing.length === 0) {
    return `Next: all who get shares, and the quorums, sign: ${calledAs(`network sign ${file}`)}`;
  }
  return `Next: ${missing.join('; ')}: ${calledAs(`network deal ${file}`)}`;
}
