import type { Address } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import type { Will } from '../../protocol/care/vitalRecords.ts';
import type { AccessAsked } from './accessRequests.ts';
import type { Mistake } from './Mistake.ts';

/** Content of the letters that were taken. */
export interface InboxNews {
  /** Rights of the party that this device did not know. */
  readonly rights: readonly Grant[];
  /** Requests to the patient. */
  readonly requests: readonly AccessAsked[];
  /** Requests to the patient that their authors withdrew. */
  readonly withdrawals: readonly AccessAsked[];
  /** Answers to requests of the party. */
  readonly answers: readonly AccessAsked[];
  /** Reports of mistakes to the party. */
  readonly mistakes: readonly Mistake[];
  /** Reports of the party that were answered. */
  readonly mistakeAnswers: readonly Mistake[];
  /** Wills that patients handed over: see `willFor`. */
  readonly wills: readonly Will[];
  /** Number of letters of pharmacists about what they dispensed, for `addDispenses`. */
  readonly dispenses: number;
  /** Number of letters about steps of claims, for `listClaims`. */
  readonly claimSteps: number;
  /** Number of letters about orders to this laboratory, for `listOrders`. */
  readonly orders: number;
  /** Number of letters about orders of the party: that a report is there, or that the laboratory has no access. */
  readonly orderAnswers: number;
  /** Senders of letters that a former key of theirs signed: what these say is not shown, for a thief may have the key. */
  readonly formerKeys: readonly Address[];
  /** Number of letters without valid content. */
  readonly discarded: number;
}

const NOTHING: InboxNews = {
  rights: [],
  requests: [],
  withdrawals: [],
  answers: [],
  mistakes: [],
  mistakeAnswers: [],
  wills: [],
  dispenses: 0,
  claimSteps: 0,
  orders: 0,
  orderAnswers: 0,
  formerKeys: [],
  discarded: 0,
};

/** Joins the news of several letters, in their order. */
export function joinNews(all: readonly Partial<InboxNews>[]): InboxNews {
  const names = Object.keys(NOTHING) as (keyof InboxNews)[];
  const joined = names.map((name) => {
    const values = all.flatMap((each): readonly unknown[] => [each[name] ?? []].flat());
    const isNumber = typeof NOTHING[name] === 'number';
    return [name, isNumber ? values.reduce<number>((sum, each) => sum + Number(each), 0) : values];
  });
  return Object.fromEntries(joined) as InboxNews;
}
