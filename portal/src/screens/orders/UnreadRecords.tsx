import type { ReactNode } from 'react';
import type { ChartRecord } from '../../../../src/client/index.ts';
import type { NameOf } from '../../session/useNames.ts';
import { useWords } from '../../words/useWords.tsx';

/** Most records that are named one by one. */
const MOST = 10;

/** Properties of `UnreadRecords`. */
export interface UnreadRecordsProps {
  readonly unread: readonly ChartRecord[];
  readonly nameOf: NameOf;
}

/** Records that cannot be read: of what kind, by whom, and since when. */
export function UnreadRecords({ unread, nameOf }: UnreadRecordsProps): ReactNode {
  const { say, moment } = useWords();
  const left = unread.length - MOST;
  return (
    <ul>
      {unread.slice(0, MOST).map(({ record, version, category, author, at }) => (
        <li key={`${record}/${version}`}>
          {say('orders.unread-record', {
            category: say(`common.category-${category}`),
            who: nameOf(author),
            when: moment(at),
          })}
        </li>
      ))}
      {left > 0 && <li>{say('orders.unread-more', { count: left })}</li>}
    </ul>
  );
}
