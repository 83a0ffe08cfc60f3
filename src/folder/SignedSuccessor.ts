import { MedsealError } from '../errors/MedsealError.ts';
import { domainOf } from '../protocol/struct/domainOf.ts';
import { ListOf, OneOf, SIGNATURE } from '../protocol/wire/findShapeError.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { Of } from '../protocol/struct/Of.ts';
import { parseShape } from '../protocol/wire/parseShape.ts';
import type { NetworkChange } from '../protocol/struct/requests.ts';
import { messageShape } from '../protocol/shapes/messageShape.ts';
import { sign, type SigningContext } from '../protocol/struct/signing.ts';
import type { SeatKey } from '../protocol/network/signSuccessor.ts';
import { MAX_SUCCESSORS, MAX_SUCCESSOR_SIGNATURES } from '../protocol/network/Successor.ts';
import type { Files } from './Files.ts';
import { readJsonFile } from './jsonFiles.ts';

/** `signed-successor.json` of a folder: the successor that its seats signed last. */
export const SIGNED = 'signed-successor.json';

const SIGNED_SUCCESSOR = {
  format: new OneOf('medseal-signed-successor/1'),
  message: messageShape('NetworkChange'),
  /** Signatures of the folder's own seats, by which an altered file shows. */
  signatures: new ListOf(SIGNATURE, MAX_SUCCESSOR_SIGNATURES, 1),
  /** Replacements of validators' keys that its seats signed in this successor or before, and that the ledger may still take. */
  'replacements?': new ListOf(messageShape('KeyReplacement'), MAX_SUCCESSORS),
} as const;

/** A successor that a folder's seats signed, as the folder keeps it, so that they sign no other one in its place. */
export type SignedSuccessor = Of<typeof SIGNED_SUCCESSOR>;

/**
 * Makes what a folder keeps of a successor that its seats sign.
 *
 * @param context - Hashes and the curve.
 * @param predecessor - The file before.
 * @param message - The message that they sign.
 * @param keys - Their keys.
 */
export function signedSuccessorOf(
  { primitives }: Pick<SigningContext, 'primitives'>,
  predecessor: NetworkFile,
  message: NetworkChange,
  keys: readonly SeatKey[],
): SignedSuccessor {
  const context = { domain: domainOf(predecessor), primitives };
  return {
    format: 'medseal-signed-successor/1',
    message,
    signatures: keys.map((key) => sign(context, key, 'NetworkChange', message).signature),
  };
}

/**
 * Parses the successor that a folder's seats signed last.
 *
 * @param value - Value of the file, decoded from JSON.
 * @param path - Path of the folder, for messages.
 * @throws MedsealError `FOLDER_FOREIGN` if it is malformed.
 */
export function parseSignedSuccessor(value: unknown, path: string): SignedSuccessor {
  return parseShape(
    SIGNED_SUCCESSOR,
    value,
    SIGNED,
    (what) => new MedsealError('FOLDER_FOREIGN', { path, what }),
  );
}

/**
 * Reads the successor that a folder's seats signed last.
 *
 * @param files - The folder.
 * @returns Undefined if they signed none.
 * @throws MedsealError `FOLDER_FOREIGN` if the file is malformed: then nobody knows what they signed.
 */
export async function readSignedSuccessor(files: Files): Promise<SignedSuccessor | undefined> {
  const value = await readJsonFile(files, SIGNED);
  return value === undefined ? undefined : parseSignedSuccessor(value, files.path);
}
