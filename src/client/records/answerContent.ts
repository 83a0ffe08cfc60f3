import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MOST_WORDS } from '../letters/Mistake.ts';

/** An author's answer to an objection: that the record is amended in a version, or without one that the author declines. */
export interface AnswerSaid {
  /** The version of the record that amends it. */
  readonly version?: number | undefined;
  /** The reason; not trusted; empty only beside a version. */
  readonly words: string;
}

/** The first line says what the answer is, and the rest why. */
const ANSWER = /^medseal-answer\/1 (?:declined|amended ([1-9][0-9]{0,8}))\n([^]*)$/;

/** Writes an answer as the content of its record. */
export function encodeObjectionAnswer({ version, words }: AnswerSaid): Uint8Array {
  const says = version === undefined ? 'declined' : `amended ${version}`;
  return utf8ToBytes(`medseal-answer/1 ${says}\n${words}`);
}

/**
 * Parses the content of an answer.
 *
 * @param text - Not trusted.
 * @returns Undefined if it is not one.
 */
export function parseObjectionAnswer(text: string): AnswerSaid | undefined {
  const [, version, given] = ANSWER.exec(text) ?? [];
  if (given === undefined) return undefined;
  const words = given.slice(0, MOST_WORDS);
  if (version !== undefined) return { version: Number(version), words };
  return words.trim() === '' ? undefined : { words };
}
