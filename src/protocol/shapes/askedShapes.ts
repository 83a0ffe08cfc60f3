import { CATEGORIES } from '../vocabulary.ts';
import {
  ADDRESS,
  BYTES32,
  ListOf,
  Named,
  OneOf,
  SIGNATURE,
  type Shape,
} from '../findShapeError.ts';
import { messageShape, signedShape, signedShapes } from './messageShape.ts';

/**
 * Shapes of the values that callers send to an agent, each under the name of its type. An endpoint checks the shape;
 * the service behind it checks the meaning.
 */

/** Largest number of submissions of one call. */
export const MAX_SUBMISSIONS = 1024;
/** Largest number of packets, sheets and the like that go with one request. */
const MAX_ALONG = 4096;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** An age recipient's text: `age1…`, `age1pq1…`. */
const RECIPIENT = /^age1[0-9a-z]{1,4096}$/;

const KEPT_PACKET = new Named('KeptPacket', { grant: BYTES32, epoch: 'count', packet: BASE64 });

/** `ProvenSheet` */
export const PROVEN_SHEET = new Named('ProvenSheet', {
  sheet: new Named('EpochSheet', {
    format: new OneOf('medseal-sheet/1'),
    handle: BYTES32,
    epoch: 'count',
    // Charts that are older than the category have sheets without it.
    recipients: Object.fromEntries(
      CATEGORIES.map((name) => [name === 'sensitive' ? `${name}?` : name, RECIPIENT]),
    ),
  }),
  proof: new ListOf(BYTES32, 64),
});

/** `PartyCard` */
export const PARTY_CARD = new Named('PartyCard', { party: ADDRESS, recipient: RECIPIENT });

/** Largest number of entries that a view of a chart may wait for. */
export const MAX_AFTER = 16;

/** `Submission` */
export const SUBMISSION = new Named('Submission', {
  request: signedShapes(['Grant', 'Revoke', 'CommitEpochs', 'Write', 'View']),
  'opening?': messageShape('Grant'),
  'after?': new ListOf(new Named('LogPlace', { log: 'text', index: 'count' }), MAX_AFTER),
  'packets?': new ListOf(KEPT_PACKET, MAX_ALONG),
  'keep?': signedShape('Keep'),
  'sheets?': new ListOf(PROVEN_SHEET, MAX_ALONG),
});

/** `FactsQuery` */
export const FACTS_QUERY = new Named('FactsQuery', {
  nonce: BYTES32,
  'party?': ADDRESS,
  'handle?': BYTES32,
  'grant?': BYTES32,
  'grants?': 'boolean',
});

/** `SignedSuspension` */
export const SIGNED_SUSPENSION = new Named('SignedSuspension', {
  message: messageShape('Suspension'),
  signatures: new ListOf(SIGNATURE, 64),
});

/** `SignedApplication` */
export const SIGNED_APPLICATION = new Named('SignedApplication', {
  application: signedShape('Application'),
  card: PARTY_CARD,
});

/** `PatientDeposit` */
export const PATIENT_KEEPSAKE = new Named('PatientKeepsake', {
  request: signedShape('Keep'),
  state: BASE64,
  packets: new ListOf(KEPT_PACKET, MAX_ALONG),
});

/** `SentLetter` */
export const SENT_LETTER = new Named('SentLetter', {
  request: signedShape('Letter'),
  sealed: BASE64,
});

/** `Signed<'Collect'>` */
export const SIGNED_COLLECT = signedShape('Collect');

/** `AuditQuery` */
export const AUDIT_QUERY = new Named('AuditQuery', {
  ticket: /^[0-9a-f]{32}$/,
  request: BYTES32,
  log: 'text',
  size: 'count',
  root: BYTES32,
});

/** `AuditQuery`, with the first entry to return. */
export const AUDIT_PAGE_QUERY = new Named('AuditPageQuery', {
  ...(AUDIT_QUERY.shape as Readonly<Record<string, Shape>>),
  'from?': 'count',
});

/** `Signed<'Upload'>` */
export const SIGNED_UPLOAD = signedShape('Upload');
