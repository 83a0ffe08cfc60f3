/** Work that a worker does, so that the page answers its visitor meanwhile. */
export type WorkerJob =
  | {
      /** Derives a key from a passphrase. */
      readonly kind: 'scrypt';
      readonly password: Uint8Array;
      readonly salt: Uint8Array;
      /** Base-2 logarithm of scrypt's N. */
      readonly workFactor: number;
    }
  | {
      /** Seals a file into the browser's private file system. */
      readonly kind: 'seal';
      readonly blob: Blob;
      /** Header and nonce of the age file. */
      readonly head: Uint8Array;
      /** Key of its payload, 32 bytes. */
      readonly key: Uint8Array;
      /** Name of the sealed file. */
      readonly name: string;
    };

/** Results of the jobs, by kind. */
export interface WorkerResults {
  readonly scrypt: Uint8Array;
  readonly seal: {
    /** SHA-256 of the sealed file. */
    readonly hash: Uint8Array;
    /** The sealed file, if the browser has no private file system to keep it in. */
    readonly blob?: Blob;
  };
}

/** Message of a worker to its page. */
export type WorkerReport =
  | { readonly state: 'working'; readonly bytes: number }
  | { readonly state: 'done'; readonly result: WorkerResults[WorkerJob['kind']] }
  | { readonly state: 'failed'; readonly error: unknown };
