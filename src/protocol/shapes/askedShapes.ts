import type {
  AuditQuery,
  BegunRecovery,
  ListsAsked,
  ErasedAsked,
  ReleasesAsked,
  DepositedPacket,
  KeyChangeAsked,
  LogPlace,
  NotifyAsked,
  PartyCard,
  PatientDeposit,
  SentLetter,
  SettlementAsked,
  SignedApplication,
  SignedSuspension,
  Submission,
  UnitsAsked,
  VitalAsked,
} from '../AgentPort.ts';
import { CHART_PART, CHART_PART_ASKED } from '../evidence/chartPart.ts';
import { CARE_TYPES, RULE_TYPES } from '../struct/ledgerRequests.ts';
import type { EpochSheet, ProvenSheet } from '../rights/epochs.ts';
import { EVIDENCE_TYPES } from '../struct/evidenceTypes.ts';
import type { FactsQuery, RequestAsked } from '../evidence/facts.ts';
import { MOST_RELEASED, SEAL_ASKED, type ReleaseAsked } from '../release/ReleaseAsked.ts';
import { PAIR_IN_SET } from '../release/releasedView.ts';
import {
  ADDRESS,
  BYTES32,
  Either,
  ListOf,
  Named,
  OneOf,
  SIGNATURE,
  type Pattern,
  type Shape,
} from '../wire/findShapeError.ts';
import type { Hex } from '../ids.ts';
import { LEDGER_READS, type LedgerCall } from '../network/LedgerCall.ts';
import {
  SIGNED_READINGS,
  type ReadingsHeader,
  type SignedReadings,
} from '../sensors/ReadingsHeader.ts';
import type { CareType } from '../struct/requests.ts';
import { UNIT_TYPES, type UnitType } from '../struct/unitTypes.ts';
import { MANDATE_TYPES, MOST_ACTING } from '../care/mandates.ts';
import { VITAL_TYPES } from '../struct/vitalTypes.ts';
import { MOST_PAIRS, type ViewPair } from '../evidence/viewSet.ts';
import { CATEGORIES, type Category } from '../vocabulary.ts';
import { ACKNOWLEDGEMENT } from './acknowledgementShape.ts';
import {
  KEY_CHANGES,
  messageShape,
  SIGNED_KEY_CHANGE,
  SIGNED_RECOVERY,
  signedShape,
  signedShapes,
} from './messageShape.ts';
import { shapeOfType } from './shapeOfType.ts';

/**
 * Shapes of the values that callers send to an agent, each under the name of its type. An endpoint checks the shape;
 * the service behind it checks the meaning.
 */

/** Largest number of submissions of one call. */
export const MAX_SUBMISSIONS = 1024;
/** Largest number of packets, sheets and the like that go with one request. */
const MAX_ALONG = 4096;

/** Largest number of entries that a claim rests on: those of its list, and the first of the treatment. */
export const MAX_CLAIMED = 65;

/** Opening of what a request relies on. */
const OPENING = new Either(messageShape('Grant'), messageShape('Mandate'));

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** A secp256k1 public key, uncompressed. */
const PUBLIC_KEY: Pattern<Hex> = /^0x04[0-9a-f]{128}$/;
/** An age recipient's text: `age1…`, `age1pq1…`. */
export const RECIPIENT = /^age1[0-9a-z]{1,4096}$/;

const DEPOSITED_PACKET = shapeOfType<DepositedPacket>('DepositedPacket')({
  grant: BYTES32,
  epoch: 'count',
  packet: BASE64,
});

/**
 * Charts that are older than `sensitive` have sheets without it. The type lets every category be absent, so that who
 * looks one up must answer for that.
 */
const RECIPIENTS = Object.fromEntries(
  CATEGORIES.map((name) => [name === 'sensitive' ? `${name}?` : name, RECIPIENT]),
) as unknown as Readonly<Record<`${Category}?`, RegExp>>;

const EPOCH_SHEET = shapeOfType<EpochSheet>('EpochSheet')({
  format: new OneOf('medseal-sheet/1'),
  handle: BYTES32,
  epoch: 'count',
  recipients: RECIPIENTS,
  'own?': RECIPIENTS,
});

/** `ProvenSheet` */
export const PROVEN_SHEET = shapeOfType<ProvenSheet>('ProvenSheet')({
  sheet: EPOCH_SHEET,
  proof: new ListOf(BYTES32, 64),
});

