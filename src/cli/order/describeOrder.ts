import { criticalBy, type CriticalBy } from '../../client/care/orders/criticalBy.ts';
import type { OrderRead, OrderReport } from '../../client/care/orders/readOrders.ts';
import { visibleText } from '../../errors/visibleText.ts';
import { codesIn } from '../../fhir/codeOf.ts';
import { fieldOf, listOf } from '../../fhir/fieldOf.ts';
import { rowsOfResults } from '../../fhir/orders/rowsOfResults.ts';
import { numberTextOf, type Holder } from '../../fhir/numberTexts.ts';
import { stateOfOrder, taskOfOrder, type OrderState } from '../../fhir/orders/taskOfOrder.ts';
import type { ChartRecord } from '../../client/records/viewChart.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { describeMoment, short } from '../describeBody.ts';
import type { ORDER_TOLD } from './orderAnswers.ts';

const STATES: Readonly<Record<OrderState, string>> = {
  requested: 'waits for a report',
  'in-progress': 'has a preliminary report',
  completed: 'has its report',
  cancelled: 'was withdrawn',
};

/** The word before an order with a critical result, by whose word it is. */
export const CRITICAL: Readonly<Record<CriticalBy, string>> = {
  chart: 'CRITICAL  ',
  letter: 'CRITICAL, says the laboratory, and nobody read it yet  ',
};

/** An order as `--json` has it. */
export function orderForPrograms(
  order: OrderRead,
  critical: CriticalBy | undefined,
): Of<typeof ORDER_TOLD> {
  const { record, handle, orderer, laboratory, reports, toSignOff } = order;
  return {
    order: record,
    handle,
    orderer,
    ...(laboratory && { laboratory }),
    state: stateOfOrder(order),
    ...(critical && { critical }),
    task: taskOfOrder(order),
    reports: reports.map((each) => ({
      record: each.record,
      version: each.version,
      author: each.author,
      status: each.status,
      at: each.at,
      critical: each.critical,
      signedOff: each.signedOff,
      unseen: each.unseen,
    })),
    toSignOff: toSignOff.map((each) => each.record),
  };
}

/**
 * Says in a line what an order is, and how far.
 *
 * @param order - As its chart has it.
 * @param nameOf - Names a party or a chart.
 * @param by - By whose word a result is critical; undefined if nobody says so.
 */
export function describeOrder(
  order: OrderRead,
  nameOf: (word: string) => string,
  by = criticalBy(order, []),
): string {
  const { record, handle, orderer, request, at, toSignOff } = order;
  const what = textOf(fieldOf(request, 'code')) || 'an order';
  const priority = fieldOf(request, 'priority');
  const urgent = typeof priority === 'string' && priority !== 'routine' ? `, ${priority}` : '';
  const left = toSignOff.length > 0 ? `, ${toSignOff.length} to sign off` : '';
  const critical = by === undefined ? '' : CRITICAL[by];
  return `${critical}${short(record)}  ${inLine(what)}${urgent} for ${nameOf(handle)}, ordered by ${nameOf(orderer)} ${describeMoment(at)}: it ${STATES[stateOfOrder(order)]}${left}`;
}

/**
 * Says what a report says, in lines for people.
 *
 * @param read - As its chart has it, or as it is to be signed.
 * @param nameOf - Names a party.
 */
export function describeReport(
  read: Pick<OrderReport, 'author' | 'at' | 'report' | 'results'> & Partial<OrderReport>,
  nameOf: (word: string) => string,
): readonly string[] {
  const { author, at, report, results, unseen = 0 } = read;
  const taken = fieldOf(report, 'effectiveDateTime');
  const conclusion = fieldOf(report, 'conclusion');
  return [
    `${inLine(String(fieldOf(report, 'status')))} report of ${nameOf(author)}, ${describeMoment(at)}`,
    ...(typeof taken === 'string' ? [`  taken ${inLine(taken)}`] : []),
    ...rowsOfResults(results).flatMap(({ observation, isComponent, more = 0 }) => [
      `  ${isComponent ? '  ' : ''}${describeResult(observation)}`,
      ...(more > 0 ? [`    ${more} further components that are not shown`] : []),
    ]),
    ...(typeof conclusion === 'string' ? [`  ${inLine(conclusion)}`] : []),
    ...(unseen > 0 ? [`  ${unseen} results that you cannot open`] : []),
  ];
}

/**
 * Names records that cannot be read, in lines for people.
 *
 * @param unread - The records.
 * @param nameOf - Names a party.
 */
export function describeUnreadRecords(
  unread: readonly ChartRecord[],
  nameOf: (word: string) => string,
): readonly string[] {
  return unread.map(({ record, version, category, author, at }) => {
    return `${short(record)}  version ${version}, ${category}, of ${nameOf(author)}, ${describeMoment(at)}`;
  });
}

function describeResult(observation: unknown): string {
  const quantity = fieldOf(observation, 'valueQuantity');
  const text = fieldOf(observation, 'valueString');
  const concept = fieldOf(observation, 'valueCodeableConcept');
  const words = typeof text === 'string' ? text : wordsOf(concept);
  const hasValue = Object.keys(observation ?? {}).some((name) => name.startsWith('value'));
  const absent = wordsOf(fieldOf(observation, 'dataAbsentReason'));
  const none = absent === '' ? 'no value' : `no value (${absent})`;
  const without = hasValue ? 'a value that is not shown here' : none;
  const value = quantity === undefined ? words || without : amount(quantity);
  const [range] = listOf(fieldOf(observation, 'referenceRange'));
  const ends = (['low', 'high'] as const).map((end) => {
    return fieldOf(range, end) === undefined ? '' : amount(fieldOf(range, end), false);
  });
  const codes = codesIn(fieldOf(observation, 'interpretation'));
  return inLine(
    [
      `${wordsOf(fieldOf(observation, 'code'))}: ${value}`,
      ...(range === undefined ? [] : [`(${ends.join(' to ')})`]),
      ...codes,
    ].join(' '),
  );
}

/** The text of a concept, or else its codes. */
function wordsOf(concept: unknown): string {
  return textOf(concept) || codesIn(concept).join(', ');
}

function amount(quantity: unknown, withUnit = true): string {
  const comparator = fieldOf(quantity, 'comparator');
  const unit = fieldOf(quantity, 'unit');
  const value = numberTextOf(quantity as Holder, 'value') ?? '?';
  const sign = typeof comparator === 'string' ? comparator : '';
  return `${sign}${value}${withUnit && typeof unit === 'string' ? ` ${unit}` : ''}`;
}

function textOf(concept: unknown): string {
  const text = fieldOf(concept, 'text');
  return typeof text === 'string' ? text : '';
}

/** Words of others in one line. */
function inLine(words: string): string {
  return visibleText(words.replaceAll(/\s+/g, ' '), 2000);
}
