// Over 400 lines: the shapes of all answers are built from each other.
import type { MandateFacts } from '../care/mandates.ts';
import type { PortalStatement } from '../portal/portalStatement.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Problem } from '../../errors/MedsealError.ts';
import type {
  AuditedEntry,
  BatchesApart,
  ChainEntry,
  ConsistencyProof,
  EntryProof,
  InclusionProof,
  KnownLog,
  LedgerPlace,
  LogEntry,
  Outcome,
  PendingReceipt,
  PlacedCheckpoint,
  Release,
  ReleasedFile,
  SignedCheckpoint,
  SignedKept,
  SignedErased,
  SignedNewest,
  SignedPlace,
  SignedTally,
} from '../evidence/evidence.ts';
import { PLACED_CHECKPOINT } from '../evidence/evidenceShapes.ts';
import type {
  AttestedFacts,
  EnrolmentResult,
  Facts,
  GrantFacts,
  PartyFacts,
  SignerFacts,
  PatientFacts,
} from '../evidence/facts.ts';
import type { BlockFacts } from '../network/BlockFacts.ts';
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
} from '../wire/findShapeError.ts';
import type { Hex } from '../ids.ts';
import { NODE_URL } from '../wire/isNodeUrl.ts';
import type { LedgerBlock, LedgerEvent } from '../network/LedgerBlock.ts';
import type { LedgerAnswer } from '../network/LedgerCall.ts';
import type { RightsPage, Settled, ToldBrowsers } from '../AgentPort.ts';
import type { BatchHeader, LogBatch } from '../evidence/LogBatch.ts';
import type {
  Channel,
  Founder,
  LogIdentity,
  Member,
  NetworkFile,
  ReleaseKey,
} from '../network/NetworkFile.ts';
import { MOST_RELEASED } from '../release/ReleaseAsked.ts';
import type { RefusedView, ReleasedShares } from '../release/ReleasedShares.ts';
import { ENGINE_UPGRADE } from '../network/engineUpgrade.ts';
import {
  MAX_FORMER_RELEASES,
  MAX_SUCCESSOR_CHANNELS,
  MAX_SUCCESSOR_ORGANISATIONS,
  MAX_SUCCESSOR_SIGNATURES,
  MAX_SUCCESSORS,
  type BlockStatement,
  type PlacedSuccessor,
  type SignedRule,
  type Successor,
  type SuccessorFork,
  type SuccessorsFile,
} from '../network/Successor.ts';
import { MOST_RANKED } from '../care/drawVerifiers.ts';
import {
  CLAIM_STATES,
  type AccountFacts,
  type ClaimFacts,
  type IssuerFacts,
} from '../care/claims.ts';
import type { DispenseFacts, PrescribedOn, PrescriptionFacts } from '../care/prescriptions.ts';
import { CHAIN_NAME, VALIDATOR_ADDRESS, VALIDATOR_NODE } from '../network/validatorShapes.ts';
import type { LifeFacts, VitalFacts } from '../care/vitalRecords.ts';
import { VITAL_STAGES } from '../struct/vitalTypes.ts';
import { MOST_PAIRS, type ListedPair } from '../evidence/viewSet.ts';
import { CATEGORIES, ROLES, SERVICES } from '../vocabulary.ts';
import { FACTS_QUERY, MAX_ORDERS, MAX_PARTIES, MOST_LISTS } from './askedShapes.ts';
import { messageShape, signedShape } from './messageShape.ts';
import { ACKNOWLEDGEMENT, SIGNED_VERDICT } from './acknowledgementShape.ts';
import { shapeOfType } from './shapeOfType.ts';

/** Shapes of an agent's answers, each under the name of its type. */

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** The name of an organisation. */
export const ORGANISATION = /^[a-z0-9-]{1,31}$/;
const BYTES16 = /^0x[0-9a-f]{32}$/;

const MEMBER = shapeOfType<Member>('Member')({ organisation: ORGANISATION, address: ADDRESS });

const FOUNDER = shapeOfType<Founder>('Founder')({
  organisation: ORGANISATION,
  sender: ADDRESS,
  'url?': new RegExp(NODE_URL),
  'tls?': BYTES32,
  'validator?': {
    key: BYTES32,
    node: VALIDATOR_NODE,
    address: VALIDATOR_ADDRESS,
    stake: 'count',
  },
});

