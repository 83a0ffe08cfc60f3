import { PLACED_CHECKPOINT, VERDICT } from '../evidenceShapes.ts';
import { ADDRESS, BYTES32, Either, MapOf, Named, OneOf, SIGNATURE } from '../findShapeError.ts';
import { ROLES, SERVICES } from '../vocabulary.ts';
import { NODE_URL } from '../isNodeUrl.ts';
import { FACTS_QUERY } from './askedShapes.ts';
import { messageShape, signedShape } from './messageShape.ts';

/** Shapes of an agent's answers, each under the name of its type. */

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const ORGANISATION = /^[a-z0-9-]{1,31}$/;
const BYTES16 = /^0x[0-9a-f]{32}$/;

const MEMBER = new Named('Member', { organisation: ORGANISATION, address: ADDRESS });
const SIGNED_VERDICT = new Named('SignedVerdict', VERDICT);

/** `NetworkFile` */
export const NETWORK_FILE = new Named('NetworkFile', {
  format: new OneOf('medseal-network/1'),
  networkId: BYTES32,
  demo: 'boolean',
  ledger: { chainId: 'count', genesis: BYTES32, 'timestamp?': 'count' },
  'founders?': [
    new Named('Founder', {
      organisation: ORGANISATION,
      sender: ADDRESS,
      'url?': new RegExp(NODE_URL),
    }),
  ],
  contracts: { registry: ADDRESS, consent: ADDRESS, evidence: ADDRESS },
  authority: { threshold: 'count', members: [MEMBER] },
  'rights?': { longest: 'count' },
  channels: [
    new Named('Channel', {
      name: 'text',
      faulty: 'count',
      thresholds: { writes: 'count', views: 'count' },
      coordinators: [MEMBER],
      logs: [
        new Named('LogIdentity', {
          name: 'text',
          organisation: ORGANISATION,
          origin: 'text',
          id: BYTES32,
          key: 'text',
        }),
      ],
    }),
  ],
});

/** `Acknowledgement` */
export const ACKNOWLEDGEMENT = new Named('Acknowledgement', {
  log: 'text',
  index: 'count',
  entry: BYTES32,
  body: 'text',
  verdicts: [SIGNED_VERDICT],
});

const VALUES = new MapOf(/^[a-zA-Z]+$/, new Either('text', 'count'));
const PROBLEM_FIELDS = {
  type: /^urn:medseal:error:[A-Z_]+$/,
  status: 'count',
  // Codes may be added.
  code: /^[A-Z_]{3,40}$/,
  detail: 'text',
  next: 'text',
  values: VALUES,
} as const;

/** `Problem` */
export const PROBLEM = new Named('Problem', PROBLEM_FIELDS);

/** A problem as HTTP carries it (RFC 9457). */
export const HTTP_PROBLEM = new Named('HttpProblem', {
  ...PROBLEM_FIELDS,
  'instance?': /^urn:medseal:request:[\w.-]+$/,
  'acknowledgement?': ACKNOWLEDGEMENT,
});

/** `SignedKept` */
export const SIGNED_KEPT = new Named('SignedKept', {
  coordinator: ADDRESS,
  signature: SIGNATURE,
  newest: messageShape('NewestState'),
});

/** `SignedNewest` */
export const SIGNED_NEWEST = new Named('SignedNewest', {
  coordinator: ADDRESS,
  signature: SIGNATURE,
  newest: messageShape('NewestState'),
  'keep?': signedShape('Keep'),
});

/** `Outcome` */
export const OUTCOME = new Named(
  'Outcome',
  new Either(
    {
      outcome: new OneOf('acknowledged'),
      acknowledgement: ACKNOWLEDGEMENT,
      'release?': new Named('Release', {
        'records?': [ACKNOWLEDGEMENT],
        'known?': [new Named('KnownLog', { log: 'text', entries: 'count' })],
        'packet?': BASE64,
        'keep?': signedShape('Keep'),
        'newest?': [SIGNED_NEWEST],
        'ticket?': /^[0-9a-f]{32}$/,
      }),
    },
    { outcome: new OneOf('placed'), transaction: BYTES32, block: 'count' },
    { outcome: new OneOf('refused'), problem: PROBLEM, 'acknowledgement?': ACKNOWLEDGEMENT },
  ),
);

