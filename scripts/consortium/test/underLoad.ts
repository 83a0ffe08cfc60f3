import { beginWriting, type Writer } from './beginWriting.ts';
import { ALL, type Trial } from './openTrial.ts';

/**
 * Does something to processes while a patient at each organisation writes.
 *
 * @param trial - The organisations, all of which run.
 * @param fault - Does it; it is given the patients, in the order of the organisations.
 * @returns The patients, once they have ended.
 */
export async function underLoad(
  trial: Trial,
  fault: (writers: readonly Writer[]) => Promise<void>,
): Promise<readonly Writer[]> {
  const ending = new AbortController();
  const { network } = trial;
  const begun = await Promise.all(
    ALL.map(
      async (place) =>
        await beginWriting({ network, place, at: trial.at(place), ending: ending.signal }),
    ),
  );
  const writers = begun.map(({ writer }) => writer);
  try {
    await fault(writers);
  } finally {
    ending.abort();
    await Promise.all(begun.map(async ({ ended }) => await ended));
  }
  return writers;
}
