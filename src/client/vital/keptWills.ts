import type { Handle } from '../../protocol/ids.ts';
import { parseMessage } from '../../protocol/parseSigned.ts';
import { digestOf } from '../../protocol/signing.ts';
import type { Will } from '../../protocol/vitalRecords.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { OpenedLetter } from '../letters/letters.ts';
import { aloneOn } from '../party/aloneOn.ts';
import type { Party } from '../party/Party.ts';

const NAME = 'wills';

/**
 * Stores the opening of a will that a letter brought, if it is the newest will of the patient who sent it.
 *
 * @param party - The reader.
 * @param letter - Not trusted.
 * @returns The will; undefined if it is not stored.
 * @throws MedsealError `KEY_UNAUTHENTIC` if it cannot be confirmed.
 */
export async function takenWill(
  party: Party,
  { from, content }: OpenedLetter,
): Promise<Will | undefined> {
  const will = willIn(content?.will);
  if (will === undefined) return undefined;
  const { patient } = await confirmFacts(party, { handle: will.handle });
  const isNewest = patient?.life?.will === digestOf(party, 'Will', will);
  if (patient?.controller !== from || !isNewest) return undefined;
  await aloneOn(party.device, async () => {
    const others = (await readWills(party)).filter(({ handle }) => handle !== will.handle);
    await party.device.write(NAME, [...others, will]);
  });
  return will;
}

/**
 * Returns the opening of a patient's will to read their chart with: only of one whose death is confirmed, for a will is
 * shown to nodes in no other case.
 *
 * @param party - The reader.
 * @param handle - The patient.
 * @returns Undefined if the patient lives, or the device was given no will of theirs.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 * @example
 * ```ts
 * const will = await willFor(doctor, handle);
 * const chart = await readChart(doctor, { handle, grant, purpose: 'TREAT', ...(will && { will }) });
 * console.log(`${chart.records.length} records`);
 * ```
 */
export async function willFor(party: Party, handle: Handle): Promise<Will | undefined> {
  const will = (await readWills(party)).find((each) => each.handle === handle);
  if (will === undefined) return undefined;
  const { patient } = await confirmFacts(party, { handle });
  return patient?.life?.state === 'dead' ? will : undefined;
}

function willIn(offered: unknown): Will | undefined {
  try {
    return parseMessage('Will', offered);
  } catch {
    return undefined;
  }
}

async function readWills(party: Party): Promise<readonly Will[]> {
  return ((await party.device.read(NAME)) as readonly Will[] | undefined) ?? [];
}
