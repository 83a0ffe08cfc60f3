import { PLACED_CHECKPOINT, VERDICT } from '../../protocol/evidenceShapes.ts';
import {
  ADDRESS,
  BYTES32,
  Either,
  ListOf,
  OneOf,
  SIGNATURE,
  type Shape,
} from '../../protocol/findShapeError.ts';
import {
  ATTESTED_FACTS,
  SIGNED_KEPT,
  SIGNED_NEWEST,
  SIGNED_TALLY,
} from '../../protocol/shapes/answerShapes.ts';
import { PARTY_CARD, PROVEN_SHEET, SENT_LETTER } from '../../protocol/shapes/askedShapes.ts';
import { messageShape } from '../../protocol/shapes/messageShape.ts';
import type { PeerPorts } from './peerRules.ts';
import { MAX_PRESENTED } from '../entries/presentEntries.ts';

/** Answer of a peer's method. */
export interface PeerAnswer {
  readonly shape: Shape;
  /** True if the answer may be empty. */
  readonly orNothing?: true;
}

/** Answers of a port's methods: `nothing`, or a stream of `bytes`, or a value. */
export type PeerAnswers<Port> = { readonly [Name in keyof Port]: PeerAnswer | 'bytes' | 'nothing' };

/** A list with one item for each name of the question, or a page. */
const MOST = 4096;
/** A proof has a hash for each level of a tree. */
const PROOF = new ListOf(BYTES32, 64);

const SIGNED = { coordinator: ADDRESS, signature: SIGNATURE } as const;
const { verdict, index } = VERDICT;
const SIGNED_VERDICT = { ...VERDICT, proof: PROOF } as const;
const ENTRY = {
  log: 'text',
  index,
  entry: BYTES32,
  verdicts: new ListOf(SIGNED_VERDICT, 256),
} as const;
const PLACED = {
  checkpoint: {
    ...PLACED_CHECKPOINT.checkpoint,
    signatures: new ListOf(SIGNED, 256),
  },
  ledger: PLACED_CHECKPOINT.ledger,
} as const;
const REFUSED = new ListOf({ index: 'count', problem: 'any' }, MOST);

/**
 * Answers of another organisation's services. A caller relies on the form alone; the content of an answer is checked
 * where it is used.
 */
export const peerAnswers: { readonly [Name in keyof PeerPorts]: PeerAnswers<PeerPorts[Name]> } = {
  coordinator: {
    judge: {
      shape: {
        refused: REFUSED,
        'verdict?': { ...SIGNED, verdict },
      },
    },
    knownSize: { shape: 'count' },
    lastSigned: { shape: { size: 'count', root: BYTES32, peaks: PROOF, 'note?': 'text' } },
    shown: {
      shape: {
        note: 'text',
        from: 'count',
        entries: new ListOf(BYTES32, MAX_PRESENTED),
        verdicts: new ListOf(
          { ...SIGNED, verdict, from: 'count', 'part?': { index, proof: PROOF } },
          256 * MAX_PRESENTED,
        ),
      },
      orNothing: true,
    },
    judged: { shape: new ListOf(new Either('text', new OneOf(null)), MOST) },
    show: { shape: 'count' },
    signCheckpoint: { shape: { known: 'count', 'signed?': SIGNED } },
    advance: { shape: new ListOf(SIGNED, MOST) },
    attest: { shape: ATTESTED_FACTS },
    tally: { shape: SIGNED_TALLY },
  },
  contributor: {
    stats: { shape: new ListOf({ hash: BYTES32, size: 'count' }, MOST) },
    smallFiles: { shape: new ListOf(new Either('text', new OneOf(null)), MOST) },
    file: 'bytes',
    keep: { shape: SIGNED_KEPT, orNothing: true },
    keepRules: { shape: REFUSED },
    card: { shape: PARTY_CARD },
    sheet: { shape: PROVEN_SHEET },
    state: {
      shape: { said: SIGNED_NEWEST, 'sealed?': 'text' },
    },
    letters: { shape: new ListOf(SENT_LETTER, MOST) },
    keptAfter: {
      shape: {
        series: /^0x[0-9a-f]{32}$/,
        kept: new ListOf({ place: 'count', id: BYTES32 }, MOST),
      },
    },
    // Each of them is checked for itself, and must prove itself.
    keptCopies: { shape: new ListOf('any', MOST) },
    read: {
      shape: new ListOf(
        new Either(
          { ...ENTRY, body: 'text' },
          {
            ...ENTRY,
            at: 'count',
            bodySize: 'count',
            'tombstone?': {
              handle: BYTES32,
              'version?': { record: BYTES32, version: 'count', file: BYTES32 },
            },
          },
        ),
        MOST,
      ),
    },
    latestCheckpoint: { shape: PLACED, orNothing: true },
    nextCheckpoint: { shape: PLACED, orNothing: true },
    notice: 'nothing',
  },
  authority: {
    draft: {
      shape: { enrolment: messageShape('Enrolment'), 'patientId?': 'text', 'salt?': 'text' },
    },
    approve: { shape: SIGNATURE },
    approveSender: { shape: SIGNATURE },
  },
};
