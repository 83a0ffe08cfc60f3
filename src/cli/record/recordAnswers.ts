import { ADDRESS, BYTES32, Either, OneOf } from '../../protocol/wire/findShapeError.ts';
import { RECORD_TYPES } from '../../protocol/struct/recordTypes.ts';
import { CATEGORIES, LEDGER_ROLES } from '../../protocol/vocabulary.ts';

/** Shapes of what the verbs about records print with `--json`. */

const PLACE = { log: 'text', index: 'count' } as const;
const VERSION = {
  record: BYTES32,
  version: 'count',
  category: new OneOf(...CATEGORIES),
} as const;

/** `record add`, `record amend`, `record withdraw` */
export const RECORDS_ADDED = {
  handle: BYTES32,
  records: [
    {
      ...VERSION,
      ...PLACE,
      /** Of a document, which of its two records it is. */
      'what?': 'text',
    },
  ],
  /** True if nothing was left to do. */
  'already?': 'boolean',
  /** The folder of the receipts. */
  'receipts?': 'text',
  /** Of a FHIR bundle: if its patient is the one of the chart. */
  'patient?': new OneOf('same', 'different', 'unknown'),
} as const;

/** `record list` */
export const RECORDS_LISTED = {
  handle: BYTES32,
  records: [
    {
      ...VERSION,
      ...PLACE,
      epoch: 'count',
      file: BYTES32,
      /** Bytes of the sealed file. */
      size: 'count',
      action: new OneOf('add', 'amend'),
      /** The author of version 1. */
      begunBy: ADDRESS,
      /** The record that the patient objects to with this one; zeros if none. */
      about: BYTES32,
      author: ADDRESS,
      at: 'count',
      withdrawn: 'boolean',
      /** True if the patient objects to it. */
      objected: 'boolean',
      'title?': 'text',
    },
  ],
  /** Number of batches that devices put on the chart, which `readings list` lists. */
  readings: 'count',
  /** Entries that the chart should include, and that are on their way. */
  behind: [PLACE],
  /** With `--complete`: true if k coordinators count exactly these versions, in every log. */
  'complete?': 'boolean',
  /** Differences from what k coordinators count, a sentence for each. */
  'faults?': ['text'],
  /** Facts that could not be checked, a sentence for each. */
  'unchecked?': ['text'],
  /** Bundles of which parts are missing. */
  'incomplete?': [{ set: 'text', missing: ['count'] }],
} as const;

/** `record get` of a bundle that lacks parts. */
export const RECORD_INCOMPLETE = {
  record: BYTES32,
  complete: new OneOf(false),
  /** Numbers of the missing parts. */
  missing: ['count'],
} as const;

/** `record get` */
export const RECORD_WRITTEN = {
  ...VERSION,
  author: ADDRESS,
  at: 'count',
  'contentType?': 'text',
  /** Type that the record says itself, its author's role, and if that role writes such records. */
  'kind?': new OneOf(...RECORD_TYPES),
  'role?': new OneOf(...LEDGER_ROLES),
  'fits?': 'boolean',
  'complete?': new OneOf(true),
  /** Numbers of the parts of which a newer version is not in the bundle. */
  'unfinished?': ['count'],
  /** Objections to the record. */
  'objections?': [
    {
      at: 'count',
      'words?': 'text',
      'answer?': new OneOf('amended', 'declined', 'unread'),
      'version?': 'count',
    },
  ],
  'file?': 'text',
  /** Until when the device keeps it, Unix seconds. */
  'keep?': 'count',
} as const;

/** `record kept` */
export const RECORDS_KEPT = {
  kept: [{ ...VERSION, handle: BYTES32, author: ADDRESS, at: 'count', keep: 'count' }],
} as const;

/** `record get` */
export const RECORD_GOT = new Either(
  {
    ...RECORD_WRITTEN,
    behind: [PLACE],
    /** With `--releases`: the files of the proofs. */
    'releases?': ['text'],
  },
  { ...RECORD_INCOMPLETE, behind: [PLACE] },
);

/** `record erase` */
export const RECORDS_ERASED = {
  handle: BYTES32,
  category: new OneOf(...CATEGORIES),
  /** False if there was nothing to erase: then nothing was done. */
  erased: 'boolean',
  /** The last epoch whose keys are destroyed; 0 if nothing was done. */
  epoch: 'count',
} as const;

/** `record certificate` */
export const ERASURE_CERTIFIED = {
  handle: BYTES32,
  category: new OneOf(...CATEGORIES),
  file: 'text',
  /** Number of record versions that it is of. */
  versions: 'count',
  /** When the erasure was entered, Unix seconds. */
  erased: 'count',
  /** Statements in it: when the running node had destroyed all, when no backup had it, and when it was signed, Unix seconds. */
  destroyed: [{ organisation: 'text', at: 'count', 'backup?': 'count', stated: 'count' }],
  /** Organisations without a statement in it, and why. */
  unstated: [{ organisation: 'text', code: 'text', reason: 'text' }],
  /** Acts by which an organisation breaks its word. */
  served: [
    { organisation: 'text', log: 'text', index: 'count', at: 'count', isRelease: 'boolean' },
  ],
  /** Organisations that broke their word by this audit or an earlier one, with the dates that they stated. */
  broken: [{ organisation: 'text', at: 'count', 'backup?': 'count', stated: 'count' }],
  /** Organisations that now state another first date than the one in it, Unix seconds. */
  moved: [{ organisation: 'text', from: 'count', to: 'count' }],
} as const;
