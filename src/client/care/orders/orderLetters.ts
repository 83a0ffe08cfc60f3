import { BYTES32 } from '../../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../../protocol/wire/isOfShape.ts';
import { unlessMalformed } from '../../../protocol/wire/unlessMalformed.ts';
import { ACKNOWLEDGEMENT } from '../../../protocol/shapes/acknowledgementShape.ts';
import type { Acknowledgement } from '../../../protocol/evidence/evidence.ts';
import type { Address } from '../../../protocol/ids.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { LetterKind } from '../../letters/LetterKind.ts';
import type { MistakeAbout } from '../../letters/Mistake.ts';
import { aboutEntry } from '../../letters/mistakeEntry.ts';
import type { Party } from '../../party/Party.ts';
import { FORM_CATEGORIES } from '../../../fhir/forms/formNames.ts';
import { noteOrder, ordersKept, withTold, type OrderKept, type RecordTold } from './keptOrders.ts';
import { mayAnswer } from './reportsOfOrders.ts';

const ORDER = { entry: ACKNOWLEDGEMENT } as const;
const ORDER_ANSWER = { order: BYTES32, 'entry?': ACKNOWLEDGEMENT, 'critical?': 'boolean' } as const;

/**
 * An order for the reader: k coordinators judged the entry by which its sender put it on the chart, and say that the sender's present key
 * wrote the letter, as others have that entry too. The letter says nothing of what was ordered: the reader sees that on the chart, by a
 * right of its own, and only if the record there is an order.
 */
export const ORDER_LETTER: LetterKind = {
  field: 'order',
  proofs: { entry: 'verdicts' },
  fromSender: true,
  take: async (party, { from, content }) => {
    const told: unknown = content.order;
    if (!isOfShape(ORDER, told) || from === party.address) return 'refused';
    const about = writtenBy(party, from, told.entry);
    if (about?.act !== 'add' || about.category !== FORM_CATEGORIES.order) return 'refused';
    const { handle, record, at } = about;
    if (record === undefined) return 'refused';
    const order: OrderKept = { record, handle, orderer: from, at };
    await noteOrder(party, order, (known) => (known === undefined ? order : undefined));
    return { orders: 1 };
  },
};

/**
 * The answer to an order of the reader, by a party that k coordinators call a laboratory: that a report or result is on the order's chart,
 * by the entry that they judged, or that its sender cannot read the order. Only the chart tells whether it answers the order. That a
 * result is critical is the sender’s word, and puts the order first, no more. An order that the device does not know may be of another
 * device of the reader: it takes only room that its sender has.
 */
export const ORDER_ANSWER_LETTER: LetterKind = {
  field: 'orderAnswer',
  proofs: { order: 'sender', entry: 'verdicts', critical: 'sender' },
  take: async (party, { from, content }) => {
    const told: unknown = content.orderAnswer;
    if (!isOfShape(ORDER_ANSWER, told) || from === party.address) return 'refused';
    const { order: record, entry, critical } = told;
    const about = answerIn(entry && writtenBy(party, from, entry));
    if (entry !== undefined && about === undefined) return 'refused';
    if (entry === undefined && critical !== undefined) return 'refused';
    const same = (await ordersKept(party)).filter((each) => each.record === record);
    const ofOthers = same.filter(({ orderer }) => orderer !== party.address);
    const own = same.find((each) => each.toldBy === undefined && !ofOthers.includes(each));
    // Anybody can give a record on another chart the same name.
    const isOf =
      own === undefined
        ? ofOthers.every(({ handle }) => handle !== about?.handle)
        : (own.laboratory ?? from) === from && own.handle === (about?.handle ?? own.handle);
    if (!isOf) return 'refused';
    const { party: facts } = await confirmFacts(party, { party: from });
    if (facts?.role !== 'lab') return 'refused';
    if (about === undefined) {
      // Another device of the party may have ordered.
      if (own?.laboratory === undefined) return 'unknown';
      await noteOrder(party, own, (known = own) =>
        known.answered ? undefined : { ...known, unreadable: true },
      );
      return { orderAnswers: 1 };
    }
    const { handle, at } = about;
    const unknown = { record, handle, orderer: party.address, at, toldBy: from };
    const next = { ...about, ...(critical && { critical }) };
    await noteOrder(party, own ?? unknown, (known = own ?? unknown) => answered(known, next));
    return { orderAnswers: 1 };
  },
};

/** A version of a report or result that is on a chart. */
type Answer = RecordTold & Pick<MistakeAbout, 'handle' | 'at'>;

function answerIn(about: MistakeAbout | undefined): Answer | undefined {
  if (about === undefined) return undefined;
  const { handle, at, category, record, version } = about;
  const isWhole = category !== undefined && record !== undefined && version !== undefined;
  return isWhole && mayAnswer({ category }) ? { handle, at, record, version } : undefined;
}

/** An order as a device knows it once a letter says that there is a report or result. */
function answered(known: OrderKept, { record, version, critical }: RecordTold): OrderKept {
  const { unreadable: _unreadable, done: _done, answers: _answers, ...before } = known;
  const told = withTold(known, { record, version, ...(critical && { critical }) });
  const isCritical = before.critical ?? told.some((each) => each.critical);
  return { ...before, told, answered: true, ...(isCritical && { critical: true }) };
}

/** Returns what an entry says, if a party put a record version on a chart by it. */
function writtenBy(party: Party, from: Address, entry: Acknowledgement): MistakeAbout | undefined {
  const found = unlessMalformed(() => aboutEntry(party, entry));
  const isWritten = found?.about.act === 'add' || found?.about.act === 'amend';
  return isWritten && found.about.accepted && found.author === from ? found.about : undefined;
}
