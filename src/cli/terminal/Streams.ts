/** Streams that a command reads and writes: those of the process, or others in a test. */
export interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Signals of the process that the command runs in, and its end; absent if Ctrl-C is not the command's to answer. */
  readonly signals?: Signals;
  /** Cost of guessing a new passphrase, if it is not the usual one: a test uses a low one, so as not to wait. */
  readonly passphrases?: { readonly workFactor: number };
}

/** Ctrl-C, and the end of the process. */
export interface Signals {
  once(event: 'SIGINT', listener: () => void): unknown;
  off(event: 'SIGINT', listener: () => void): unknown;
  exit(code: number): unknown;
}
