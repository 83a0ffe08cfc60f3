import { shapeOfType } from '../shapes/shapeOfType.ts';
import { OneOf } from '../wire/findShapeError.ts';

/**
 * State of a validator's remote signer: `connected`, `absent`, or `other` if the program that connects has another key or does
 * not sign for this ledger.
 */
export type SignerState = 'connected' | 'absent' | 'other';

/** All states of a remote signer. */
export const SIGNER_STATES: readonly SignerState[] = ['connected', 'absent', 'other'];

/** The place of the key with which an organisation's validator signs blocks. */
export interface ValidatorKeyPlace {
  /** `folder`: the folder of the node. `signer`: a program elsewhere. */
  readonly place: 'folder' | 'signer';
  /** The address at which the remote signer connects. */
  readonly address?: string;
  /** State of the remote signer; absent until the engine tells it. */
  readonly signer?: SignerState;
}

/** Shape of a `ValidatorKeyPlace`. */
export const VALIDATOR_KEY_PLACE = shapeOfType<ValidatorKeyPlace>('ValidatorKeyPlace')({
  place: new OneOf('folder', 'signer'),
  'address?': 'text',
  'signer?': new OneOf(...SIGNER_STATES),
});
