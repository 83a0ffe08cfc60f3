import { ADDRESS, BYTES32, Either, OneOf } from '../../protocol/wire/findShapeError.ts';
import { PLACED_SUCCESSOR } from '../../protocol/shapes/answerShapes.ts';

/** Shapes of what the verbs about changes of a network print with `--json`. */

/** `network identity` */
export const IDENTITY_WRITTEN = {
  organisation: 'text',
  coordinator: ADDRESS,
  authority: ADDRESS,
  /** The account that its node sends to the ledger from. */
  sender: ADDRESS,
  file: 'text',
} as const;

/** `network propose`, `network sign` */
export const CHANGE_SIGNED = {
  file: 'text',
  number: 'count',
  /** SHA-256 of the network file that it makes. */
  fingerprint: BYTES32,
  from: 'count',
  signedBy: ['text'],
  /** Offices whose quorum has not signed, with the number of organisations that are missing. */
  missing: [{ office: 'text', count: 'count' }],
} as const;

/** `network deal` */
export const CHANGE_DEALT = {
  file: 'text',
  number: 'count',
  from: 'count',
  channel: 'text',
  release: new OneOf('new', 'refresh', 'replace'),
  /** Parts that were added to the file now. */
  added: ['text'],
  /** Parts that are missing until the change can be signed. */
  missing: ['text'],
} as const;

/** `network propose`: shares of a release key are dealt before anybody signs. */
export const CHANGE_PROPOSED = new Either(CHANGE_SIGNED, CHANGE_DEALT);

/** The file by which members suspend a party of an organisation that leaves. */
export const SUSPENSION_DRAFTED = {
  party: ADDRESS,
  role: 'text',
  organisation: 'text',
  file: 'text',
} as const;

/** `network publish` */
export const CHANGE_PUBLISHED = {
  ...PLACED_SUCCESSOR.shape,
  /** Organisations that leave. */
  'leaving?': ['text'],
  /** Their doctors and registrars; absent if the node of the folder could not be asked. */
  'suspensions?': [SUSPENSION_DRAFTED],
} as const;

/** `network settle` */
export const FORK_SETTLED = { data: 'text', number: 'count', fingerprint: BYTES32 } as const;

/** `network join` */
export const SUCCESSION_JOINED = { data: 'text', fingerprint: BYTES32, files: 'count' } as const;
