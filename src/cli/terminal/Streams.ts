/** Where a command reads and writes: those of the process, or others in a test. */
export interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** What guessing a new passphrase costs, where that is not as usual: a test has little to wait for. */
  readonly passphrases?: { readonly workFactor: number };
}