const LOG_IDENTITY = shapeOfType<LogIdentity>('LogIdentity')({
  name: 'text',
  organisation: ORGANISATION,
  origin: 'text',
  id: BYTES32,
  key: 'text',
});

const SIGNED_OFFICE_CHANGE = shapeOfType<SignedRule<'OfficeChange'>>('SignedOfficeChange')({
  message: messageShape('OfficeChange'),
  signatures: new ListOf(SIGNATURE, MAX_SUCCESSOR_SIGNATURES),
});

const SIGNED_STAKE_CHANGE = shapeOfType<SignedRule<'StakeChange'>>('SignedStakeChange')({
  message: messageShape('StakeChange'),
  signatures: new ListOf(SIGNATURE, MAX_SUCCESSOR_SIGNATURES),
});

const SIGNED_KEY_REPLACEMENT = shapeOfType<SignedRule<'KeyReplacement'>>('SignedKeyReplacement')({
  message: messageShape('KeyReplacement'),
  signatures: new ListOf(SIGNATURE, MAX_SUCCESSOR_SIGNATURES),
});

const SIGNED_KEY_REMOVAL = shapeOfType<SignedRule<'KeyRemoval'>>('SignedKeyRemoval')({
  message: messageShape('KeyRemoval'),
  signatures: new ListOf(SIGNATURE, MAX_SUCCESSOR_SIGNATURES),
});

/** A compressed point of secp256k1. */
export const POINT: Pattern<Hex> = /^0x0[23][0-9a-f]{64}$/;

/** `ReleaseKey` */
export const RELEASE_KEY = shapeOfType<ReleaseKey>('ReleaseKey')({
  threshold: 'count',
  publicKey: POINT,
  shares: new ListOf(
    { organisation: 'text', index: 'count', key: POINT },
    MAX_SUCCESSOR_ORGANISATIONS,
  ),
});

const CHANNEL = shapeOfType<Channel>('Channel')({
  name: 'text',
  faulty: 'count',
  thresholds: { writes: 'count', views: 'count' },
  'categories?': [new OneOf(...CATEGORIES)],
  'controlled?': ['text'],
  'copies?': 'count',
  'dailyBytes?': 'count',
  'correctionDays?': 'count',
  'retentionDays?': 'count',
  'release?': RELEASE_KEY,
  'formerReleases?': new ListOf(RELEASE_KEY, MAX_FORMER_RELEASES),
  coordinators: new ListOf(MEMBER, MAX_SUCCESSOR_ORGANISATIONS),
  logs: new ListOf(LOG_IDENTITY, MAX_SUCCESSOR_ORGANISATIONS),
});

const BLOCK_FACTS = shapeOfType<BlockFacts>('BlockFacts')({
  height: 'count',
  hash: BYTES32,
  time: 'count',
});

/** `NetworkFile` */
export const NETWORK_FILE = shapeOfType<NetworkFile>('NetworkFile')({
  format: new OneOf('medseal-network/1'),
  networkId: BYTES32,
  demo: 'boolean',
  ledger: {
    chainId: 'count',
    genesis: BYTES32,
    'timestamp?': 'count',
    'chain?': CHAIN_NAME,
    'maxAge?': 'count',
    'of?': {
      network: BYTES32,
      registry: ADDRESS,
      'validators?': [{ key: BYTES32, stake: 'count' }],
    },
  },
  'founders?': [FOUNDER],
  'engine?': ENGINE_UPGRADE,
  contracts: {
    registry: ADDRESS,
    consent: ADDRESS,
    evidence: ADDRESS,
    'validators?': ADDRESS,
    'prescriptions?': ADDRESS,
    'vitalRecords?': ADDRESS,
    'settlement?': ADDRESS,
    'claims?': ADDRESS,
    'mandates?': ADDRESS,
  },
  authority: { threshold: 'count', members: [MEMBER] },
  'rights?': { longest: 'count' },
  'changes?': { delay: 'count' },
  'claims?': { term: 'count' },
  channels: [CHANNEL],
  'nodes?': [FOUNDER],
  'before?': [
    {
      fingerprint: BYTES32,
      until: 'count',
      channels: [CHANNEL],
      'authority?': { threshold: 'count', members: [MEMBER] },
      'block?': BLOCK_FACTS,
    },
  ],
});

