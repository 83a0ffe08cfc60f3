import type { InboxNews } from '../../../../src/client/index.ts';
import type { WordKey } from '../../words/WordKey.ts';

/** A kind of news: the letters that bring it, its words, and where it is handled. */
export interface NewsKind {
  /** Name of the kind. */
  readonly kind: keyof InboxNews;
  readonly label: WordKey;
  /** Paths of the screens; a person has one of them at most. */
  readonly at: readonly string[];
  /** Number of such news among what letters brought. */
  readonly count: (news: InboxNews) => number;
}

/** All kinds of news that a person sees in the portal. */
export const NEWS_KINDS: readonly NewsKind[] = [
  {
    kind: 'requests',
    label: 'news.requests',
    at: ['/requests'],
    count: ({ requests }) => requests.filter(isOpen).length,
  },
  {
    kind: 'rights',
    label: 'news.rights',
    at: ['/patients', '/inbox'],
    count: ({ rights }) => rights.length,
  },
  {
    kind: 'answers',
    label: 'news.answers',
    at: ['/asked'],
    count: ({ answers }) => answers.length,
  },
  {
    kind: 'mistakes',
    label: 'news.mistakes',
    at: ['/mistakes'],
    count: ({ mistakes }) => mistakes.filter(isOpen).length,
  },
  {
    kind: 'mistakeAnswers',
    label: 'news.mistake-answers',
    at: ['/mistakes'],
    count: ({ mistakeAnswers }) => mistakeAnswers.length,
  },
  { kind: 'orders', label: 'news.orders', at: ['/todo'], count: ({ orders }) => orders },
  {
    kind: 'orderAnswers',
    label: 'news.order-answers',
    at: ['/todo'],
    count: ({ orderAnswers }) => orderAnswers,
  },
  {
    kind: 'dispenses',
    label: 'news.dispenses',
    at: ['/prescriptions'],
    count: ({ dispenses }) => dispenses,
  },
  {
    kind: 'claimSteps',
    label: 'news.claim-steps',
    at: ['/claims'],
    count: ({ claimSteps }) => claimSteps,
  },
];

/** A letter may come again from a node that was away, when the person has answered it. */
function isOpen({ answer }: { readonly answer?: unknown }): boolean {
  return answer === undefined;
}
