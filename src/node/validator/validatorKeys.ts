import { bytesToHex } from '../../crypto/bytes.ts';
import { notePublicKey } from '../../crypto/note/NoteKey.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { openValidatorSeeds, type KeyPorts } from '../../folder/organisationKeys.ts';
import type { Bytes32 } from '../../protocol/ids.ts';

/** Keys of a validator. */
export interface ValidatorKeys {
  /** Public Ed25519 key that it signs blocks with. */
  readonly key: Bytes32;
  /** Its id among its peers: 40 hex digits. */
  readonly node: string;
  /** Seeds of both Ed25519 keys, 32 bytes each. */
  readonly seeds: Readonly<Record<'validator' | 'node', Uint8Array>>;
}

/**
 * Opens the keys of a validator, or makes them the first time; they are protected as all keys of its node's folder are.
 *
 * @param home - The validator's folder.
 * @param ports - Hashes, curve and randomness, and protection of keys on disk.
 * @throws MedsealError `FOLDER_FOREIGN` if they are gone after something was signed, or cannot be decrypted.
 */
export async function openValidatorKeys(home: string, ports: KeyPorts): Promise<ValidatorKeys> {
  const seeds = await openValidatorSeeds(await openFolder(home), ports);
  return validatorKeysOf(seeds, ports.primitives);
}

/**
 * Computes the public part of a validator's keys.
 *
 * @param seeds - Those of both Ed25519 keys, 32 bytes each.
 * @param primitives - Hashes.
 */
export function validatorKeysOf(
  seeds: ValidatorKeys['seeds'],
  primitives: Pick<Primitives, 'sha256'>,
): ValidatorKeys {
  const digest = primitives.sha256(notePublicKey(seeds.node));
  return {
    key: bytesToHex(notePublicKey(seeds.validator)),
    node: bytesToHex(digest.subarray(0, 20)).slice(2),
    seeds,
  };
}

/**
 * Returns the line that hands a validator's keys to its engine, on standard input: nobody else reads that, as arguments,
 * environment and files are read.
 *
 * @param keys - The keys.
 */
export function handedOver({ seeds: { validator, node } }: ValidatorKeys): string {
  return `${JSON.stringify({ validator: bytesToHex(validator), node: bytesToHex(node) })}\n`;
}