/** `BlockStatement` */
const BLOCK_STATEMENT = shapeOfType<BlockStatement>('BlockStatement')({
  coordinator: ADDRESS,
  signature: SIGNATURE,
  attestation: messageShape('Attestation'),
  facts: { asked: { newest: 'count' }, newest: BLOCK_FACTS },
});

/** Contracts that a successor adds. */
export const ADDED_CONTRACTS = {
  'prescriptions?': ADDRESS,
  'vitalRecords?': ADDRESS,
  'settlement?': ADDRESS,
  'claims?': ADDRESS,
  'mandates?': ADDRESS,
} as const;

/** `Successor` */
export const SUCCESSOR = shapeOfType<Successor>('Successor')({
  format: new OneOf('medseal-successor/1'),
  number: 'count',
  predecessor: BYTES32,
  from: 'count',
  authority: { threshold: 'count', members: new ListOf(MEMBER, MAX_SUCCESSOR_ORGANISATIONS) },
  channels: new ListOf(CHANNEL, MAX_SUCCESSOR_CHANNELS),
  'nodes?': new ListOf(FOUNDER, MAX_SUCCESSOR_ORGANISATIONS),
  'contracts?': ADDED_CONTRACTS,
  'engine?': ENGINE_UPGRADE,
  'keeps?': new OneOf('authority'),
  'newest?': new ListOf(BLOCK_STATEMENT, MAX_SUCCESSOR_ORGANISATIONS),
  signatures: new ListOf(SIGNATURE, MAX_SUCCESSOR_SIGNATURES),
  offices: new ListOf(SIGNED_OFFICE_CHANGE, 2),
  stakes: new ListOf(SIGNED_STAKE_CHANGE, MAX_SUCCESSOR_SIGNATURES),
  'replacement?': SIGNED_KEY_REPLACEMENT,
  'removal?': SIGNED_KEY_REMOVAL,
});

/** `PlacedSuccessor` */
export const PLACED_SUCCESSOR = shapeOfType<PlacedSuccessor>('PlacedSuccessor')({
  number: 'count',
  fingerprint: BYTES32,
  from: 'count',
});

/** `SuccessorFork` */
export const SUCCESSOR_FORK = shapeOfType<SuccessorFork>('SuccessorFork')({
  successors: new ListOf(SUCCESSOR, 2),
});

/** `SuccessorsFile` */
export const SUCCESSORS_FILE = shapeOfType<SuccessorsFile>('SuccessorsFile')({
  format: new OneOf('medseal-successors/1'),
  successors: new ListOf(SUCCESSOR, MAX_SUCCESSORS),
  'first?': NETWORK_FILE,
  'fork?': SUCCESSOR_FORK,
  'begun?': { authority: 'count', coordinators: 'count' },
});

/** Codes may be added. */
const CODE: Pattern<ErrorCode> = /^[A-Z_]{3,40}$/;
const VALUES = new MapOf(/^[a-zA-Z]+$/, new Either('text', 'number'));
const PROBLEM_FIELDS = {
  type: /^urn:medseal:error:[A-Z_]+$/,
  status: 'count',
  code: CODE,
  detail: 'text',
  next: 'text',
  values: VALUES,
} as const;

/** `Problem` */
export const PROBLEM = shapeOfType<Problem>('Problem')(PROBLEM_FIELDS);

/** A problem as HTTP carries it (RFC 9457). */
export const HTTP_PROBLEM = new Named('HttpProblem', {
  ...PROBLEM_FIELDS,
  'instance?': /^urn:medseal:request:[\w.-]+$/,
  'acknowledgement?': ACKNOWLEDGEMENT,
});

/** `SignedKept` */
export const SIGNED_KEPT = shapeOfType<SignedKept>('SignedKept')({
  coordinator: ADDRESS,
  signature: SIGNATURE,
  newest: messageShape('NewestState'),
});

/** `SignedNewest` */
export const SIGNED_NEWEST = shapeOfType<SignedNewest>('SignedNewest')({
  coordinator: ADDRESS,
  signature: SIGNATURE,
  newest: messageShape('NewestState'),
  'keep?': signedShape('Keep'),
});

/** `KnownLog` */
export const KNOWN_LOG = shapeOfType<KnownLog>('KnownLog')({ log: 'text', entries: 'count' });

/** `BatchesApart` */
export const BATCHES_APART = shapeOfType<BatchesApart>('BatchesApart')({
  category: new OneOf(...CATEGORIES),
  count: 'count',
});

