import type { ChartRecord } from '../../../../src/client/index.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import { knownDates } from '../../session/clinicalDates.ts';
import type { Session } from '../../session/Session.ts';
import { titleKey } from '../../session/titleKey.ts';
import { knownTitles } from '../../session/titles.ts';
import { useTask } from '../../session/useTask.ts';
import { useWords } from '../../words/useWords.tsx';

/** A record of a chart in a line: its kind, its title and clinical day if the device has opened it, else when it was added. */
export type RecordInWords = (record: ChartRecord) => string;

/**
 * Puts records of a chart into a line each.
 *
 * @param session - The person.
 * @param handle - The chart.
 */
export function useRecordInWords({ party }: Session, handle: Handle): RecordInWords {
  const words = useWords();
  const { say, moment } = words;
  const known = useTask(
    async () => ({
      titles: await knownTitles(party, handle),
      dates: await knownDates(party, handle),
    }),
    [party, handle],
  );
  const { titles, dates } = known.state === 'done' ? known.value : { titles: {}, dates: {} };
  return (record) => {
    const key = titleKey(record);
    const [title, date] = [titles[key] ?? '', dates[key]];
    return say(title === '' ? 'claims.record' : 'claims.record-called', {
      kind: say(`common.category-${record.category}`),
      title,
      when: date === undefined ? moment(record.at) : sayFhir(date, words),
    });
  };
}