/** `LedgerPlace` */
export const LEDGER_PLACE = new Named('LedgerPlace', { transaction: BYTES32, block: 'count' });

/** `SignedCheckpoint` */
export const SIGNED_CHECKPOINT = new Named('SignedCheckpoint', PLACED_CHECKPOINT.checkpoint);

const SIGNED_PLACE = new Named('SignedPlace', PLACED_CHECKPOINT.ledger);

/** `EntryProof` */
export const ENTRY_PROOF = new Named('EntryProof', {
  checkpoint: SIGNED_CHECKPOINT,
  inclusion: [BYTES32],
  ledger: SIGNED_PLACE,
});

/** `PendingReceipt` */
export const PENDING_RECEIPT = new Named('PendingReceipt', {
  status: new OneOf('pending'),
  log: 'text',
  index: 'count',
  checkpointed: 'count',
  retryAfter: 'count',
});

const EPOCHS = { first: 'count', count: 'count', root: BYTES32 } as const;
const { nonce: _nonce, ...asked } = FACTS_QUERY.shape as Readonly<Record<string, RegExp>>;

/** `AttestedFacts` */
export const ATTESTED_FACTS = new Named('AttestedFacts', {
  coordinator: ADDRESS,
  signature: SIGNATURE,
  attestation: messageShape('Attestation'),
  facts: new Named('Facts', {
    asked,
    'party?': new Named('PartyFacts', {
      party: ADDRESS,
      role: new OneOf(...ROLES, ...SERVICES),
      organisation: ORGANISATION,
      suspended: 'boolean',
      standing: 'count',
      recipient: BYTES32,
      'handle?': BYTES32,
    }),
    'patient?': new Named('PatientFacts', {
      handle: BYTES32,
      controller: ADDRESS,
      epoch: 'count',
      ...EPOCHS,
      'next?': EPOCHS,
    }),
    'grant?': new Named('GrantFacts', { handle: BYTES32, state: new OneOf('active', 'ended') }),
    'grants?': [BYTES32],
  }),
});

/** `EnrolmentResult` */
export const ENROLMENT_RESULT = new Named('EnrolmentResult', {
  enrolment: messageShape('Enrolment'),
  transaction: BYTES32,
  'patientId?': 'text',
  'salt?': BYTES16,
});

/** `AuditedEntry` */
export const AUDITED_ENTRY = new Named('AuditedEntry', {
  index: 'count',
  entry: BYTES32,
  'body?': 'text',
  verdicts: [SIGNED_VERDICT],
  inclusion: [BYTES32],
});

/** `SignedTally` */
export const SIGNED_TALLY = new Named('SignedTally', {
  coordinator: ADDRESS,
  signature: SIGNATURE,
  tally: messageShape('Tally'),
});

/** `LogBatch` */
export const LOG_BATCH = new Named('LogBatch', {
  header: new Named('BatchHeader', {
    number: 'count',
    timestamp: 'count',
    hash: BYTES32,
    previousHash: BYTES32,
    merkleRoot: BYTES32,
  }),
  from: 'count',
  to: 'count',
  bytes: 'count',
  complete: 'boolean',
});

/** `PlacedCheckpoint` */
export const PLACED = new Named('PlacedCheckpoint', {
  checkpoint: SIGNED_CHECKPOINT,
  ledger: SIGNED_PLACE,
});

/** `LogEntry` */
export const LOG_ENTRY = new Named('LogEntry', { index: 'count', entry: BYTES32 });

/** `InclusionProof` */
export const INCLUSION_PROOF = new Named('InclusionProof', {
  entry: BYTES32,
  root: BYTES32,
  proof: [BYTES32],
});

/** `ConsistencyProof` */
export const CONSISTENCY_PROOF = new Named('ConsistencyProof', {
  before: BYTES32,
  after: BYTES32,
  proof: [BYTES32],
});

/** `LedgerBlock` */
export const LEDGER_BLOCK = new Named('LedgerBlock', {
  number: 'count',
  hash: BYTES32,
  parent: BYTES32,
  timestamp: 'count',
  transactions: [BYTES32],
  events: [
    new Named('LedgerEvent', {
      transaction: BYTES32,
      kind: /^[A-Z][A-Za-z]+$/,
      values: new MapOf(/^[a-zA-Z]+$/, new Either('text', 'count', 'boolean')),
    }),
  ],
});