/** Record versions that a set of views names, some of them erased. */
const LISTED_PAIRS = new ListOf(
  shapeOfType<ListedPair>('ListedPair')(
    new Either({ record: BYTES32, version: 'count' }, { leaf: BYTES32 }),
  ),
  MOST_PAIRS,
);

/** The list of each set that is asked for; empty for one that nobody gave. */
export const LISTS = new ListOf(LISTED_PAIRS, MOST_LISTS);

const TICKET = /^[0-9a-f]{32}$/;

const RELEASE = shapeOfType<Release>('Release')({
  'records?': [ACKNOWLEDGEMENT],
  'beside?': [ACKNOWLEDGEMENT],
  'apart?': [BATCHES_APART],
  'known?': [KNOWN_LOG],
  'erasures?': [ACKNOWLEDGEMENT],
  'packet?': BASE64,
  'keep?': signedShape('Keep'),
  'newest?': [SIGNED_NEWEST],
  'ticket?': TICKET,
  'files?': new ListOf(
    shapeOfType<ReleasedFile>('ReleasedFile')(new Either({ ticket: TICKET }, { problem: PROBLEM })),
    MOST_PAIRS,
  ),
});

const OUTCOMES = new Either(
  {
    outcome: new OneOf('acknowledged'),
    acknowledgement: ACKNOWLEDGEMENT,
    'release?': RELEASE,
  },
  { outcome: new OneOf('placed'), transaction: BYTES32, block: 'count' },
  { outcome: new OneOf('kept') },
  { outcome: new OneOf('refused'), problem: PROBLEM, 'acknowledgement?': ACKNOWLEDGEMENT },
);

/** `Outcome` */
export const OUTCOME = shapeOfType<Outcome>('Outcome')(OUTCOMES);

/** `LedgerPlace` */
export const LEDGER_PLACE = shapeOfType<LedgerPlace>('LedgerPlace')({
  transaction: BYTES32,
  block: 'count',
});

/** `Settled` */
export const SETTLED = shapeOfType<Settled>('Settled')({ 'place?': LEDGER_PLACE });

/** `SignedCheckpoint` */
export const SIGNED_CHECKPOINT = shapeOfType<SignedCheckpoint>('SignedCheckpoint')(
  PLACED_CHECKPOINT.checkpoint,
);

const SIGNED_PLACE = shapeOfType<SignedPlace>('SignedPlace')(PLACED_CHECKPOINT.ledger);

/** `EntryProof` */
export const ENTRY_PROOF = shapeOfType<EntryProof>('EntryProof')({
  checkpoint: SIGNED_CHECKPOINT,
  inclusion: [BYTES32],
  ledger: SIGNED_PLACE,
});

/** `RightsPage` */
export const RIGHTS_PAGE = shapeOfType<RightsPage>('RightsPage')({
  rights: [messageShape('Grant')],
  more: 'boolean',
});

/** `ToldBrowsers` */
export const TOLD_BROWSERS = shapeOfType<ToldBrowsers>('ToldBrowsers')({
  'key?': /^[A-Za-z0-9_-]{87}$/,
  browsers: [{ endpoint: BYTES32, service: /^[a-z0-9.:-]{1,255}$/, until: 'count' }],
});

/** `PendingReceipt` */
export const PENDING_RECEIPT = shapeOfType<PendingReceipt>('PendingReceipt')({
  status: new OneOf('pending'),
  log: 'text',
  index: 'count',
  checkpointed: 'count',
  retryAfter: 'count',
});

const EPOCHS = { first: 'count', count: 'count', root: BYTES32 } as const;
const { nonce: _nonce, ...asked } = FACTS_QUERY.shape;

/** `PartyFacts` */
export const PARTY_FACTS = shapeOfType<PartyFacts>('PartyFacts')({
  party: ADDRESS,
  role: new OneOf(...ROLES, ...SERVICES),
  organisation: ORGANISATION,
  suspended: 'boolean',
  standing: 'count',
  recipient: BYTES32,
  'key?': { signer: ADDRESS, change: 'count' },
  'recovery?': { signer: ADDRESS, readyAt: 'count' },
  'handle?': BYTES32,
});

const SIGNER_FACTS = shapeOfType<SignerFacts>('SignerFacts')({
  party: ADDRESS,
  present: 'boolean',
  suspended: 'boolean',
});

