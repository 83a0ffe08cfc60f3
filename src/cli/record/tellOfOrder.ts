import { tellOrder } from '../../client/care/orders/tellOrder.ts';
import type { Party } from '../../client/party/Party.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Address, Handle } from '../../protocol/ids.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { FormGiven } from './formSource.ts';
import type { Added } from './showAdded.ts';

/**
 * Tells the laboratory of an order that a form put on a chart, and keeps it in the list of whoever ordered. Run again, it tells again.
 *
 * @param terminal - Notes why the laboratory could not be told.
 * @param party - Whoever ordered.
 * @param handle - The chart.
 * @param form - The form; nobody is told of another one than an order.
 * @param added - Its records.
 */
export async function tellOfOrder(
  terminal: Terminal,
  party: Party,
  handle: Handle,
  form: FormGiven | undefined,
  added: readonly Added[],
): Promise<void> {
  if (form?.form !== 'order') return;
  const { laboratory = '' } = form.values;
  for (const { record, acknowledgement } of added) {
    const named = laboratory === '' ? {} : { laboratory: laboratory as Address };
    try {
      await tellOrder(party, { handle, record, acknowledgement, ...named });
    } catch (error) {
      // The order is on the chart all the same.
      if (!isMedsealError(error)) throw error;
      terminal.note(`medseal: the laboratory could not be told: ${error.message} Run it again.`);
      continue;
    }
    if (laboratory === '') continue;
    terminal.note(
      'The laboratory was told. It reads the order only if the patient lets it; if it cannot, "order list" shows that.',
    );
  }
}
