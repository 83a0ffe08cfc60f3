import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';
import type { Address, Bytes32, Handle, RecordId } from '../../protocol/ids.ts';
import type { Ask, View, Write } from '../../protocol/struct/requests.ts';
import { ACKNOWLEDGEMENT } from '../../protocol/shapes/acknowledgementShape.ts';
import { PAIR_IN_SET, type PairInSet } from '../../protocol/release/releasedView.ts';
import { CATEGORIES, PURPOSES, type Category, type Purpose } from '../../protocol/vocabulary.ts';

/**
 * A report that says of nothing that it is wrong: a question about a record, a view or a right, the wish that what a record of
 * medicines prescribes is prescribed again, that a right is extended, or that a record was corrected since its reader opened it. Without a
 * topic a report is of a mistake.
 *
 * @example
 * ```ts
 * for (const topic of REPORT_TOPICS) console.log(topic);
 * ```
 */
export const REPORT_TOPICS = ['question', 'renewal', 'extension', 'correction'] as const;
/** The topic of a report that is of no mistake. */
export type ReportTopic = (typeof REPORT_TOPICS)[number];

/** Most characters of the words of a report, and of an answer to it. */
export const MOST_WORDS = 2000;

/**
 * The report in a letter: the entry that it is about says whose chart, which record, and who wrote or looked; or it is about a
 * right, whose opening both sides have.
 */
export const MISTAKE_LETTER = {
  /** Chosen by the reporter at random. */
  id: BYTES32,
  'entry?': ACKNOWLEDGEMENT,
  /** Digest of the grant that it is about, in place of an entry. */
  'right?': BYTES32,
  /** One record version, if the entry is a view of several. */
  'pair?': PAIR_IN_SET,
  words: 'text',
  'topic?': new OneOf(...REPORT_TOPICS),
  /** End to which its grantee wishes the right extended, Unix seconds. */
  'until?': 'count',
  /** Unix seconds. */
  at: 'count',
} as const;

/** The answer in a letter, by words, by the entry of an amendment, or by the right that extends another. */
export const MISTAKE_ANSWER = {
  mistake: BYTES32,
  words: 'text',
  /** Unix seconds. */
  at: 'count',
  'entry?': ACKNOWLEDGEMENT,
  /** Digest of the grant. */
  'grant?': BYTES32,
} as const;

/** The entry that a report is about, as its verified body says. */
const MISTAKE_ABOUT = {
  handle: BYTES32,
  /** SHA-256 of the entry's body; of a right, the digest of its grant. */
  entry: BYTES32,
  act: new OneOf(
    'right',
    'add',
    'amend',
    'chart',
    'record',
    'records',
    'audit',
    'takeover',
    'request',
    'grant',
    'decline',
    'erase',
  ),
  /** False if the entry refuses it. */
  accepted: 'boolean',
  purpose: new OneOf(...PURPOSES),
  /** Unix seconds. */
  at: 'count',
  'record?': BYTES32,
  'version?': 'count',
  'category?': new OneOf(...CATEGORIES),
  /** Number of records that a view of several opened. */
  'count?': 'count',
  /** End of the right that it is about, Unix seconds. */
  'until?': 'count',
} as const;
/** Entry, or right, that a report of a mistake is about. */
export interface MistakeAbout {
  readonly handle: Handle;
  /** SHA-256 of the entry's body; of a right, the digest of its grant. */
  readonly entry: Bytes32;
  readonly act:
    Write['action'] | Exclude<View['what'], 'chain'> | 'records' | Ask['what'] | 'erase' | 'right';
  /** False if the entry refuses it. */
  readonly accepted: boolean;
  readonly purpose: Purpose;
  /** Unix seconds; of a right, its beginning. */
  readonly at: number;
  /** Record and version that were written or opened. */
  readonly record?: RecordId;
  readonly version?: number;
  readonly category?: Category;
  /** Number of records that a view of several opened. */
  readonly count?: number;
  /** End of the right that it is about, Unix seconds. */
  readonly until?: number;
}

/** Shape of a report as devices of its parties know it. */
export const MISTAKE = {
  id: BYTES32,
  /** The patient; of the wish that a right is extended, its grantee. */
  by: ADDRESS,
  /** The author of the entry, or the other side of the right. */
  to: ADDRESS,
  about: MISTAKE_ABOUT,
  words: 'text',
  'topic?': new OneOf(...REPORT_TOPICS),
  /** End to which its grantee wishes the right extended, Unix seconds. */
  'until?': 'count',
  at: 'count',
  'answer?': {
    /** Empty only if there is a version or a grant. */
    words: 'text',
    at: 'count',
    /** Version of the record that amends what was reported. */
    'version?': 'count',
    /** Digest of the grant that extends the right. */
    'grant?': BYTES32,
  },
} as const;

/** A report that something on a chart is wrong, or a question or wish about it, on a device of the patient, or of the author who was told. */
export interface Mistake {
  readonly id: Bytes32;
  /** The patient; of the wish that a right is extended, its grantee. */
  readonly by: Address;
  /** The author of the entry, or the other side of the right. */
  readonly to: Address;
  readonly about: MistakeAbout;
  /** Text of its sender, not trusted. */
  readonly words: string;
  /** Absent if the report is of a mistake. */
  readonly topic?: ReportTopic;
  /** End to which its grantee wishes the right extended, Unix seconds. */
  readonly until?: number;
  /** Unix seconds. */
  readonly at: number;
  readonly answer?: MistakeReply;
  /** True until the last letter of this device about it is with the nodes. */
  readonly unsent?: boolean;
  /** Entry that such a letter shows, and of a view of several records the one that it is about. */
  readonly entry?: Acknowledgement;
  readonly pair?: PairInSet;
}

/**
 * Tells whether a report waits for an answer: that a record was corrected needs none.
 *
 * @param mistake - The report.
 * @example
 * ```ts
 * const open = (await readMistakes(doctor)).filter(waitsForAnswer);
 * console.log(`${open.length} messages wait`);
 * ```
 */
export function waitsForAnswer({ answer, topic }: Pick<Mistake, 'answer' | 'topic'>): boolean {
  return answer === undefined && topic !== 'correction';
}

/** Answer to a report. */
export interface MistakeReply {
  /** Text of whoever answers, not trusted; empty only if there is a version or a grant. */
  readonly words: string;
  /** Unix seconds. */
  readonly at: number;
  /** Version of the record that amends what was reported. */
  readonly version?: number;
  /** Digest of the grant that extends the right. */
  readonly grant?: Bytes32;
}

/**
 * Returns words as they are kept, without space around them; undefined if they are empty, too long or not a text.
 *
 * @param words - Not trusted.
 */
export function soundWords(words: string): string | undefined {
  const kept = words.trim();
  const isSound = kept !== '' && kept.length <= MOST_WORDS && kept.isWellFormed();
  return isSound ? kept : undefined;
}
