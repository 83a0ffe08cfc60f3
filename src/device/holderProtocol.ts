import { MedsealError } from '../errors/MedsealError.ts';

/** Name of the socket in a key's folder. */
export const HOLDER_SOCKET = 'unlocked.sock';

/** Question to a holder, one for each connection. */
export type HolderQuestion =
  | { readonly ask: 'seed' | 'until' | 'lock' }
  /** Sets its end to this time from now. */
  | { readonly ask: 'extend'; readonly milliseconds: number };

/** Answer of a holder. */
export interface HolderAnswer {
  /** When it ends, milliseconds since 1970. */
  readonly until: number;
  /** 32 bytes, if it was asked for them. */
  readonly seed?: Uint8Array;
}

/** Bytes of the longest question. */
export const LONGEST_QUESTION = 64;

const SEED = 32;
const TIME = 8;
/** Bytes of the longest answer. */
export const LONGEST_ANSWER = TIME + SEED;
/** The last moment that a `Date` can hold, milliseconds since 1970. */
const LAST = 8.64e15;

/** Formats a question as a line. */
export function encodeQuestion(question: HolderQuestion): string {
  return question.ask === 'extend' ? `extend ${question.milliseconds}\n` : `${question.ask}\n`;
}

/** Parses a question, without its line break; undefined if it is not one. */
export function parseQuestion(line: string): HolderQuestion | undefined {
  if (line === 'seed' || line === 'until' || line === 'lock') return { ask: line };
  const [, milliseconds] = /^extend (\d{1,12})$/.exec(line) ?? [];
  if (milliseconds === undefined) return undefined;
  return { ask: 'extend', milliseconds: Number(milliseconds) };
}

/** Formats an answer: the time as a 64-bit number, big-endian, and the seed's bytes, which never become text. */
export function encodeAnswer({ until, seed }: HolderAnswer): Uint8Array {
  const bytes = new Uint8Array(TIME + (seed?.length ?? 0));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(until));
  if (seed !== undefined) bytes.set(seed, TIME);
  return bytes;
}

/**
 * Parses an answer.
 * @throws MedsealError `UNLOCK_FAILED` if it has another length, or its time is not a moment.
 */
export function parseAnswer(bytes: Uint8Array, question: HolderQuestion): HolderAnswer {
  const withSeed = question.ask === 'seed';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fits = bytes.length === (withSeed ? LONGEST_ANSWER : TIME);
  const until = fits ? Number(view.getBigUint64(0)) : Infinity;
  if (until > LAST) {
    throw new MedsealError('UNLOCK_FAILED', {
      reason: 'the process that holds it does not answer',
    });
  }
  return { until, ...(withSeed && { seed: bytes.slice(TIME) }) };
}
