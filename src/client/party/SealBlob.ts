import type { Spooled } from './Spool.ts';

/** A file to be sealed, whose header is made already. */
export interface BlobToSeal {
  readonly blob: Blob;
  /** Header and nonce of the age file, which come before its payload. */
  readonly head: Uint8Array;
  /** Key of the payload, 32 bytes, used for nothing else. */
  readonly key: Uint8Array;
}

/** A file that was sealed. */
export interface SealedBlob {
  readonly spooled: Spooled;
  /** SHA-256 of the sealed file. */
  readonly hash: Uint8Array;
  /** Size of the sealed file in bytes. */
  readonly size: number;
}

/**
 * Port to another thread that seals a browser's file: the page answers its visitor meanwhile, and holds neither the file
 * nor what becomes of it in memory.
 */
export type SealBlob = (sealing: BlobToSeal) => Promise<SealedBlob>;
