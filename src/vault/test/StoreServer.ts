/** A store's server under test. */
export interface StoreServer {
  /** Its URL, without a slash at its end. */
  readonly url: string;
  /** Kills it as a power cut does, and starts it again on what it has. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}
