import type { ReactNode } from 'react';
import type { ChartRecord } from '../../../../src/client/index.ts';
import type { NameOf } from '../../session/useNames.ts';
import { useWords } from '../../words/useWords.tsx';
import { List } from '../../ui/List.tsx';

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
    <List
      look="text"
      items={[
        ...unread.slice(0, MOST).map(({ category, author, at }) =>
          say('orders.unread-record', {
            category: say(`common.category-${category}`),
            who: nameOf(author),
            when: moment(at),
          }),
        ),
        ...(left > 0 ? [say('orders.unread-more', { count: left })] : []),
      ]}
      keyOf={(_, place) => place}
    >
      {(text) => text}
    </List>
  );
}
