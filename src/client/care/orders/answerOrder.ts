import type { Bundle } from '@medplum/fhirtypes';
import { isMedsealError } from '../../../errors/isMedsealError.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { encodePart } from '../../../fhir/encodePart.ts';
import { fieldOf } from '../../../fhir/fieldOf.ts';
import { isCritical } from '../../../fhir/orders/isCritical.ts';
import { recordsReferred } from '../../../fhir/orders/recordReference.ts';
import type { RecordSeen } from '../../../fhir/orders/signOff.ts';
import { isFinal, stateOfOrder } from '../../../fhir/orders/taskOfOrder.ts';
import { splitBundle } from '../../../fhir/splitBundle.ts';
import { seconds } from '../../../protocol/Clock.ts';
import { ZERO32, type Handle } from '../../../protocol/ids.ts';
import type { Grant } from '../../../protocol/struct/requests.ts';
import type { Category } from '../../../protocol/vocabulary.ts';
import { sendLetter } from '../../letters/letters.ts';
import { knownRights, rightFor } from '../../party/knownRights.ts';
import type { Party } from '../../party/Party.ts';
import { addedBefore } from '../../records/addedOnce.ts';
import { addBundle, type BundleAdded } from '../../records/addBundle.ts';
import { noteOrder, withOwn } from './keptOrders.ts';
import { openOrder, requireUnreadNamed, type OrderPlace } from './openOrder.ts';
import type { OrderRead } from './readOrders.ts';
import { LARGEST_ANSWER } from './reportsOfOrders.ts';
import { requireLaboratory } from './tellOrder.ts';

/** Most bytes of a part of an answer: sealed and padded, it must not be larger than what readers of orders open. */
const LARGEST_PLAIN = (LARGEST_ANSWER * 7) / 8;

/** The answer to an order. */
export interface NewAnswer extends OrderPlace {
  /** A valid bundle of a DiagnosticReport that is based on the order, and its results, as `readReport` of `medseal/fhir` makes it. */
  readonly bundle: Bundle;
  /** Name under which the device remembers it, as `nameOfContent` gives: the same call goes on after a failure. */
  readonly once: string;
  /** Records of this laboratory that may answer the order, that cannot be read now, and that were named to whoever signs. */
  readonly unread?: readonly RecordSeen[];
}

/** An answer that is on the chart. */
export interface OrderAnswered extends BundleAdded {
  /** Why whoever ordered could not be told; the chart has the report all the same. */
  readonly untold?: MedsealError;
}

/**
 * Answers an order: reads it once more, puts report and results on the chart, and tells whoever ordered by a letter. After a failure the
 * same call goes on, and tells again.
 *
 * @param party - The laboratory.
 * @param answer - Order, report and results.
 * @throws MedsealError `ORDER_CLOSED` if it was withdrawn, names another laboratory, or has this one’s final report, or if
 * a record of this laboratory that may be its report cannot be read now and is not named, or more than 100; `ROLE_UNFIT`
 * for a party of another role; `RIGHT_MISSING`, `RIGHT_ENDED`; `ARGUMENT_INVALID` if the report is not based on the order, is labelled as sensitive, or is too large; what
 * `addBundle` throws.
 * @example
 * ```ts
 * const [kept] = await ordersKept(laboratory);
 * const bundle = createValidator(loadFhirDefinitions()).validateBundle(parseFhirJson(bytes));
 * const once = await nameOfContent(laboratory, handle, [bytes], 'report');
 * if (kept !== undefined) await answerOrder(laboratory, { ...kept, bundle, once });
 * ```
 */
