import { aloneOn, type Party } from '../../../src/client/index.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import type { Bytes32, Handle } from '../../../src/protocol/ids.ts';
import type { Said } from '../fhir/Said.ts';

/** Seconds for which a device keeps such facts, as long as it may keep a record. */
const MOST_AGE = 7 * 86_400;

/** An allergy as the banner says it. */
export interface AllergyKept {
  readonly title: Said;
  /** Its criticality, and that it is doubted. */
  readonly told: readonly Said[];
  /** False for the statement that no allergy is known. */
  readonly isAllergy: boolean;
}

/** Age and allergies of a patient, as the banner of a chart that was opened said them. */
export interface FactsKept {
  /** When the chart was viewed, Unix seconds: its evidence has the same moment. */
  readonly at: number;
  /** Salt of the right by which it was viewed. */
  readonly right: Bytes32;
  /** Birth date that all records agree on, such as `1961-02-03`; absent if they do not, or tell a death. */
  readonly born?: string;
  /** Allergies that count now; absent if the right does not cover them, or not all could be read. */
  readonly allergies?: readonly AllergyKept[];
}

/**
 * Keeps what the banner of a chart said, sealed on the device like the titles of records that were opened. One of an older view
 * never replaces that of a newer one.
 *
 * @param party - The reader.
 * @param handle - The chart.
 * @param facts - The words of its banner.
 */
export async function keepFacts(
  { device }: Pick<Party, 'device'>,
  handle: Handle,
  facts: FactsKept,
): Promise<void> {
  await aloneOn(device, async () => {
    const before = (await device.read(nameOf(handle))) as FactsKept | null | undefined;
    if (before && before.at > facts.at) return;
    await device.write(nameOf(handle), facts);
  });
}

/**
 * Returns what the device keeps of a patient, and asks nobody. It is forgotten after seven days, and once the right that showed
 * it is not among those that hold.
 *
 * @param party - The reader.
 * @param handle - The chart.
 * @param rights - Salts of the rights to it that hold, as far as the device knows.
 */
export async function factsKept(
  { device, clock }: Pick<Party, 'device' | 'clock'>,
  handle: Handle,
  rights: readonly Bytes32[],
): Promise<FactsKept | undefined> {
  const kept = (await device.read(nameOf(handle))) as FactsKept | null | undefined;
  if (!kept) return undefined;
  const isOver = kept.at + MOST_AGE < seconds(clock);
  if (!isOver && rights.includes(kept.right)) return kept;
  await forgetFacts({ device }, handle);
  return undefined;
}

/**
 * Forgets what the device keeps of a patient.
 *
 * @param party - The reader.
 * @param handle - The chart.
 */
export async function forgetFacts(
  { device }: Pick<Party, 'device'>,
  handle: Handle,
): Promise<void> {
  await aloneOn(device, async () => await device.write(nameOf(handle), null));
}

function nameOf(handle: Handle): string {
  return `facts/${handle}`;
}
