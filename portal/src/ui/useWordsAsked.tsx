import { useMemo, useState, type ReactNode } from 'react';
import { useWords } from '../words/useWords.tsx';
import { TextField } from './TextField.tsx';

/** Number of words that the person types again, so that the paper is known to be right. */
const ASKED = 3;

/** The question for some words of a paper. */
export interface WordsAsked {
  /** True if all of them were typed. */
  readonly right: boolean;
  /** A field for each. */
  readonly fields: ReactNode;
}

/**
 * Asks for some of the words that a person has just written down.
 *
 * @param words - All words, in their order.
 */
export function useWordsAsked(words: readonly string[]): WordsAsked {
  const { say } = useWords();
  const asked = useMemo(() => placesOf(words.length), [words]);
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  const wrong = asked.filter((place) => (typed[place] ?? '').trim().toLowerCase() !== words[place]);
  const fields = asked.map((place) => (
    <TextField
      key={place}
      label={say('enter.word-number', { number: place + 1 })}
      value={typed[place] ?? ''}
      spellCheck={false}
      autoComplete="off"
      autoCapitalize="none"
      error={
        typed[place] !== undefined && typed[place].length > 2 && wrong.includes(place)
          ? say('enter.word-wrong')
          : undefined
      }
      onChange={(value) => setTyped((before) => ({ ...before, [place]: value }))}
    />
  ));
  return { right: wrong.length === 0, fields };
}

/** Chooses the places of the words that are asked for, in their order. */
function placesOf(count: number): readonly number[] {
  const places = new Set<number>();
  while (places.size < ASKED) {
    const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
    places.add(random % count);
  }
  return [...places].toSorted((left, right) => left - right);
}
