import { BYTES32, Either, OneOf } from '../../protocol/wire/findShapeError.ts';
import { OPERATOR_STATE } from '../../protocol/operator/OperatorPort.ts';

/** Shapes of what the verbs about nodes print with `--json`. */

/** `init` */
export const NODE_MADE = {
  folder: 'text',
  organisations: ['text'],
  /** True if its keys are encrypted under a passphrase. */
  locked: 'boolean',
  'exchange?': 'text',
  'networkId?': BYTES32,
  'fingerprint?': BYTES32,
  /** True if its records open with keys that organisations release for logged views. */
  'guarded?': 'boolean',
  /** Fingerprint of the terms, while the organisations deal the release key. */
  'terms?': BYTES32,
  /** Deals and files that are missing before the network file is complete. */
  'missing?': 'text',
} as const;

/** `up` */
export const NODE_READY = {
  ready: new OneOf(true),
  urls: { agents: 'text', 'peers?': 'text', 'ledger?': 'text', operate: 'text' },
  networkId: BYTES32,
  /** Fingerprint of the network file that it was founded with. */
  fingerprint: BYTES32,
  organisations: ['text'],
  data: 'text',
  pid: 'count',
  /** The organisation's validator, if its ledger is held by validators. */
  'validator?': { pid: 'count' },
} as const;

/** The stores of a node's folder, each with the number of its format and what the next start does with it. */
const STORES = [
  {
    store: 'text',
    path: 'text',
    /** Absent if nothing states it: the folder's layout stands for it. */
    'format?': 'count',
    /** The number that this version writes; 0 if it does not know the store. */
    present: 'count',
    'start?': new OneOf('opens', 'migrates', 'rebuilds', 'refuses'),
  },
] as const;

/** `up --check` of a folder that this version does not open */
export const NODE_REFUSED = {
  data: 'text',
  /** The version that used the folder last, if it says so. */
  'version?': 'text',
  stores: STORES,
  /** Code of the error with which the node would not start. */
  refused: 'text',
  reason: 'text',
} as const;

/** `up --check` */
export const NODE_CHECKED = {
  data: 'text',
  organisations: ['text'],
  /** All settings of `docs/reference/configuration.md`. */
  configuration: 'any',
  passphrase: new OneOf('not checked', 'right', 'none'),
  /** The version that used the folder last, if it says so. */
  'version?': 'text',
  stores: STORES,
  /** Migrations of the next run. */
  migrations: ['text'],
  /** Shares of release keys that are not as the network file in force names them: without them it releases nothing. */
  shares: ['text'],
  /** `portable` if there is no native build of the curve for the machine: it is slow then, and its time tells something of keys and shares. */
  curve: new OneOf('native', 'portable'),
} as const;

/** `node page` */
export const NODE_PAGE = { page: 'text', code: 'text' } as const;

/** `node status` */
export const NODE_STATE = OPERATOR_STATE;

/** `up` */
export const NODE_RUN = new Either(NODE_READY, NODE_CHECKED, NODE_REFUSED);
