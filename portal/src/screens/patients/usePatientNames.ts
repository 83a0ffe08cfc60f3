import { useWords } from '../../words/useWords.tsx';
import type { Person } from '../../session/people.ts';

/** Returns what a reader calls the patient of a chart: the contact's name, else the beginning of the handle. */
export function usePatientNames(): (contacts: readonly Person[], handle: string) => string {
  const { say } = useWords();
  return (contacts, handle) =>
    contacts.find((each) => each.handle === handle)?.name ??
    say('patients.unnamed', { handle: `${handle.slice(0, 10)}…` });
}
