import { MedsealError } from '../../errors/MedsealError.ts';
import type { ChannelWish } from '../../folder/Founding.ts';
import { areControlled } from '../../protocol/care/controlledMedicines.ts';
import { areCopies } from '../../protocol/evidence/areCopies.ts';
import {
  CHANNEL_NUMBER_NAMES,
  CHANNEL_NUMBERS,
  channelNumbersOf,
  isChannelNumber,
  type ChannelNumber,
} from '../../protocol/network/channelNumbers.ts';
import { isQuorum } from '../../protocol/network/isQuorum.ts';
import type { Channel } from '../../protocol/network/NetworkFile.ts';
import { limitOf } from './limitOf.ts';

/** Terms of a channel that its organisations choose. */
export type ChannelTerms = Pick<
  Channel,
  'faulty' | 'thresholds' | 'categories' | 'controlled' | 'copies' | ChannelNumber
>;

/** Organisations of a channel, and those whose coordinators may be faulty. */
interface Office {
  readonly organisations: number;
  readonly faulty: number;
}

/**
 * Returns the terms of a channel, as they are founded or changed. Defaults are not written.
 *
 * @param wish - Wished terms.
 * @param organisations - Number of organisations.
 * @param before - Its terms so far, and its number of organisations; absent if it is founded.
 * @throws MedsealError `ARGUMENT_INVALID` if they do not fit together.
 */
export function channelTerms(
  wish: ChannelWish,
  organisations: number,
  before?: ChannelTerms & Pick<Office, 'organisations'>,
): ChannelTerms {
  const faulty = wish.faulty ?? before?.faulty ?? 0;
  const office = { organisations, faulty };
  const isSame = organisations === before?.organisations && faulty === before.faulty;
  const present = isSame ? before.thresholds : undefined;
  const thresholds = {
    writes: thresholdOf('writes', wish.thresholds?.writes ?? present?.writes, office),
    views: thresholdOf('views', wish.thresholds?.views ?? present?.views, office),
  };
  const categories = limitOf(wish.categories ?? before?.categories);
  const controlled = wish.controlledMedicines ?? before?.controlled ?? [];
  if (controlled.length > 0 && !areControlled(controlled)) {
    throw invalid('controlled-medicines', 'they are codes such as http://www.whocc.no/atc|N02A*');
  }
  const copies = wish.copies ?? before?.copies ?? 0;
  const { writes } = thresholds;
  if (copies !== 0 && !areCopies(copies, { writes, organisations })) {
    throw invalid('copies', `${copies} is not one of ${writes} to ${organisations}, nor 0 for all`);
  }
  const numbers = CHANNEL_NUMBER_NAMES.map((name) => {
    const value = wish[name] ?? before?.[name] ?? 0;
    const { most, usual } = CHANNEL_NUMBERS[name];
    if (value !== 0 && !isChannelNumber(name, value)) {
      const argument = name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
      throw invalid(argument, `${value} is not one of 1 to ${most}, nor 0 for the default`);
    }
    return [name, [0, usual].includes(value) ? undefined : value] as const;
  });
  return {
    faulty,
    thresholds,
    ...(categories && { categories }),
    ...(controlled.length > 0 && { controlled }),
    ...(copies !== 0 && { copies }),
    ...channelNumbersOf(Object.fromEntries(numbers)),
  };
}

/**
 * Returns the threshold that was asked for; else the smallest quorum.
 *
 * @param argument - Its name.
 * @param wished - The threshold.
 * @param office - Number of organisations, and of those that may be faulty.
 * @throws MedsealError `ARGUMENT_INVALID`.
 */
export function thresholdOf(argument: string, wished: number | undefined, office: Office): number {
  const { organisations, faulty } = office;
  const least = Math.floor((organisations + faulty) / 2) + 1;
  if (faulty < 0 || least > organisations) {
    const most = organisations - 1;
    throw invalid('faulty', `of ${organisations} organisations at most ${most} may be faulty`);
  }
  if (wished === undefined) return least;
  if (isQuorum(wished, office)) return wished;
  const quorums = least === organisations ? least : `${least} to ${organisations}`;
  throw invalid(
    argument,
    `${wished} of ${organisations} organisations cannot be a quorum, give ${quorums}`,
  );
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
