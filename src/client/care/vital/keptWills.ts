import type { Handle } from '../../../protocol/ids.ts';
import { parseMessage } from '../../../protocol/struct/parseSigned.ts';
import { messageShape } from '../../../protocol/shapes/messageShape.ts';
import { unlessMalformed } from '../../../protocol/wire/unlessMalformed.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import type { Will } from '../../../protocol/care/vitalRecords.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { LetterKind } from '../../letters/LetterKind.ts';
import { DeviceBook } from '../../party/DeviceBook.ts';
import type { Party } from '../../party/Party.ts';

const WILLS = new DeviceBook({
  name: 'wills',
  shape: messageShape('Will'),
  keyOf: ({ handle }) => handle,
  most: 5000,
});

/** The opening of a patient's will: k coordinators confirm that it is the newest, and that the sender is the patient. */
export const WILL_LETTER: LetterKind = {
  field: 'will',
  proofs: { will: 'facts' },
  take: async (party, { from, content }) => {
    const will = unlessMalformed(() => parseMessage('Will', content.will));
    if (will === undefined) return 'refused';
    const { patient } = await confirmFacts(party, { handle: will.handle });
    if (patient === undefined) return 'unknown';
    if (patient.controller !== from) return 'refused';
    // The ledger may not show it yet; a newer one came to this device in a letter of its own.
    if (patient.life?.will !== digestOf(party, 'Will', will)) return 'unknown';
    await WILLS.put(party, will);
    return { wills: [will] };
  },
};

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
  const will = (await WILLS.read(party)).find((each) => each.handle === handle);
  if (will === undefined) return undefined;
  const { patient } = await confirmFacts(party, { handle });
  return patient?.life?.death.stage === 'confirmed' ? will : undefined;
}
