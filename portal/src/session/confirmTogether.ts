import { confirmParties } from '../../../src/client/index.ts';
import type { PartyFacts } from '../../../src/protocol/evidence/facts.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import type { Session } from './Session.ts';

type Answer = Promise<ReadonlyMap<Address, PartyFacts>>;

const questions = new WeakMap<
  Session['party'],
  { readonly parties: Set<Address>; readonly answer: Answer }
>();

/**
 * Returns what the quorum says of a party now. All parts of a screen that ask in one turn ask one question together.
 *
 * @param party - The party that asks.
 * @param of - Somebody else.
 * @returns Undefined if the organisations know nobody of this address.
 * @throws MedsealError what `confirmFacts` throws.
 */
export async function confirmTogether(
  party: Session['party'],
  of: Address,
): Promise<PartyFacts | undefined> {
  let question = questions.get(party);
  if (question === undefined) {
    const parties = new Set<Address>();
    question = { parties, answer: askAfterTurn(party, parties) };
    questions.set(party, question);
  }
  question.parties.add(of);
  return (await question.answer).get(of);
}

async function askAfterTurn(party: Session['party'], parties: ReadonlySet<Address>) {
  await Promise.resolve();
  // Whoever asks after this is in the next question.
  questions.delete(party);
  return await confirmParties(party, [...parties]);
}