/** `PartyCard` */
export const PARTY_CARD = shapeOfType<PartyCard>('PartyCard')({
  party: ADDRESS,
  recipient: RECIPIENT,
  'keyChanges?': KEY_CHANGES,
});

/** `BegunRecovery` */
export const BEGUN_RECOVERY = shapeOfType<BegunRecovery>('BegunRecovery')({
  message: SIGNED_RECOVERY.shape.message,
  signatures: SIGNED_RECOVERY.shape.signatures,
});

/** `KeyChangeAsked` */
export const KEY_CHANGE_ASKED = shapeOfType<KeyChangeAsked>('KeyChangeAsked')({
  change: SIGNED_KEY_CHANGE,
  card: PARTY_CARD,
});

/** `VitalAsked` */
export const VITAL_ASKED = shapeOfType<VitalAsked>('VitalAsked')({
  request: signedShapes(VITAL_TYPES),
  'second?': SIGNATURE,
  'link?': signedShape('BirthLink'),
});

/** `MandateAsked` */
export const MANDATE_ASKED = signedShapes(MANDATE_TYPES);

/** `UnitsAsked` */
export const UNITS_ASKED = shapeOfType<UnitsAsked>('UnitsAsked')({
  request: signedShapes(UNIT_TYPES),
  'second?': SIGNATURE,
});

/** `SettlementAsked` */
export const SETTLEMENT_ASKED = shapeOfType<SettlementAsked>('SettlementAsked')(
  new Either(
    { due: new OneOf('lapse'), claim: messageShape('InsuranceClaim') },
    { due: new OneOf('lot'), claim: messageShape('InsuranceClaim'), lot: BYTES32 },
  ),
);

const READINGS = shapeOfType<SignedReadings>('SignedReadings')({
  ...SIGNED_READINGS,
  header: shapeOfType<ReadingsHeader>('ReadingsHeader')(SIGNED_READINGS.header),
});

const LOG_PLACE = shapeOfType<LogPlace>('LogPlace')({ log: 'text', index: 'count' });

/** Largest number of entries that a view of a chart may wait for. */
export const MAX_AFTER = 16;

/** Record versions that a set of views names. */
export const VIEW_PAIRS = new ListOf(
  shapeOfType<ViewPair>('ViewPair')({ record: BYTES32, version: 'count' }),
  MOST_PAIRS,
);

/** `Submission` */
export const SUBMISSION = shapeOfType<Submission>('Submission')({
  request: signedShapes([...RULE_TYPES, ...EVIDENCE_TYPES, ...CARE_TYPES]),
  'opening?': OPENING,
  'mandates?': new ListOf(messageShape('Mandate'), MOST_ACTING),
  'will?': messageShape('Will'),
  'readings?': READINGS,
  'pairs?': VIEW_PAIRS,
  'after?': new ListOf(LOG_PLACE, MAX_AFTER),
  'part?': CHART_PART_ASKED,
  'packets?': new ListOf(DEPOSITED_PACKET, MAX_ALONG),
  'keep?': signedShape('Keep'),
  'sheets?': new ListOf(PROVEN_SHEET, MAX_ALONG),
  'cosignature?': SIGNATURE,
  'written?': ACKNOWLEDGEMENT,
  'claim?': messageShape('InsuranceClaim'),
  'entries?': new ListOf(ACKNOWLEDGEMENT, MAX_CLAIMED),
  'openings?': new ListOf(messageShape('Grant'), MAX_CLAIMED),
  'publicKeys?': new ListOf(PUBLIC_KEY, 1),
  'bills?': new ListOf(signedShape('Bill'), 2),
});

/** Largest number of records of which one question asks what was prescribed on them. */
export const MAX_ORDERS = 64;
/** Largest number of parties that one question asks about. */
export const MAX_PARTIES = 64;

function requestAsked(type: CareType | UnitType): Named<Shape, RequestAsked> {
  return new Named(`Asked.${type}`, { type: new OneOf(type), message: messageShape(type) });
}

