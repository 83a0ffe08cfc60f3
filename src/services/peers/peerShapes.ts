import type { RightOpening } from '../../protocol/rights/RightOpening.ts';
import type { Problem } from '../../errors/MedsealError.ts';
import type { CopiedEntry, ErasedEntry } from '../../log/EvidenceLog.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { CHART_PART } from '../../protocol/evidence/chartPart.ts';
import type {
  Acknowledgement,
  CoordinatorSignature,
  PlacedCheckpoint,
} from '../../protocol/evidence/evidence.ts';
import { PLACED_CHECKPOINT, VERDICT } from '../../protocol/evidence/evidenceShapes.ts';
import {
  ADDRESS,
  BYTES32,
  Either,
  ListOf,
  MapOf,
  Named,
  OneOf,
  SIGNATURE,
  type Pattern,
  type Shape,
} from '../../protocol/wire/findShapeError.ts';
import type { Hex } from '../../protocol/ids.ts';
import { MOST_RELEASED, SEAL_ASKED } from '../../protocol/release/ReleaseAsked.ts';
import { PAIR_IN_SET } from '../../protocol/release/releasedView.ts';
import type { SignedReadings } from '../../protocol/sensors/ReadingsHeader.ts';
import type { Will } from '../../protocol/care/vitalRecords.ts';
import { ACKNOWLEDGEMENT } from '../../protocol/shapes/acknowledgementShape.ts';
import { SIGNED_NEWEST } from '../../protocol/shapes/answerShapes.ts';
import {
  FACTS_QUERY,
  MAX_SUBMISSIONS,
  MOST_LISTS,
  SENT_LETTER,
  SIGNED_APPLICATION,
  VIEW_PAIRS,
} from '../../protocol/shapes/askedShapes.ts';
import { MOST_PAIRS } from '../../protocol/evidence/viewSet.ts';
import { messageShape } from '../../protocol/shapes/messageShape.ts';
import { shapeOfType } from '../../protocol/shapes/shapeOfType.ts';
import type { FileIdentity } from '../../vault/Vault.ts';
import { DIGESTS_KEPT, type BlockDigest } from '../IndexDigests.ts';
import type { SheetWanted } from '../deposits/depositKeys.ts';
import { MAX_PRESENTED } from '../entries/presentEntries.ts';
import type {
  CheckpointAnswer,
  CheckpointRequest,
  Deposit,
  DepositCopy,
  DepositPage,
  FactsAsked,
  DraftedEnrolment,
  HandleOpening,
  JudgedBody,
  Judgement,
  PresentedLog,
  RefusedItem,
  SignedEdge,
  StateGiven,
  StateWanted,
  ReleaseRequest,
  ErasedQuery,
  ReleasesQuery,
  TallyQuery,
  ViewToRelease,
  AuthorityPort,
  ContributorPort,
  CoordinatorPort,
} from '../ports.ts';

/** `FactsAsked` */
export const FACTS_ASKED = shapeOfType<FactsAsked>('FactsAsked')({
  ...FACTS_QUERY.shape,
  block: 'count',
});

/** Shapes of the values that cross between organisations, each with its type. */

/** The most items of an answer: one for each name of the question, or a page. */
const MOST_ITEMS = 4096;
/** A proof has a hash for each level of a tree. */
const PROOF = new ListOf(BYTES32, 64);
const BYTES16: Pattern<Hex> = /^0x[0-9a-f]{32}$/;

/** An object whose parts are examined where they are used, one by one. */
function examinedLater<Type extends object>(name: string): Named<MapOf<'any'>, Type> {
  return new Named(name, new MapOf(/(?:)/, 'any'));
}

const { verdict, index } = VERDICT;
const SIGNED = { coordinator: ADDRESS, signature: SIGNATURE } as const;
const SIGNED_VERDICT = { ...VERDICT, proof: PROOF } as const;
const PLACED_VERDICT = {
  ...SIGNED,
  verdict,
  from: 'count',
  'part?': { index: 'count', proof: PROOF },
} as const;
const LOG_ENTRY = {
  log: 'text',
  index,
  entry: BYTES32,
  verdicts: new ListOf(SIGNED_VERDICT, 256),
} as const;

/** A coordinator's signature. */
export const COORDINATOR_SIGNATURE =
  shapeOfType<CoordinatorSignature>('CoordinatorSignature')(SIGNED);
/** A coordinator's signature for each request. */
export const COORDINATOR_SIGNATURES = new ListOf(COORDINATOR_SIGNATURE, MOST_ITEMS);

/** A body that is malformed is refused for itself. */
const JUDGED_BODY = shapeOfType<JudgedBody>('JudgedBody')({
  body: 'text',
  'opening?': examinedLater<RightOpening>('RightOpening'),
  'will?': examinedLater<Will>('Will'),
  'record?': examinedLater<Acknowledgement>('Acknowledgement'),
  'pairs?': VIEW_PAIRS,
  'records?': new ListOf(examinedLater<Acknowledgement>('Acknowledgement'), MOST_PAIRS),
});

