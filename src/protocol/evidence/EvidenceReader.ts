import type { MedsealError } from '../../errors/MedsealError.ts';
import type { EntryBody } from './evidence.ts';
import type { Address, Bytes32 } from '../ids.ts';
import type { EvidenceType, Signed } from '../struct/requests.ts';

/** Key that signed a request. */
export interface ReadSignature {
  /** The request's EIP-712 digest. */
  readonly digest: Bytes32;
  /**
   * The address of the key; absent if no key can have made the signature, or the changes of key that go along do not
   * prove that it was the party's.
   */
  readonly signer?: Address;
}

/** A text with its hash. */
export interface HashedText {
  /** Its UTF-8. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, 32 bytes. */
  readonly entry: Uint8Array;
}

/** A parsed body. */
export interface ReadBody extends HashedText {
  readonly body: EntryBody;
  /** Signature of its request; absent for a summary. */
  readonly signature?: ReadSignature;
}

/** Does a piece of work once it is its turn: many pieces do not keep others waiting. */
export type InTurn = <Result>(work: () => Result) => Promise<Result>;

/**
 * The part of judging that does not need the rules, but most of the time: form, hashes, signing keys. Each judge does
 * it for itself, for a whole array at once, so that other cores can do it.
 */
export interface EvidenceReader {
  /** Returns the keys that signed parsed requests, in their order. */
  requests(requests: readonly Signed<EvidenceType>[]): Promise<readonly ReadSignature[]>;
  /** Parses bodies that are not trusted, in their order; a malformed one gives `REQUEST_MALFORMED`. */
  bodies(texts: readonly string[]): Promise<readonly (ReadBody | MedsealError)[]>;
}
