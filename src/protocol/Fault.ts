/** Way to repair damage. */
export type Remedy =
  /** It can be rebuilt from intact data. */
  | 'rebuild'
  /** Other organisations hold it too, and a running node fetches it from them. */
  | 'peers'
  /** Nobody else is known to hold it: without a backup it is lost. */
  | 'backup'
  /** Nothing needs repair: it only takes up room, or says what a crash leaves. */
  | 'none';

/** A fault in stored data. */
export interface Fault<Kind extends string = string> {
  /** Its class; stable, for programs. */
  readonly kind: Kind;
  /** Sentence that names the damage. */
  readonly what: string;
  readonly remedy: Remedy;
}
