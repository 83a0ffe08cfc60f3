import type { MedsealError } from '../errors/MedsealError.ts';
import type { EntryBody } from './evidence.ts';
import type { Address, Bytes32 } from './ids.ts';
import type { EvidenceType, Signed } from './requests.ts';

/** Which key signed a request. */
export interface ReadSignature {
  /** The request's EIP-712 digest. */
  readonly digest: Bytes32;
  /** The address of the key; absent if no key can have made the signature. */
  readonly signer?: Address;
}

/** A text with its hash. */
export interface HashedText {
  /** Its UTF-8. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, 32 bytes. */
  readonly entry: Uint8Array;
}

/** A body, taken apart. */
export interface ReadBody extends HashedText {
  readonly body: EntryBody;
  /** Of the request in it; a summary has none. */
  readonly signature?: ReadSignature;
}

/**
 * The part of judging that needs no view of the rules, and most of the time: form, hashes, whose key signed. Whoever
 * judges has it done for itself, for an array at a time, so that other cores can do it.
 */
export interface EvidenceReader {
  /** Which keys signed requests that were parsed, in their order. */
  requests(requests: readonly Signed<EvidenceType>[]): Promise<readonly ReadSignature[]>;
  /** Bodies, in their order, from what is not trusted; `REQUEST_MALFORMED` where one is not of the form of a body. */
  bodies(texts: readonly string[]): Promise<readonly (ReadBody | MedsealError)[]>;
}
