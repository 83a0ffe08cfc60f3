/** How what is damaged can be made whole again. */
export type Remedy =
  /** It can be rebuilt from intact data. */
  | 'rebuild'
  /** Other organisations hold it too, and a node fetches it from them when it runs. */
  | 'peers'
  /** Nobody else is known to hold it: what is in no backup is lost. */
  | 'backup'
  /** Nothing needs repair: it only takes up room, or says what a crash leaves. */
  | 'none';

/** Something that is not as it must be, found at rest. */
export interface Fault<Kind extends string = string> {
  /** Its class; stable, for programs. */
  readonly kind: Kind;
  /** What is wrong, in a sentence that names it. */
  readonly what: string;
  readonly remedy: Remedy;
}
