import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Facts, FactsQuery } from '../../protocol/evidence/facts.ts';
import { DeviceBook } from '../party/DeviceBook.ts';
import type { Party } from '../party/Party.ts';
import { confirmRule } from '../rights/confirmRule.ts';
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
  /** Tells of a step that the ledger does not have, or no longer, that its number has been used: the ledger never takes it. */
  readonly isOver: (facts: Facts) => boolean;
}

/** A step that must neither be lost nor be taken twice. */
export interface OnceStep<Sent, Done> {
  /** Name on the device, which tells nothing of it: of each name one step is open at most. */
  readonly name: string;
  /** Values that tell it from another step of its name: a repeat with the same is the same step. */
  readonly values: string;
  /** The result of the same step that was finished before; not asked while one is open. */
  readonly before?: () => Promise<Done | undefined>;
  /** Signs it; not called for a repeat. The result is a JSON value. */
  readonly sign: () => Promise<Sent>;
  /** Names a signed one for a person, with a noun and its values: `dispense of 20`. */
  readonly describe: (sent: Sent) => string;
  /** Keeps for the caller what was signed, before it is sent; safe to repeat, and not called for a step of other values. */
  readonly keep?: (sent: Sent) => Promise<void>;
  /** Sends it; identical bytes sent again get the first answer again. */
  readonly send: (sent: Sent) => Promise<unknown>;
  readonly placed: (sent: Sent) => StepPlaced;
  /** Confirms it, and tells others of it; safe to repeat. */
  readonly finish: (sent: Sent) => Promise<Done>;
}

/**
 * Takes a step once: it is signed, kept on the device, sent, finished, and then forgotten. Run again with the same values
 * after it was cut off anywhere, it comes to the same end.
 *
 * A step of other values that is open from before is a step that somebody corrects: it is never sent again. If the ledger has
 * it, it is finished, and the caller is told instead of having both; if the ledger never will, it is dropped.
 *
 * A refusal is a node's word. A step of which it may have lied is not signed again: k coordinators must say that the ledger
 * does not have it, and that a final block is past its deadline, or that another step has its number.
 *
 * @param party - The party whose step it is.
 * @param step - The step.
 * @returns Its result; `already` is true if an earlier run had signed it.
 * @throws MedsealError with the code of the refusal, then nothing was done; `EARLIER_STANDS` if one of other values took
 * effect, then this one did not; `NOT_YET` while an earlier one may still be on its way.
 */
export async function doOnce<Sent, Done>(
  party: Party,
  step: OnceStep<Sent, Done>,
): Promise<{ readonly done: Done; readonly already: boolean }> {
  const { name, values } = step;
  const open = (await OUTBOX.read(party)).find((each) => each.name === name);
  if (open !== undefined) {
    const sent = open.sent as Sent;
    const isSame = open.values === values;
    const done = (await stands(party, step, sent, isSame)) ? await step.finish(sent) : undefined;
    await OUTBOX.remove(party, [name]);
    if (done !== undefined && isSame) return { done, already: true };
    if (done !== undefined) throw new MedsealError('EARLIER_STANDS', { what: step.describe(sent) });
  }
  const before = await step.before?.();
  if (before !== undefined) return { done: before, already: true };
  const signed = { name, values, sent: await step.sign() };
  const kept = await OUTBOX.merge(party, signed, (known) => (known ? undefined : signed));
  // Another tab signed one meanwhile, perhaps of other values.
  if (kept !== signed) return await doOnce(party, step);
  const { sent } = signed;
  try {
    await step.keep?.(sent);
    await step.send(sent);
  } catch (error) {
    // One that is late waits for the block that shows it.
    const isOver = isFinalRefusal(error) && !isMedsealError(error, 'REQUEST_LATE');
    if (isOver && (await fateOf(party, step.placed(sent))) !== 'taken')
      await OUTBOX.remove(party, [name]);
    throw error;
  }
  const done = await step.finish(sent);
  await OUTBOX.remove(party, [name]);
  return { done, already: false };
}

/** Tells of a step of an earlier run that the ledger has it, or never will; one of the same values is kept and sent again. */
async function stands<Sent>(
  party: Party,
  { keep, send, placed, describe }: OnceStep<Sent, unknown>,
  sent: Sent,
  isSame: boolean,
): Promise<boolean> {
  const place = placed(sent);
  let fate = await fateOf(party, place);
  if (isSame && fate !== 'never') await keep?.(sent);
  if (isSame && fate === 'open') {
    try {
      await send(sent);
      return true;
    } catch (error) {
      if (!isFinalRefusal(error)) throw error;
      fate = await fateOf(party, place);
      if (fate === 'open' && !isMedsealError(error, 'REQUEST_LATE')) return false;
    }
  }
  if (fate !== 'open') return fate === 'taken';
  const until = new Date(place.deadline * 1000).toISOString();
  const what = `final block later than ${until}, until when an earlier ${describe(sent)} may still take effect (repeat that one to finish it, or wait to make another),`;
  throw new MedsealError('NOT_YET', { what });
}

/** Asks k coordinators what became of a step; they get some seconds to agree. */
async function fateOf(
  party: Party,
  { query, deadline, isIn, isOver }: StepPlaced,
): Promise<'taken' | 'never' | 'open'> {
  const facts = await confirmRule(party, { ...query, past: deadline }, () => true);
  if (isIn(facts)) return 'taken';
  return facts.past === true || isOver(facts) ? 'never' : 'open';
}