/** Bodies to judge for a log. */
export const JUDGE_REQUEST = shapeOfType<Parameters<CoordinatorPort['judge']>[0]>('JudgeRequest')({
  log: 'text',
  bodies: [JUDGED_BODY],
});

/** Items that were not accepted. */
export const REFUSED_ITEMS = new ListOf(
  shapeOfType<RefusedItem>('RefusedItem')({
    index: 'count',
    problem: new Named<'any', Problem>('Problem', 'any'),
    'pairs?': new ListOf('count', MOST_PAIRS),
  }),
  MOST_ITEMS,
);

/** `Judgement` */
export const JUDGEMENT = shapeOfType<Judgement>('Judgement')({
  refused: REFUSED_ITEMS,
  'verdict?': { ...SIGNED, verdict },
});

/** `SignedEdge` */
export const SIGNED_EDGE = shapeOfType<SignedEdge>('SignedEdge')({
  size: 'count',
  root: BYTES32,
  peaks: PROOF,
  'note?': 'text',
});

/** A place in a log, from which on something is asked for. */
export const FROM_PLACE = shapeOfType<Parameters<CoordinatorPort['shown']>[0]>('FromPlace')({
  log: 'text',
  from: 'count',
});

/** `BlockDigest` of each block that has one. */
export const BLOCK_DIGESTS = new ListOf(
  shapeOfType<BlockDigest>('BlockDigest')({ block: 'count', digest: BYTES32 }),
  DIGESTS_KEPT,
);

/** Entries whose bodies are asked for. */
export const BODIES_WANTED = shapeOfType<Parameters<CoordinatorPort['judged']>[0]>('BodiesWanted')({
  log: 'text',
  entries: new ListOf(BYTES32, 256),
});

/** Sets of views whose lists are asked for. */
export const LISTS_WANTED = shapeOfType<Parameters<CoordinatorPort['listed']>[0]>('ListsWanted')({
  log: 'text',
  entries: new ListOf(BYTES32, MOST_LISTS),
});

/** `PresentedLog` */
export const PRESENTED_LOG = shapeOfType<PresentedLog>('PresentedLog')({
  note: 'text',
  from: 'count',
  entries: new ListOf(BYTES32, MAX_PRESENTED),
  verdicts: new ListOf(PLACED_VERDICT, 256 * MAX_PRESENTED),
});

/** `CheckpointRequest`: the service says how much is too large. */
export const CHECKPOINT_REQUEST = shapeOfType<CheckpointRequest>('CheckpointRequest')({
  log: 'text',
  note: 'text',
  entries: [BYTES32],
  from: 'count',
  verdicts: [{ ...PLACED_VERDICT, 'part?': { index: 'count', proof: [BYTES32] } }],
});

/** `CheckpointAnswer` */
export const CHECKPOINT_ANSWER = shapeOfType<CheckpointAnswer>('CheckpointAnswer')({
  known: 'count',
  'signed?': SIGNED,
});

/** `TallyQuery` */
export const TALLY_QUERY = shapeOfType<TallyQuery>('TallyQuery')({
  audit: ACKNOWLEDGEMENT,
  log: 'text',
  size: 'count',
  root: BYTES32,
  'opening?': examinedLater<RightOpening>('RightOpening'),
  'will?': examinedLater<Will>('Will'),
  'part?': CHART_PART,
});

const VIEW_TO_RELEASE = shapeOfType<ViewToRelease>('ViewToRelease')({
  view: ACKNOWLEDGEMENT,
  place: 'count',
  'pair?': PAIR_IN_SET,
  ...SEAL_ASKED,
  'opening?': examinedLater<RightOpening>('RightOpening'),
  'will?': examinedLater<Will>('Will'),
  'record?': ACKNOWLEDGEMENT,
  'readings?': examinedLater<SignedReadings>('SignedReadings'),
});

/** `ReleaseRequest` */
export const RELEASE_REQUEST = shapeOfType<ReleaseRequest>('ReleaseRequest')({
  log: 'text',
  recipient: 'text',
  views: new ListOf(VIEW_TO_RELEASE, MOST_RELEASED),
  'key?': BYTES32,
  'block?': 'count',
});

/** `ReleasesQuery` */
export const RELEASES_QUERY = shapeOfType<ReleasesQuery>('ReleasesQuery')({
  audit: ACKNOWLEDGEMENT,
  since: 'count',
  from: 'count',
});

export const ERASED_QUERY = shapeOfType<ErasedQuery>('ErasedQuery')({
  audit: ACKNOWLEDGEMENT,
  log: 'text',
  index: 'count',
});

