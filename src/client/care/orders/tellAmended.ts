import { isCritical } from '../../../fhir/orders/isCritical.ts';
import { sendLetter } from '../../letters/letters.ts';
import type { Party } from '../../party/Party.ts';
import type { LoggedVersion } from '../../records/logVersion.ts';
import { partIn } from '../../records/readParts.ts';
import type { NewVersion } from '../../records/sealVersion.ts';
import { ordersKept } from './keptOrders.ts';
import { mayAnswer } from './reportsOfOrders.ts';

/**
 * Tells whoever ordered that a report or result which answers the order was amended, as far as this device of the laboratory knows the
 * order: the letter has the amendment's entry. Other amendments tell nobody.
 *
 * @param party - The laboratory.
 * @param version - The version that was sealed.
 * @param logged - The amendment, as it is on the chart.
 * @throws MedsealError `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `KEY_UNAUTHENTIC`, `QUOTA_SPENT`: the amendment is on the chart all the same.
 */
export async function tellAmended(
  party: Party,
  { handle, category, content }: Pick<NewVersion, 'handle' | 'category' | 'content'>,
  { record, acknowledgement }: LoggedVersion,
): Promise<void> {
  if (!mayAnswer({ category })) return;
  const answered = (await ordersKept(party)).filter((each) => {
    return each.handle === handle && each.own?.includes(record) === true;
  });
  const part = typeof content === 'function' ? undefined : partIn(content, { category });
  const critical = part?.entries.some(({ resource }) => isCritical(resource));
  for (const { orderer, record: order } of answered) {
    const orderAnswer = { order, entry: acknowledgement, ...(critical && { critical }) };
    await sendLetter(party, orderer, { orderAnswer });
  }
}