/** `FactsQuery` */
export const FACTS_QUERY = shapeOfType<FactsQuery>('FactsQuery')({
  nonce: BYTES32,
  'party?': ADDRESS,
  'parties?': new ListOf(ADDRESS, MAX_PARTIES),
  'signer?': ADDRESS,
  'asOf?': 'count',
  'handle?': BYTES32,
  'grant?': BYTES32,
  'grants?': 'boolean',
  'prescription?': BYTES32,
  'orders?': new ListOf(BYTES32, MAX_ORDERS),
  'dispense?': BYTES32,
  'claim?': BYTES32,
  'taken?': new Either(...[...CARE_TYPES, ...UNIT_TYPES].map((type) => requestAsked(type))),
  'account?': ADDRESS,
  'issuer?': BYTES32,
  'past?': 'count',
  'newest?': 'count',
});

/** `SignedSuspension` */
export const SIGNED_SUSPENSION = shapeOfType<SignedSuspension>('SignedSuspension')({
  message: messageShape('Suspension'),
  signatures: new ListOf(SIGNATURE, 64),
});

/** `SignedApplication` */
export const SIGNED_APPLICATION = shapeOfType<SignedApplication>('SignedApplication')({
  application: signedShape('Application'),
  card: PARTY_CARD,
});

/** `PatientDeposit` */
export const PATIENT_KEEPSAKE = shapeOfType<PatientDeposit>('PatientDeposit')({
  request: signedShape('Keep'),
  state: BASE64,
  packets: new ListOf(DEPOSITED_PACKET, MAX_ALONG),
});

/** `SentLetter` */
export const SENT_LETTER = shapeOfType<SentLetter>('SentLetter')({
  request: signedShape('Letter'),
  'step?': BYTES32,
  sealed: BASE64,
});

/** `Signed<'Collect'>` */
export const SIGNED_COLLECT = signedShape('Collect');

/** `Signed<'Veto'>` */
export const SIGNED_VETO = signedShape('Veto');

/** `Signed<'FindRights'>` */
export const SIGNED_FIND_RIGHTS = signedShape('FindRights');

/** `NotifyAsked` */
export const NOTIFY_ASKED = shapeOfType<NotifyAsked>('NotifyAsked')({
  request: signedShape('Notify'),
  'endpoint?': /^https?:\/\/[!-~]{1,1016}$/,
});

/** `AuditQuery` */
export const AUDIT_QUERY = shapeOfType<AuditQuery>('AuditQuery')({
  ticket: /^[0-9a-f]{32}$/,
  request: BYTES32,
  log: 'text',
  size: 'count',
  root: BYTES32,
  'opening?': OPENING,
  'will?': messageShape('Will'),
  'part?': CHART_PART,
});

/** `AuditQuery`, with the first entry to return. */
export const AUDIT_PAGE_QUERY = new Named('AuditPageQuery', {
  ...AUDIT_QUERY.shape,
  'from?': 'count',
});

/** Most sets of views whose lists are asked for at once. */
export const MOST_LISTS = 16;

/** `ListsAsked` */
export const LISTS_ASKED = shapeOfType<ListsAsked>('ListsAsked')({
  ticket: AUDIT_QUERY.shape.ticket,
  request: BYTES32,
  log: 'text',
  places: new ListOf('count', MOST_LISTS),
});

/** `ReleasesAsked` */
export const RELEASES_ASKED = shapeOfType<ReleasesAsked>('ReleasesAsked')({
  ticket: AUDIT_QUERY.shape.ticket,
  request: BYTES32,
  organisation: 'text',
  since: 'count',
  from: 'count',
});

/** `ErasedAsked` */
export const ERASED_ASKED = shapeOfType<ErasedAsked>('ErasedAsked')({
  ticket: AUDIT_QUERY.shape.ticket,
  request: BYTES32,
  organisation: 'text',
  log: 'text',
  index: 'count',
});

/** `ReleaseAsked` */
export const RELEASE_ASKED = shapeOfType<ReleaseAsked>('ReleaseAsked')({
  recipient: 'text',
  views: new ListOf(
    { index: 'count', place: 'count', 'pair?': PAIR_IN_SET, ...SEAL_ASKED },
    MOST_RELEASED,
  ),
  'key?': BYTES32,
  'without?': new ListOf('text', MOST_RELEASED),
  'opening?': OPENING,
  'will?': messageShape('Will'),
});

/** `Signed<'Upload'>` */
export const SIGNED_UPLOAD = signedShape('Upload');

/** `LedgerCall` */
export const LEDGER_CALL = shapeOfType<LedgerCall>('LedgerCall')({
  jsonrpc: new OneOf('2.0'),
  id: 'count',
  method: new OneOf(...LEDGER_READS),
  params: new ListOf('any', 2),
});
