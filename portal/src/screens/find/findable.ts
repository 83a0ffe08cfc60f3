import { knownRights, type ChartRecord, type Party } from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import type { PageEntry } from '../../ui/PageFrame.tsx';
import { peopleHere } from '../../session/people.ts';
import { titleKey } from '../../session/titleKey.ts';
import type { Titles } from '../../session/titles.ts';

/** Somewhere that a person can go to: a screen, a patient's chart, or an own record. */
export interface Findable {
  readonly to: string;
  readonly label: string;
  readonly kind: 'screen' | 'patient' | 'record';
}

/** A person's screens, as places to go to. */
export function screensToFind(entries: readonly Pick<PageEntry, 'to' | 'label'>[]): Findable[] {
  return entries.map(({ to, label }) => ({ to, label, kind: 'screen' as const }));
}

/**
 * Returns the patients whose charts a reader may open now and has a name for. Nobody is asked.
 *
 * @param party - The reader.
 */
export async function patientsToFind(party: Party): Promise<Findable[]> {
  const now = seconds(party.clock);
  const held = new Set(
    (await knownRights(party))
      .filter(({ grant }) => grant.terms.until > now)
      .map(({ grant }) => grant.handle),
  );
  return (await peopleHere(party)).flatMap(({ handle, name }) =>
    handle !== undefined && held.has(handle)
      ? [{ to: `/patients/${handle}`, label: name, kind: 'patient' as const }]
      : [],
  );
}

/**
 * Returns a patient's own records whose titles this device knows.
 *
 * @param records - The newest version of each.
 * @param titles - The titles.
 */
export function recordsToFind(records: readonly ChartRecord[], titles: Titles): Findable[] {
  return records.flatMap((record) => {
    const label = titles[titleKey(record)];
    return label === undefined
      ? []
      : [{ to: `/records/${record.record}`, label, kind: 'record' as const }];
  });
}
