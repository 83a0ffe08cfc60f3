import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Facts, FactsQuery } from '../../protocol/facts.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { DeviceBook } from '../party/DeviceBook.ts';
import type { Party } from '../party/Party.ts';
import { isFinalRefusal } from './isFinalRefusal.ts';

/** Steps that were signed and not finished: `sent` is what the room of each made of it. */
const OUTBOX = new DeviceBook({
  name: 'outbox',
  shape: { name: 'text', values: 'text', sent: 'any' },
  keyOf: ({ name }) => name,
  most: 1000,
});

/** The place of a signed step on the ledger. */
export interface StepPlaced {
  /** Question to the coordinators. */
  readonly query: Omit<FactsQuery, 'nonce'>;
  /** Last second at which the ledger takes it. */
  readonly deadline: number;
  /** Tells from the answer whether the ledger has this very step. */
  readonly isIn: (facts: Facts) => boolean;
}

/** A step that must neither be lost nor be taken twice. */
export interface OnceStep<Sent, Done> {
  /** Name on the device, which tells nothing of it: of each name one step is open at most. */
  readonly name: string;
  /** Values that tell it from another step of its name: a repeat with the same is the same step. */
  readonly values: string;
  /** Signs it; not called for a repeat. The result is a JSON value. */
  readonly sign: () => Promise<Sent>;
  /** Sends it; identical bytes sent again get the first answer again. */
  readonly send: (sent: Sent) => Promise<unknown>;
  readonly placed: (sent: Sent) => StepPlaced;
  /** Confirms it, and tells others of it; safe to repeat. */
  readonly finish: (sent: Sent) => Promise<Done>;
}

/**
 * Takes a step once: it is signed, kept on the device, sent, finished, and then forgotten. Run again after it was cut off
 * anywhere, it comes to the same end. A step that is open from before is finished first, whatever its values.
 *
 * A refusal is a node's word. A step of which it may have lied is not signed again: k coordinators must say that the ledger
 * does not have it, and of one that is late that a final block past its deadline shows that.
 *
 * @param party - The party whose step it is.
 * @param step - The step.
 * @returns Its result; `already` is true if an earlier run had signed it.
 * @throws MedsealError with the code of the refusal, then nothing was done; `NOT_YET` while an earlier one may still be on
 * its way.
 */
export async function doOnce<Sent, Done>(
  party: Party,
  step: OnceStep<Sent, Done>,
): Promise<{ readonly done: Done; readonly already: boolean }> {
  const { name, values } = step;
  const open = (await OUTBOX.read(party)).find((each) => each.name === name);
  if (open !== undefined) {
    const sent = open.sent as Sent;
    const done = (await stands(party, step, sent)) ? await step.finish(sent) : undefined;
    await OUTBOX.remove(party, [name]);
    if (done !== undefined && open.values === values) return { done, already: true };
  }
  const signed = { name, values, sent: await step.sign() };
  // Another tab may have signed it meanwhile.
  const kept = await OUTBOX.merge(party, signed, (known) => (known ? undefined : signed));
  const sent = kept.sent as Sent;
  try {
    await step.send(sent);
  } catch (error) {
    // One that is late waits for the block that shows it.
    const isOver = isFinalRefusal(error) && !isMedsealError(error, 'REQUEST_LATE');
    if (isOver && !(await isIn(party, step.placed(sent)))) await OUTBOX.remove(party, [name]);
    throw error;
  }
  const done = await step.finish(sent);
  await OUTBOX.remove(party, [name]);
  return { done, already: false };
}

/** Sends a step of an earlier run again: the ledger has it, or never will. */
async function stands<Sent>(
  party: Party,
  { send, placed }: Pick<OnceStep<Sent, unknown>, 'send' | 'placed'>,
  sent: Sent,
): Promise<boolean> {
  try {
    await send(sent);
    return true;
  } catch (error) {
    if (!isFinalRefusal(error)) throw error;
    const place = placed(sent);
    if (!isMedsealError(error, 'REQUEST_LATE')) return await isIn(party, place);
    const facts = await confirmFacts(party, { ...place.query, past: place.deadline });
    if (place.isIn(facts)) return true;
    if (facts.past !== true) throw new MedsealError('NOT_YET', { what: 'block past the deadline' });
    return false;
  }
}

async function isIn(party: Party, { query, isIn: has }: StepPlaced): Promise<boolean> {
  return has(await confirmFacts(party, query));
}
