import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import type { Address } from '../../protocol/ids.ts';
import { parseMessage } from '../../protocol/parseSigned.ts';
import type { OpenedLetter } from '../letters/letters.ts';
import { aloneOn } from '../party/aloneOn.ts';
import type { Party } from '../party/Party.ts';
import type { DispenseTold } from './DispenseTold.ts';

const NAME = 'dispenses';
/** Dispenses that wait to be added to the chart, in all and of one pharmacist: further ones are discarded. */
const [MOST, MOST_OF_ONE] = [64, 16];

/** One that waits on the patient's device to be added to the chart. */
export interface DispenseWaiting extends DispenseTold {
  readonly from: Address;
}

/** Returns the dispenses that wait to be added to the chart. */
export async function readDispenses(party: Party): Promise<readonly DispenseWaiting[]> {
  return ((await party.device.read(NAME)) as readonly DispenseWaiting[] | undefined) ?? [];
}

/** Forgets dispenses that were added, or are of no prescription of the patient. */
export async function forgetDispenses(party: Party): Promise<void> {
  await party.device.write(NAME, []);
}

/**
 * Stores the dispense of a letter on the device, if it is of its sender.
 *
 * @param party - The patient.
 * @param letter - Not trusted.
 * @returns True if it was stored, or was there before.
 */
export async function takenDispense(
  party: Party,
  { from, content }: OpenedLetter,
): Promise<boolean> {
  const told = dispenseIn(party, content?.dispensed);
  if (told?.message.terms.pharmacist !== from) return false;
  return await aloneOn(party.device, async () => {
    const known = await readDispenses(party);
    const { salt } = told.message.terms;
    if (known.some(({ message }) => message.terms.salt === salt)) return true;
    const ofOne = known.filter((each) => each.from === from).length;
    if (known.length >= MOST || ofOne >= MOST_OF_ONE) return false;
    await party.device.write(NAME, [...known, { from, ...told }]);
    return true;
  });
}

function dispenseIn({ primitives }: Party, told: unknown): DispenseTold | undefined {
  try {
    const { message: offered, resource } = told as DispenseTold;
    const message = parseMessage('Dispense', offered);
    const hash = bytesToHex(primitives.sha256(utf8ToBytes(canonicalJson(resource))));
    return hash === message.terms.content ? { message, resource } : undefined;
  } catch {
    return undefined;
  }
}
