import type { Organisation } from '../ids.ts';
import type { Founder, NetworkFile } from '../network/NetworkFile.ts';
import { replacedKeyOf } from '../network/replacedKeyOf.ts';
import { draftSuccessor, signSuccessor } from '../network/signSuccessor.ts';
import type { Successor } from '../network/Successor.ts';
import { successorOf, type SuccessorTerms } from '../network/successorOf.ts';
import { consortium, FROM, movedTerms } from './sampleConsortium.ts';
import { context, primitives, word } from './sampleNetwork.ts';
import { seatsOf } from './sampleSuccessors.ts';

/** The sample consortium with a fourth organisation: three are a quorum, and one may be faulty. */

/** Its organisations. */
export const FOUR = ['hospital', 'laboratory', 'insurer', 'pharmacy'] as const;

const joined = successorOf(primitives, consortium, movedTerms(consortium, ['pharmacy'], []));
/** Network file of the four. */
export const four: NetworkFile = {
  ...joined,
  authority: { ...joined.authority, threshold: 3 },
  channels: joined.channels.map((channel) => ({
    ...channel,
    faulty: 1,
    thresholds: { writes: 3, views: 3 },
  })),
};

/** First second from which a successor of it holds. */
export const LATER = FROM + 1;
/** The key that the pharmacy's validator gets. */
export const NEW_KEY = word('new validator of pharmacy');

/** Terms of a successor in which the pharmacy's node has other parts. */
export function termsWith(
  alter: (node: Founder & Required<Pick<Founder, 'validator'>>) => Founder,
  of: Organisation = 'pharmacy',
): SuccessorTerms {
  const { authority, channels, nodes = [] } = four;
  return {
    from: LATER,
    authority,
    channels,
    nodes: nodes.map((node) => {
      const { validator } = node;
      return node.organisation === of && validator ? alter({ ...node, validator }) : node;
    }),
  };
}

/** Terms of a successor in which the pharmacy's validator has another key, node and address. */
export const renewed: SuccessorTerms = termsWith(({ validator, ...node }) => ({
  ...node,
  validator: {
    ...validator,
    key: NEW_KEY,
    node: word('new node of pharmacy').slice(2, 42),
    address: 'spare.pharmacy.example:26656',
  },
}));

/** A successor that replaces the key of a validator at once, signed by all seats of some organisations. */
export function replacing(organisations: readonly Organisation[], terms = renewed): Successor {
  const { terms: replaced } = replacedKeyOf(four, successorOf(primitives, four, terms));
  const replacement = { ...replaced, deadline: terms.from };
  const draft = draftSuccessor(context, four, terms, { replacement });
  return signSuccessor(context, four, draft, organisations.flatMap(seatsOf));
}