const VITAL_FACTS = shapeOfType<VitalFacts>('VitalFacts')({
  stage: new OneOf(...VITAL_STAGES),
  step: 'count',
  'report?': BYTES32,
  'reporter?': ADDRESS,
  'reportedAt?': 'count',
  'reportedIn?': 'count',
  'since?': 'count',
});

const LIFE_FACTS = shapeOfType<LifeFacts>('LifeFacts')({
  birth: VITAL_FACTS,
  death: VITAL_FACTS,
  number: 'count',
  'will?': BYTES32,
});

const MANDATE_FACTS = shapeOfType<MandateFacts>('MandateFacts')({
  mandate: BYTES32,
  key: ADDRESS,
  powers: 'count',
  until: 'count',
  state: new OneOf('active', 'ended'),
  'lastEpoch?': 'count',
  'appointer?': ADDRESS,
});

const PATIENT_FACTS = shapeOfType<PatientFacts>('PatientFacts')({
  handle: BYTES32,
  controller: ADDRESS,
  epoch: 'count',
  ...EPOCHS,
  'next?': EPOCHS,
  'life?': LIFE_FACTS,
  'mandates?': [MANDATE_FACTS],
});

const GRANT_FACTS = shapeOfType<GrantFacts>('GrantFacts')({
  handle: BYTES32,
  state: new OneOf('active', 'ended'),
});

const PRESCRIPTION_FACTS = shapeOfType<PrescriptionFacts>('PrescriptionFacts')({
  state: new OneOf('active', 'held', 'ended'),
  step: 'count',
  dispensed: 'count',
  prescriber: ADDRESS,
  second: ADDRESS,
  holder: ADDRESS,
  slip: ADDRESS,
  amount: 'count',
  fills: 'count',
  interval: 'count',
  from: 'count',
  until: 'count',
  'replacement?': BYTES32,
});

const CLAIM_FACTS = shapeOfType<ClaimFacts>('ClaimFacts')({
  state: new OneOf(...CLAIM_STATES),
  'disputant?': ADDRESS,
  round: 'count',
  'ranking?': new ListOf({ organisation: 'text', verifier: ADDRESS }, MOST_RANKED),
  judged: new ListOf(ADDRESS, MOST_RANKED),
  'safe?': 'boolean',
  'lotHash?': BYTES32,
  before: 'count',
  step: 'count',
  due: 'count',
  claimant: ADDRESS,
  insurer: ADDRESS,
  payee: ADDRESS,
  amount: 'count',
  total: 'count',
  approved: 'count',
  'followedBy?': BYTES32,
  treatment: BYTES32,
  follows: BYTES32,
  authorisation: BYTES32,
});

const DISPENSE_FACTS = shapeOfType<DispenseFacts>('DispenseFacts')({
  prescription: BYTES32,
  step: 'count',
  amount: 'count',
  slip: ADDRESS,
  block: 'count',
});

const PRESCRIBED_ON = shapeOfType<PrescribedOn>('PrescribedOn')({
  order: BYTES32,
  prescription: BYTES32,
});

const ACCOUNT_FACTS = shapeOfType<AccountFacts>('AccountFacts')({
  balance: 'count',
  number: 'count',
});

const ISSUER_FACTS = shapeOfType<IssuerFacts>('IssuerFacts')({
  outstanding: 'count',
  number: 'count',
});

/** The most grants of a chart that facts name: its openings, which a state keeps, are fewer. */
const MOST_GRANTS = 2 ** 14;

const FACTS = shapeOfType<Facts>('Facts')({
  asked,
  'party?': PARTY_FACTS,
  'parties?': new ListOf(PARTY_FACTS, MAX_PARTIES),
  'signer?': SIGNER_FACTS,
  'patient?': PATIENT_FACTS,
  'grant?': GRANT_FACTS,
  'grants?': new ListOf(BYTES32, MOST_GRANTS),
  'prescription?': PRESCRIPTION_FACTS,
  'orders?': new ListOf(PRESCRIBED_ON, MAX_ORDERS),
  'dispense?': DISPENSE_FACTS,
  'claim?': CLAIM_FACTS,
  'taken?': new OneOf(true),
  'account?': ACCOUNT_FACTS,
  'issuer?': ISSUER_FACTS,
  'past?': new OneOf(true),
  'newest?': BLOCK_FACTS,
});

