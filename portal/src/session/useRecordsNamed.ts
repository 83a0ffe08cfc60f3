import { useEffect, useState } from 'react';
import { ZERO32, type Handle, type RecordId } from '../../../src/protocol/ids.ts';
import { ownChart } from './charts.ts';
import type { Session } from './Session.ts';
import { knownTitles } from './titles.ts';

/** Title of a record, if the device has opened it, and the Unix second in which it was added. */
interface Known {
  readonly title?: string;
  readonly at?: number;
}

/**
 * Finds the title and the day of records that rights name; the day only on the person's own chart. Nothing stands
 * in for one that cannot be found.
 *
 * @param session - The person.
 * @param wanted - Charts and records; a record of zeros names none.
 * @returns A function that gives the title and the day of a record, as far as they are known.
 */
export function useRecordsNamed(
  session: Session,
  wanted: readonly { readonly handle: Handle; readonly record: RecordId }[],
): (record: RecordId) => Known | undefined {
  const [known, setKnown] = useState<Readonly<Record<RecordId, Known>>>({});
  const named = wanted.filter(({ record }) => record !== ZERO32);
  const asked = JSON.stringify(named);
  useEffect(() => {
    let gone = false;
    const find = async (): Promise<void> => {
      for (const { handle, record } of JSON.parse(asked) as typeof named) {
        const titles = Object.entries(await knownTitles(session.party, handle));
        const title = titles.findLast(([key]) => key.startsWith(`${record}/`))?.[1];
        const told = (more: Known): void => {
          if (!gone)
            setKnown((before) => ({ ...before, [record]: { ...(title && { title }), ...more } }));
        };
        told({});
        if (handle !== session.handle) continue;
        const at = (await ownChart(session)).records.find((each) => each.record === record)?.at;
        if (at !== undefined) told({ at });
      }
    };
    // Without an answer the words have the record's number.
    find().catch(() => {});
    return () => {
      gone = true;
    };
  }, [session, asked]);
  return (record) => known[record];
}
