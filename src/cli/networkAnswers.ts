import { ADDRESS, BYTES32, MapOf, OneOf } from '../protocol/wire/findShapeError.ts';
import { LEDGER_PLACE, PLACED_SUCCESSOR } from '../protocol/shapes/answerShapes.ts';
import { ROLES } from '../protocol/vocabulary.ts';
import { KEY_STATE } from './key/keyAnswers.ts';

/** Shapes of what the verbs about networks print with `--json`. */

/** `dev` */
export const NETWORK_READY = {
  ready: new OneOf(true),
  url: 'text',
  /** Address of the portal; absent if it was not built. */
  'portal?': 'text',
  rpcUrl: 'text',
  /** Address of the operator's endpoint. */
  operateUrl: 'text',
  networkId: BYTES32,
  chainId: 'count',
  organisations: ['text'],
  data: 'text',
  pid: 'count',
  /** True if records open by a release of its organisations. */
  guarded: 'boolean',
  /** True if each reading then waits until the ledger has a checkpoint over it. */
  waits: 'boolean',
  /** Entries in all logs. */
  entries: 'count',
  parties: [
    {
      name: 'text',
      /** Name of the invented person. */
      called: 'text',
      role: new OneOf(...ROLES),
      organisation: 'text',
      address: ADDRESS,
    },
  ],
  /** The device that the first patient wears, and the broker of its gateway. */
  'wearable?': { shortCode: 'text', model: 'text', broker: 'text' },
  seconds: 'number',
} as const;

const OUTCOME = new OneOf('accepted', 'refused');

/** A receipt of `scenario`. */
export const RECEIPT_TOLD = {
  log: 'text',
  index: 'count',
  entry: BYTES32,
  /** Number of entries that its checkpoint covers. */
  checkpoint: 'count',
  ...LEDGER_PLACE.shape,
  'file?': 'text',
} as const;

/** `scenario` */
export const SCENARIO_PLAYED = {
  receipts: [RECEIPT_TOLD],
  steps: [
    {
      name: 'text',
      /** The paper's element that it is, such as `P2.5`. */
      paper: 'text',
      party: 'text',
      outcome: OUTCOME,
      expected: OUTCOME,
      'code?': 'text',
      'txHash?': 'text',
      'log?': 'text',
      'index?': 'count',
      'entries?': ['text'],
      'checkpoint?': 'count',
      ms: 'number',
    },
  ],
} as const;

/** `join` */
export const NETWORK_JOINED = {
  home: 'text',
  'url?': 'text',
  /** Addresses of organisations that have their own. */
  urls: new MapOf(/^[a-z0-9-]{1,31}$/, 'text'),
  networkId: BYTES32,
  fingerprint: BYTES32,
  demo: 'boolean',
  organisations: ['text'],
} as const;

/** `status` */
export const STATUS_SHOWN = {
  home: 'text',
  networkId: BYTES32,
  fingerprint: BYTES32,
  demo: 'boolean',
  'url?': 'text',
  nodes: [
    {
      organisation: 'text',
      'url?': 'text',
      'fault?': 'text',
      /** Why it was not checked, such as that it is away. */
      'unchecked?': 'text',
    },
  ],
  keys: [KEY_STATE],
  /** Changes of the network that are published and not yet in force. */
  coming: [PLACED_SUCCESSOR],
  /** Owner of the key that is open, as the network has it. */
  'owner?': { lines: ['text'], 'fault?': 'text' },
} as const;

/** `completion` */
export const COMPLETION_MADE = { shell: 'text', script: 'text' } as const;
