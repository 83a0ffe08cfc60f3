import type { Bytes32 } from '../../protocol/ids.ts';
import { nodeReason, type NodeReason } from '../../protocol/operator/nodeReasons.ts';
import type { SignerState } from '../../protocol/operator/ValidatorKeyPlace.ts';
import { allOrNone } from '../configuration/allOrNone.ts';

/** A program elsewhere that signs blocks for a validator: it has the key, and keeps itself from signing twice. */
export interface RemoteSigner {
  /** The address at which it connects to the engine: `tcp://host:port` or `unix:///path`. */
  readonly address: string;
  /** Its public Ed25519 key. */
  readonly key: Bytes32;
}

/** Settings of a validator that name its remote signer: both, or none if the node's folder has the key. */
export interface SignerSettings {
  readonly privValidatorLaddr?: string;
  readonly signerKey?: Bytes32;
}

/** A remote signer, and its state; that is undefined until the engine tells it. */
export interface RemoteSignerState extends RemoteSigner {
  readonly state: SignerState | undefined;
}

/**
 * Returns the remote signer that a node's settings name; undefined if the folder has the key.
 *
 * @param settings - Those of the validator.
 * @throws MedsealError `CONFIGURATION_INVALID` if they give an address without a key, or a key without an address.
 */
export function remoteSignerOf({
  privValidatorLaddr,
  signerKey,
}: SignerSettings): RemoteSigner | undefined {
  const whole = allOrNone('validator', { privValidatorLaddr, signerKey });
  return whole && { address: whole.privValidatorLaddr, key: whole.signerKey };
}

/**
 * Returns what a node waits for at its validator's remote signer, without which the validator has no vote.
 *
 * @param signer - The signer; undefined if the node's folder has the key.
 */
export function awaitedSigner(signer: RemoteSignerState | undefined): readonly NodeReason[] {
  if (signer?.state === 'absent') return [nodeReason('signer-absent', { address: signer.address })];
  if (signer?.state !== 'other') return [];
  return [nodeReason('signer-other', { address: signer.address, key: signer.key })];
}
