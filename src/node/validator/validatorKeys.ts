import { bytesToHex } from '../../crypto/bytes.ts';
import { notePublicKey } from '../../crypto/note/NoteKey.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { openPeerSeed, openValidatorSeeds, type KeyPorts } from '../../folder/organisationKeys.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { remoteSignerOf, type RemoteSigner, type SignerSettings } from './RemoteSigner.ts';
import { VALIDATOR, validatorHome } from './validatorHome.ts';

/** Keys of a validator. */
export interface ValidatorKeys {
  /** Public Ed25519 key that it signs blocks with. */
  readonly key: Bytes32;
  /** Its id among its peers: 40 hex digits. */
  readonly node: string;
  /** Seeds of its Ed25519 keys, 32 bytes each; that of the key that signs blocks is absent if a remote signer has it. */
  readonly seeds: { readonly node: Uint8Array; readonly validator?: Uint8Array };
  /** The remote signer that has the key. */
  readonly signer?: RemoteSigner;
}

/** Keys of a validator that are all in its folder. */
export interface FolderValidatorKeys extends ValidatorKeys {
  readonly seeds: Readonly<Record<'validator' | 'node', Uint8Array>>;
}

/**
 * Opens the keys of a node's validator, or makes them the first time. No key that signs blocks is made if the settings name a
 * remote signer that has one.
 *
 * @param files - The node's folder.
 * @param ports - Hashes, curve and randomness, and protection of keys on disk.
 * @param settings - Those of the validator.
 * @throws MedsealError as `openValidatorKeys` and `remoteSignerOf` do; `VALIDATOR_KEY_TWICE` if the folder has the remote signer's key
 * too, so that nothing would keep both from signing.
 */
export async function openNodeValidatorKeys(
  files: Files,
  ports: KeyPorts,
  settings: SignerSettings,
): Promise<ValidatorKeys> {
  const signer = remoteSignerOf(settings);
  const home = validatorHome(files);
  if (signer === undefined) return await openValidatorKeys(home, ports);
  if ((await files.size(`${VALIDATOR}/keys.json`)) !== undefined) {
    const { key } = await openValidatorKeys(home, ports);
    if (key === signer.key) throw new MedsealError('VALIDATOR_KEY_TWICE', { path: home });
  }
  const node = await openPeerSeed(files, ports);
  return { key: signer.key, node: peerId(node, ports.primitives), seeds: { node }, signer };
}

/**
 * Opens the keys of a validator, or makes them the first time; they are protected as all keys of its node's folder are.
 *
 * @param home - The validator's folder.
 * @param ports - Hashes, curve and randomness, and protection of keys on disk.
 * @throws MedsealError `FOLDER_FOREIGN` if they are gone after something was signed, or cannot be decrypted.
 */
export async function openValidatorKeys(
  home: string,
  ports: KeyPorts,
): Promise<FolderValidatorKeys> {
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
  seeds: FolderValidatorKeys['seeds'],
  primitives: Pick<Primitives, 'sha256'>,
): FolderValidatorKeys {
  const key = bytesToHex(notePublicKey(seeds.validator));
  return { key, node: peerId(seeds.node, primitives), seeds };
}

/** The id of a validator among its peers. */
function peerId(seed: Uint8Array, primitives: Pick<Primitives, 'sha256'>): string {
  const digest = primitives.sha256(notePublicKey(seed));
  return bytesToHex(digest.subarray(0, 20)).slice(2);
}

/**
 * Returns the line that hands a validator's keys to its engine, on standard input: nobody else reads that, as arguments,
 * environment and files are read.
 *
 * @param keys - The keys.
 */
export function handedOver({ seeds: { validator, node } }: ValidatorKeys): string {
  const own = validator && { validator: bytesToHex(validator) };
  return `${JSON.stringify({ ...own, node: bytesToHex(node) })}\n`;
}
