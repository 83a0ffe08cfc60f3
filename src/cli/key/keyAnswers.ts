import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';
import { CATEGORIES, ROLES } from '../../protocol/vocabulary.ts';

/** Shapes of what the verbs about keys print with `--json`. */

const OWNER = { 'role?': new OneOf(...ROLES), 'organisation?': 'text' } as const;

/** `key passphrase`, `key import` */
export const KEY_NAMED = { name: 'text', address: ADDRESS } as const;

/** `key new` */
export const KEY_MADE = { ...KEY_NAMED, phrase: 'text' } as const;

/** A key as `status` shows it. */
export const KEY_STATE = {
  name: 'text',
  ...OWNER,
  /** Such as `locked`. */
  state: 'text',
  /** True if a change of the key was begun and is not finished. */
  'changing?': 'boolean',
} as const;

/** `key show` */
export const KEY_SHOWN = {
  ...KEY_STATE,
  address: ADDRESS,
  /** Address of the key itself, if the party has changed its key. */
  'signer?': ADDRESS,
  demo: 'boolean',
} as const;

/** `key list` */
export const KEYS_LISTED = { keys: [KEY_SHOWN] } as const;

/** `key unlock`, `key lock` */
export const KEY_UNLOCKED = { name: 'text', unlocked: 'boolean', 'until?': 'count' } as const;

/** `key phrase` */
export const KEY_PHRASE = { name: 'text', phrase: 'text' } as const;

/** `key export` */
export const KEY_EXPORTED = { name: 'text', file: 'text' } as const;

/** `key identities` */
export const IDENTITIES_EXPORTED = {
  name: 'text',
  file: 'text',
  /** One for each category and epoch; the file alone has the keys. */
  identities: [{ category: new OneOf(...CATEGORIES), epoch: 'count' }],
} as const;

/** `key restore` */
export const KEY_RESTORED = {
  ...KEY_NAMED,
  ...OWNER,
  /** Of a patient: the chart, the number of grants, and grants that no device knows. */
  'handle?': BYTES32,
  'grants?': 'count',
  'unknown?': [BYTES32],
  /** Of any other party: number of rights that this device did not know. */
  'rights?': 'count',
} as const;

/** `key recover` */
export const KEY_RECOVERED = {
  ...KEY_NAMED,
  ...OWNER,
  /** `asked`: too few members signed; `begun`: the delay runs; `stopped`: by the former key; `finished`: the device is the party. */
  state: new OneOf('asked', 'begun', 'stopped', 'finished'),
  /** Words that the person reads to the authority. */
  'words?': 'text',
  /** File for the authority, and the last second at which it can be signed. */
  'file?': 'text',
  'until?': 'count',
  /** First second at which the new key takes effect, Unix. */
  'readyAt?': 'count',
  /** Number of rights that this device did not know. */
  'rights?': 'count',
  /** Of a patient: number of rights that the chart's state knows. */
  'grants?': 'count',
  /** Digests of rights on the ledger that it does not know. */
  'unknown?': [BYTES32],
  /** Digests of mandates that ended. */
  'endedMandates?': [BYTES32],
  /** Parts that were not taken over from the state that the lost key kept: names of rules and devices, categories of erasures, number of wills. */
  'left?': { rules: ['text'], devices: ['text'], erasures: ['text'], wills: 'count' },
} as const;

/** `key veto` */
export const KEY_VETOED = {
  ...KEY_NAMED,
  /** False if no recovery was under way. */
  stopped: 'boolean',
  'transaction?': BYTES32,
  'block?': 'count',
} as const;

/** `key change` */
export const KEY_CHANGED = {
  ...KEY_NAMED,
  /** Address of the new key. */
  signer: ADDRESS,
  /** The new words; absent if an earlier run had changed the key, and only the rest was to be done. */
  'phrase?': 'text',
  'transaction?': BYTES32,
  'block?': 'count',
  /** Mandates that this device did not know, and that ended with the old key. */
  'endedMandates?': [BYTES32],
} as const;
