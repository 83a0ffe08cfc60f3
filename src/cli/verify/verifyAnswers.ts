import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';
import { BATCH_HEADER, PLACED_SUCCESSOR } from '../../protocol/shapes/answerShapes.ts';

/** Shapes of what the verbs that verify print with `--json`. */

const BARE = {
  /** Name of the thing, such as a file's name or `care/hospital #3`. */
  what: 'text',
  safe: 'boolean',
  /** Details of the thing if it is safe; the reason if it is not. */
  detail: 'text',
} as const;

/** A thing that was verified. */
export const FINDING = {
  ...BARE,
  /** More of it, each in a few words: of a block its header. */
  'notes?': ['text'],
  /** Of a block: its header, for programs. */
  'header?': BATCH_HEADER,
  /** Of a block: what was found of each entry in it. */
  'entries?': [BARE],
  /** Whom it convicts, for everybody who has the network file and what was verified. */
  'convicts?': {
    /** Owner of the log; of a release, the first that released wrongly. */
    organisation: 'text',
    /** Coordinators that signed what is not so, or may not be. */
    signers: [{ organisation: 'text', address: ADDRESS }],
  },
} as const;

/** `verify` and the verbs below it. */
export const FINDINGS = {
  /** Fingerprint of the network file that all was checked against. */
  network: BYTES32,
  findings: [FINDING],
  /** Things that could not be checked, each in a sentence. */
  unchecked: ['text'],
} as const;

/** `verify fork` */
export const FORK_PROVEN = {
  /** Fingerprint of the network file that all was checked against. */
  network: BYTES32,
  /** Number of the change that was signed twice. */
  'number?': 'count',
  /** Fingerprints of the two network files. */
  'fingerprints?': [BYTES32],
  /** Height of the ledger at which two blocks were signed. */
  'height?': 'count',
  /** The two blocks, each with the coordinator that signed it. */
  'blocks?': [{ hash: BYTES32, organisation: 'text', address: ADDRESS }],
  /** The seats that signed both. */
  convicts: [{ organisation: 'text', address: ADDRESS }],
} as const;

/** `verify portal` */
export const PORTAL_FINDINGS = {
  /** SHA-256 in hexadecimal that every page was compared with; absent if they were compared with each other. */
  'sha256?': 'text',
  findings: [
    {
      ...BARE,
      /** SHA-256 of the page that the node served. */
      'sha256?': 'text',
    },
  ],
  unchecked: ['text'],
} as const;

/** A change that the ledger has begun and not finished. */
export const BEGUN_CHANGE = {
  what: new OneOf('authority', 'coordinators', 'stake'),
  /** First second at which it can be finished. */
  readyAt: 'count',
  /** Number of the published change that it belongs to; absent if no node that was asked told of one. */
  'number?': 'count',
  /** Of a stake: whose validator has it, and the validator’s key. */
  'organisation?': 'text',
  'key?': BYTES32,
} as const;

/** `verify network` */
export const NETWORK_FINDINGS = {
  ...FINDINGS,
  /** Changes that are published and not yet in force, with all that each changes. */
  coming: [{ ...PLACED_SUCCESSOR.shape, changes: ['text'] }],
  begun: [BEGUN_CHANGE],
} as const;
