import { PassThrough, Readable } from 'node:stream';
import type { Streams } from '../terminal/Streams.ts';

/** Streams whose output can be looked at. */
export interface CapturedStreams extends Streams {
  out(): Buffer;
  err(): string;
}

/**
 * Streams as a command has them that nobody sits before. A new passphrase costs next to nothing.
 *
 * @param input - Input that is piped in.
 */
export function captureStreams(input: string | Buffer = ''): CapturedStreams {
  const written = { out: [] as Buffer[], err: [] as Buffer[] };
  return {
    stdin: Readable.from([Buffer.from(input)]) as unknown as NodeJS.ReadStream,
    stdout: into(written.out),
    stderr: into(written.err),
    passphrases: { workFactor: 4 },
    out: () => Buffer.concat(written.out),
    err: () => Buffer.concat(written.err).toString(),
  };
}

function into(parts: Buffer[]): NodeJS.WriteStream {
  const stream = new PassThrough();
  stream.on('data', (part: Buffer) => parts.push(part));
  return stream as unknown as NodeJS.WriteStream;
}
