import type { Mandate } from '../../protocol/care/mandates.ts';
import { messageShape } from '../../protocol/shapes/messageShape.ts';
import { DeviceBook } from '../party/DeviceBook.ts';
import type { Party } from '../party/Party.ts';

/** Most mandates that a device of a representative keeps. */
const MOST = 256;

const OFFERED = new DeviceBook({
  name: 'mandates-offered',
  shape: { mandate: messageShape('Mandate'), name: 'text' },
  keyOf: ({ mandate: { handle, terms } }) => `${handle}/${terms.salt}`,
  most: MOST,
});

/** A mandate that a party offered on this device. */
export interface MandateOffered {
  readonly mandate: Mandate;
  /** Name of the patient, for people. */
  readonly name: string;
}

/**
 * Keeps the opening of a mandate that the party offered, on its device: by it the party acts once the patient gave it.
 *
 * @param party - The representative.
 * @param offered - The opening, and the patient's name.
 * @throws MedsealError of the device, such as `FOLDER_UNWRITABLE`.
 * @example
 * ```ts
 * await keepOffered(marta, { mandate: offer.mandate, name: 'leo' });
 * console.log((await recallOffered(marta, 'leo')).length);
 * ```
 */
export async function keepOffered(party: Party, offered: MandateOffered): Promise<void> {
  await OFFERED.put(party, offered);
}

/**
 * Returns all mandates that the party offered on this device, the newest first.
 *
 * @param party - The representative.
 * @throws MedsealError of the device, such as `FOLDER_UNWRITABLE`.
 * @example
 * ```ts
 * for (const { name, mandate } of await listOffered(marta)) {
 *   console.log(name, mandate.terms.reason);
 * }
 * ```
 */
export async function listOffered(party: Party): Promise<readonly MandateOffered[]> {
  return (await OFFERED.read(party)).toReversed();
}

/**
 * Returns the mandates that the party offered on this device to act for a patient, the newest first.
 *
 * @param party - The representative.
 * @param who - The patient's name in capitals or not, or the beginning of the handle.
 * @throws MedsealError of the device, such as `FOLDER_UNWRITABLE`.
 * @example
 * ```ts
 * const [offered] = await recallOffered(marta, 'leo');
 * if (offered !== undefined) await actFor(marta, offered.mandate);
 * ```
 */
export async function recallOffered(party: Party, who: string): Promise<readonly MandateOffered[]> {
  const wanted = who.toLowerCase();
  return (await listOffered(party)).filter(({ mandate, name }) => {
    const isHandle = wanted.length >= 6 && mandate.handle.startsWith(wanted);
    return name.toLowerCase() === wanted || isHandle;
  });
}
