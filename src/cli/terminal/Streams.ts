/** Streams that a command reads and writes: those of the process, or others in a test. */
export interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Cost of guessing a new passphrase, if it is not the usual one: a test uses a low one, so as not to wait. */
  readonly passphrases?: { readonly workFactor: number };
}