/** `AttestedFacts` */
export const ATTESTED_FACTS = shapeOfType<AttestedFacts>('AttestedFacts')({
  coordinator: ADDRESS,
  signature: SIGNATURE,
  attestation: messageShape('Attestation'),
  facts: FACTS,
});

/** `EnrolmentResult` */
export const ENROLMENT_RESULT = shapeOfType<EnrolmentResult>('EnrolmentResult')({
  enrolment: messageShape('Enrolment'),
  transaction: BYTES32,
  'patientId?': 'text',
  'salt?': BYTES16,
});

/** `AuditedEntry` */
export const AUDITED_ENTRY = shapeOfType<AuditedEntry>('AuditedEntry')({
  index: 'count',
  entry: BYTES32,
  'body?': 'text',
  verdicts: [SIGNED_VERDICT],
  inclusion: [BYTES32],
});

/** `ChainEntry` */
export const CHAIN_ENTRY = shapeOfType<ChainEntry>('ChainEntry')({
  ...AUDITED_ENTRY.shape,
  'pairs?': LISTED_PAIRS,
});

/** `SignedTally` */
export const SIGNED_TALLY = shapeOfType<SignedTally>('SignedTally')({
  coordinator: ADDRESS,
  signature: SIGNATURE,
  tally: messageShape('Tally'),
});

/** `SignedErased` */
export const SIGNED_ERASED = shapeOfType<SignedErased>('SignedErased')({
  coordinator: ADDRESS,
  signature: SIGNATURE,
  erased: messageShape('Erased'),
});

/** `BatchHeader` */
export const BATCH_HEADER = shapeOfType<BatchHeader>('BatchHeader')({
  number: 'count',
  timestamp: 'count',
  hash: BYTES32,
  previousHash: BYTES32,
  merkleRoot: BYTES32,
});

/** `LogBatch` */
export const LOG_BATCH = shapeOfType<LogBatch>('LogBatch')({
  header: BATCH_HEADER,
  from: 'count',
  to: 'count',
  bytes: 'count',
  complete: 'boolean',
});

/** `PlacedCheckpoint` */
export const PLACED = shapeOfType<PlacedCheckpoint>('PlacedCheckpoint')({
  checkpoint: SIGNED_CHECKPOINT,
  ledger: SIGNED_PLACE,
});

/** `LogEntry` */
export const LOG_ENTRY = shapeOfType<LogEntry>('LogEntry')({ index: 'count', entry: BYTES32 });

/** `PortalStatement` */
export const PORTAL_STATEMENT = shapeOfType<PortalStatement>('PortalStatement')({
  sha256: /^[0-9a-f]{64}$/,
  policy: 'text',
  at: 'count',
  note: 'text',
});

/** `InclusionProof` */
export const INCLUSION_PROOF = shapeOfType<InclusionProof>('InclusionProof')({
  entry: BYTES32,
  root: BYTES32,
  proof: [BYTES32],
});

/** `ConsistencyProof` */
export const CONSISTENCY_PROOF = shapeOfType<ConsistencyProof>('ConsistencyProof')({
  before: BYTES32,
  after: BYTES32,
  proof: [BYTES32],
});

const LEDGER_EVENT = shapeOfType<LedgerEvent>('LedgerEvent')({
  transaction: BYTES32,
  kind: /^[A-Z][A-Za-z]+$/,
  values: new MapOf(/^[a-zA-Z]+$/, new Either('text', 'count', 'boolean')),
});

/** `LedgerAnswer` */
export const LEDGER_ANSWER = shapeOfType<LedgerAnswer>('LedgerAnswer')({
  jsonrpc: new OneOf('2.0'),
  id: 'count',
  'result?': 'any',
});

/** `LedgerBlock` */
export const LEDGER_BLOCK = shapeOfType<LedgerBlock>('LedgerBlock')({
  number: 'count',
  hash: BYTES32,
  parent: BYTES32,
  timestamp: 'count',
  transactions: [BYTES32],
  events: [LEDGER_EVENT],
});

/** `ReleasedShares` */
export const RELEASED_SHARES = shapeOfType<ReleasedShares>('ReleasedShares')({
  coordinator: ADDRESS,
  signature: SIGNATURE,
  release: messageShape('ShareRelease'),
  entries: [BYTES32],
  sealed: BASE64,
  'refused?': new ListOf(
    shapeOfType<RefusedView>('RefusedView')({ entry: BYTES32, problem: PROBLEM }),
    MOST_RELEASED,
  ),
});
