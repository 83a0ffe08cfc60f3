import { useCallback, useEffect } from 'react';
import { readMistakes, type Mistake } from '../../../src/client/index.ts';
import { collectNews } from './people.ts';
import type { Session } from './Session.ts';
import { useTask } from './useTask.ts';

/** Reports of mistakes that the device knows, and what asks for letters and reads them again. */
interface KnownMistakes {
  readonly mistakes: readonly Mistake[];
  readonly again: () => void;
}

/**
 * Gives the reports of mistakes by the person and to the person: first those on the device, then with what letters bring.
 *
 * @param session - The person.
 */
export function useMistakes({ party }: Session): KnownMistakes {
  const { again, ...found } = useTask(async () => await readMistakes(party), [party]);
  const look = useCallback(() => {
    again();
    // If no node answers, the screen has what the device knows.
    // Letters of a patient for whom somebody acts wait for the patient's own devices.
    if (party.acting === undefined) collectNews(party).then(again, () => undefined);
  }, [party, again]);
  useEffect(look, [look]);
  return { mistakes: found.state === 'done' ? found.value : [], again: look };
}
