import { HABITS } from './habits.ts';

/** A habit in a sentence. */
export interface FoundHabit {
  readonly sentence: string;
  readonly instead: string;
}

/** Finds the habits in a text, sentence by sentence. */
export function findHabits(text: string): readonly FoundHabit[] {
  return sentencesOf(text).flatMap((sentence) =>
    HABITS.filter(({ pattern }) => pattern.test(sentence)).map(({ instead }) => ({
      sentence,
      instead,
    })),
  );
}

function sentencesOf(text: string): readonly string[] {
  return text
    .replaceAll(/\s+/g, ' ')
    .split(/(?<=[.!?…][)”"*_]*) (?=[A-Z`“(])/)
    .map((sentence) => sentence.replace(/^[*_“(]+/, '').trim());
}
