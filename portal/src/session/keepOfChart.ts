import { type Party, aloneOn } from '../../../src/client/index.ts';

/** Most values that a device keeps of one chart. */
const MOST = 2000;

/**
 * Adds values to those that a device keeps under a name; the oldest go first if there are too many.
 *
 * @param party - The person.
 * @param name - Name on the device.
 * @param added - The values, by their keys.
 */
export async function keepOfChart(
  { device }: Pick<Party, 'device'>,
  name: string,
  added: Readonly<Record<string, unknown>>,
): Promise<void> {
  await aloneOn(device, async () => {
    const before = ((await device.read(name)) as typeof added | undefined) ?? {};
    const kept = Object.entries({ ...before, ...added }).slice(-MOST);
    await device.write(name, Object.fromEntries(kept));
  });
}