export async function answerOrder(party: Party, answer: NewAnswer): Promise<OrderAnswered> {
  const { handle, record, bundle, once } = answer;
  const reports = (bundle.entry ?? [])
    .map(({ resource }) => resource)
    .filter((each) => fieldOf(each, 'resourceType') === 'DiagnosticReport');
  const [report, ...others] = reports;
  const named = recordsReferred(fieldOf(report, 'basedOn'));
  if (others.length > 0 || named.length !== 1 || named[0]?.record !== record) {
    const reason = 'it must have one DiagnosticReport, which is based on the order alone';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'bundle', reason });
  }
  const opened = await openOrder(party, { handle, record });
  const { order } = opened;
  const categories = categoriesFound(bundle);
  const isAgain = (await addedBefore(party, `${once}-part-0`)) !== undefined;
  if (!isAgain) {
    await requireAnswerable(party, order);
    // A lost file of its own may be the final report: the laboratory knows of it. Those of others do not concern its answer.
    const own = opened.unread.filter(({ author }) => author === party.address);
    requireUnreadNamed(own, answer.unread ?? []);
  }
  const grant = await rightToAdd(party, handle, categories);
  const { purpose } = grant.terms;
  const added = await addBundle(party, { handle, bundle, purpose, grant, once });
  const { orderer, at } = order;
  const kept = { record, handle, orderer, laboratory: party.address, at };
  const done = isFinal({ status: String(fieldOf(report, 'status')) });
  const records = added.records.map((each) => each.record);
  await noteOrder(party, kept, (known) => {
    const own = withOwn(known?.own, records);
    return { ...kept, own, answered: true, ...(done && { done }) };
  });
  const entry = added.records.find(({ category }) => category === 'reports')?.acknowledgement;
  if (entry === undefined) return added;
  const critical = (bundle.entry ?? []).some(({ resource }) => isCritical(resource));
  const letter = { order: record, entry, ...(critical && { critical }) };
  try {
    await sendLetter(party, orderer, { orderAnswer: letter });
    return added;
  } catch (error) {
    if (!isMedsealError(error)) throw error;
    return { ...added, untold: error };
  }
}

/** The categories of the parts of an answer, which whoever ordered must find and open as an answer. */
function categoriesFound(bundle: Bundle): readonly Category[] {
  const parts = splitBundle(bundle, { set: '0x' });
  const categories = parts.map(({ category }) => category);
  const isTooLarge = parts.some(({ content }) => encodePart(content).length > LARGEST_PLAIN);
  const isHidden = !categories.includes('reports') || categories.includes('sensitive');
  if (!isTooLarge && !isHidden) return categories;
  const reason = isTooLarge
    ? `no part of an answer may be larger than ${LARGEST_PLAIN} bytes`
    : 'an answer labelled as sensitive would not reach whoever ordered';
  throw new MedsealError('ARGUMENT_INVALID', { argument: 'bundle', reason });
}

/** Requires that a party may answer an order as it is now. */
async function requireAnswerable(party: Party, order: OrderRead): Promise<void> {
  await requireLaboratory(party, party.address);
  const how = closedHow(party, order);
  if (how !== undefined) throw new MedsealError('ORDER_CLOSED', { how });
}

function closedHow(party: Party, order: OrderRead): string | undefined {
  if ((order.laboratory ?? party.address) !== party.address) return 'it is for another laboratory';
  if (stateOfOrder(order) === 'cancelled') return 'whoever ordered withdrew it';
  const isAnswered = order.reports.some((each) => each.author === party.address && isFinal(each));
  return isAnswered ? 'it has your final report; amend that one instead' : undefined;
}

/** The right by which all parts of a bundle can be added; without one, the closest, so that the node says what it lacks. */
async function rightToAdd(
  party: Party,
  handle: Handle,
  categories: readonly Category[],
): Promise<Grant> {
  const now = seconds(party.clock);
  const covers = ({ terms }: Grant): boolean =>
    terms.add &&
    terms.record === ZERO32 &&
    terms.from <= now &&
    now < terms.until &&
    categories.every((each) => terms.categories.includes(each));
  const all = (await knownRights(party)).filter(({ grant }) => grant.handle === handle);
  const whole = all.filter(({ grant }) => covers(grant));
  // A right that the patient ended may look the best.
  for (const { grant } of whole.toReversed()) {
    const found = await rightFor(party, {
      handle,
      action: 'add',
      category: categories[0] ?? 'reports',
      purpose: grant.terms.purpose,
    });
    if (found !== undefined && covers(found.grant)) return found.grant;
  }
  throw new MedsealError('RIGHT_MISSING', {});
}
