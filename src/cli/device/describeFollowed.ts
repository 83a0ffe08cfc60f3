import type { Of } from '../../protocol/struct/Of.ts';
import type { FollowedDevice } from '../../protocol/sensors/followDevices.ts';
import { describeMoment, short } from '../describeBody.ts';
import type { DEVICE_FOLLOWED } from './deviceAnswers.ts';

type Followed = Of<typeof DEVICE_FOLLOWED>;

/** Most places of a kind that people are shown; programs get all. */
const SHOWN = 10;

/**
 * Tells programs what the evidence says of a device.
 *
 * @param followed - As `followDevices` tells.
 * @param shortCode - The 12 letters of the device.
 */
export function toldOfFollowed(followed: FollowedDevice, shortCode: string): Followed {
  const { device, batches, gaps, unlinked, forks, refused, entered } = followed;
  const last = batches.at(-1);
  return {
    device,
    shortCode,
    batches: batches.length,
    ...(last && { last: lastOf(last) }),
    gaps,
    unlinked,
    forks: forks.map(([one, other]) => ({ one, other })),
    late: batches.filter(({ late }) => late).map(({ digest }) => digest),
    refused: Object.entries(refused).map(([code, count = 0]) => {
      return { code, count, entered: entered[code] ?? 0 };
    }),
  };
}

/**
 * Tells people what the evidence says of a device.
 *
 * @param followed - As `toldOfFollowed` gives it.
 * @returns A line for the device, and one for each thing that is odd.
 */
export function describeFollowed(followed: Followed): readonly string[] {
  const { shortCode, batches, last, gaps, unlinked, forks, late, refused } = followed;
  const ended = last?.clock === 'set' ? `, until ${describeMilliseconds(last.end)}` : '';
  const came =
    last === undefined
      ? 'no batch is on the chart'
      : `${counted(batches, 'batch', 'batches')}; the last has the readings ${rangeOf(last)} of start ${last.boot}${ended}, entered ${describeMoment(last.at)}`;
  return [
    `${shortCode}: ${came}`,
    ...shownOf(gaps, (gap) => `missing: the readings ${rangeOf(gap)} of start ${gap.boot}`),
    ...shownOf(unlinked, (digest) => `${short(digest)} follows on a batch that is not there`),
    ...shownOf(
      forks,
      ({ one, other }) =>
        `fork: ${short(one)} and ${short(other)} cannot both be of one device; its key may have been copied`,
    ),
    ...shownOf(late, (digest) => `late: ${short(digest)}; it keeps its own times`),
    ...refused.map((each) => `  ${describeRefused(each)}`),
  ];
}

function describeRefused({ code, count, entered }: Followed['refused'][number]): string {
  const refused = `refused with ${code}: ${counted(count, 'time', 'times')}`;
  const why = code === 'EPOCH_STALE' ? '; the keys had turned meanwhile' : '';
  if (entered === 0) return refused + why;
  return `${refused}${why}; ${entered === count ? 'entered' : `${entered} of them entered`} afterwards`;
}

function lastOf({
  digest,
  header,
  at,
}: FollowedDevice['batches'][number]): NonNullable<Followed['last']> {
  const { boot, first, count, clock, start, end } = header;
  return { digest, boot, first, count, clock, start, end, at };
}

function shownOf<Item>(items: readonly Item[], describe: (item: Item) => string): string[] {
  const lines = items.slice(0, SHOWN).map((item) => `  ${describe(item)}`);
  if (items.length > SHOWN) lines.push(`  and ${items.length - SHOWN} more like this; see --json`);
  return lines;
}

/** Such as `20–29`, or one number. */
function rangeOf({ first, count }: { readonly first: number; readonly count: number }): string {
  return count === 1 ? String(first) : `${first}–${first + count - 1}`;
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}

function describeMilliseconds(at: number): string {
  return describeMoment(Math.floor(at / 1000));
}
