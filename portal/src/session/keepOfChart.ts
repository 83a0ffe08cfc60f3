import { type Chart, type Party, aloneOn } from '../../../src/client/index.ts';
import { titleKey } from './titleKey.ts';

/** Most values that a device keeps of one chart. */
const MOST = 2000;

/**
 * Adds values to those that a device keeps of a chart's record versions; the oldest go first if there are too many. Of a
 * sensitive record it keeps nothing that its content says, whoever asks: also what it has of one goes. A record that the
 * chart does not list may be sensitive. An empty text says nothing of the content.
 *
 * @param party - The person.
 * @param what - Kind of the values.
 * @param chart - The chart, which tells of what kind each record is.
 * @param added - The values, by the record versions' names as `titleKey` has them; undefined forgets one.
 */
export async function keepOfChart(
  { device }: Pick<Party, 'device'>,
  what: 'titles' | 'dates',
  { handle, records }: Pick<Chart, 'handle' | 'records'>,
  added: Readonly<Record<string, unknown>>,
): Promise<void> {
  const kinds = new Map(records.map((record) => [titleKey(record), record.category]));
  const isKept = ([key, value]: readonly [string, unknown]): boolean =>
    value !== undefined && (value === '' || kinds.get(key) !== 'sensitive');
  const ofListed = Object.entries(added).map(
    ([key, value]) => [key, value === '' || kinds.has(key) ? value : undefined] as const,
  );
  const name = `${what}/${handle}`;
  await aloneOn(device, async () => {
    const before = ((await device.read(name)) as typeof added | undefined) ?? {};
    const all = Object.entries({ ...before, ...Object.fromEntries(ofListed) });
    await device.write(name, Object.fromEntries(all.filter(isKept).slice(-MOST)));
  });
}