/** A range of entries. */
export const RANGE = shapeOfType<Parameters<ContributorPort['read']>[0]>('Range')({
  log: 'text',
  from: 'count',
  to: 'count',
});

/** A size of a log, after which a checkpoint is asked for. */
export const AFTER_SIZE = shapeOfType<Parameters<ContributorPort['nextCheckpoint']>[0]>(
  'AfterSize',
)({
  log: 'text',
  size: 'count',
});

/** Names of files, or the like. */
export const NAMES = new ListOf(BYTES32, MOST_ITEMS);

/** A text for each name; null for what is not there. */
export const TEXTS = new ListOf(
  shapeOfType<string | null>('TextOrNull')(new Either('text', new OneOf(null))),
  MOST_ITEMS,
);

/** `FileIdentity` of each file. */
export const FILE_IDENTITIES = new ListOf(
  shapeOfType<FileIdentity>('FileIdentity')({ hash: BYTES32, size: 'count' }),
  MOST_ITEMS,
);

/** `Deposit`; each kind is examined where it is kept. */
export const DEPOSIT = new Named<Shape, Deposit>(
  'Deposit',
  new Either(
    { application: 'any' },
    { patient: 'any' },
    { card: 'any' },
    { letter: 'any' },
    { care: 'any' },
  ),
);

/** Submissions of rules, with what is deposited with each. */
export const RULE_SUBMISSIONS = new ListOf(
  examinedLater<Submission>('Submission'),
  MAX_SUBMISSIONS,
);

/** `SentLetter`, one page. */
export const LETTER_PAGE = new ListOf(SENT_LETTER, MOST_ITEMS);

/** Openings of grants, one page. */
export const OPENINGS = new ListOf(messageShape('Grant'), MOST_ITEMS);

/** Epochs that a patient is to enter. */
export const ADVANCES = new ListOf(messageShape('Advance'), 256);

/** `SheetWanted` */
export const SHEET_WANTED = shapeOfType<SheetWanted>('SheetWanted')({
  handle: BYTES32,
  epoch: 'count',
  root: BYTES32,
});

/** `StateWanted` */
export const STATE_WANTED = shapeOfType<StateWanted>('StateWanted')({
  handle: BYTES32,
  nonce: BYTES32,
});

/** `StateGiven` */
export const STATE_GIVEN = shapeOfType<StateGiven>('StateGiven')({
  said: SIGNED_NEWEST,
  'sealed?': 'text',
});

/** `DepositPage` */
export const DEPOSIT_PAGE = shapeOfType<DepositPage>('DepositPage')({
  series: BYTES16,
  kept: new ListOf({ place: 'count', id: BYTES32 }, MOST_ITEMS),
});

/** Copies of deposits; each is checked for itself, and must prove itself. */
export const DEPOSIT_COPIES = new ListOf(
  new Named<'any', DepositCopy | null>('DepositCopy', 'any'),
  MOST_ITEMS,
);

const KEPT_ENTRY = shapeOfType<Acknowledgement>('KeptEntry')({ ...LOG_ENTRY, body: 'text' });

const ERASED_ENTRY = shapeOfType<Omit<ErasedEntry, 'body'>>('ErasedEntry')({
  ...LOG_ENTRY,
  at: 'count',
  bodySize: 'count',
  'tombstone?': {
    handle: BYTES32,
    'version?': { record: BYTES32, version: 'count', file: BYTES32 },
  },
});

/** `CopiedEntry` of each place of a range. */
export const COPIED_ENTRIES = new ListOf(
  new Named<Shape, CopiedEntry>('CopiedEntry', new Either(KEPT_ENTRY, ERASED_ENTRY)),
  MOST_ITEMS,
);

/** `PlacedCheckpoint` */
export const PEER_CHECKPOINT = shapeOfType<PlacedCheckpoint>('PlacedCheckpoint')({
  checkpoint: { ...PLACED_CHECKPOINT.checkpoint, signatures: new ListOf(SIGNED, 256) },
  ledger: PLACED_CHECKPOINT.ledger,
});

const HANDLE_OPENING = shapeOfType<HandleOpening>('HandleOpening')({
  patientId: 'text',
  salt: 'text',
});

/** `DraftedEnrolment` */
export const DRAFTED_ENROLMENT = shapeOfType<DraftedEnrolment>('DraftedEnrolment')({
  enrolment: messageShape('Enrolment'),
  'patientId?': 'text',
  'salt?': 'text',
});

/** An enrolment to approve. */
export const APPROVAL = shapeOfType<Parameters<AuthorityPort['approve']>[0]>('Approval')({
  application: SIGNED_APPLICATION,
  enrolment: messageShape('Enrolment'),
  'opening?': HANDLE_OPENING,
});
