import { useMemo, type ReactNode } from 'react';
import { useWords } from '../../words/useWords.tsx';
import { ChartPart } from './ChartPart.tsx';
import { DocumentRow, newestIn } from './DocumentRow.tsx';
import { resourceKey } from './resourceKey.ts';
import type { TabProps } from './TabProps.ts';
import { List } from '../../ui/List.tsx';
import itemListLook from './ItemList.module.css';
import classes from './Documents.module.css';

/** The documents of a chart, each with its files. */
export function Documents(props: TabProps): ReactNode {
  const { state, chart, covered, printing } = props;
  const { say } = useWords();
  const { documents } = state.arranged;
  const newest = useMemo(() => newestIn(chart), [chart]);
  return (
    <ChartPart
      title={say('chart.documents')}
      count={documents.length}
      covered={covered}
      state={state}
    >
      <List
        className={itemListLook['items']}
        lineClass={() => classes['document']}
        all={printing}
        items={documents}
        keyOf={({ resource }) => resourceKey(resource)}
      >
        {(document) => <DocumentRow {...props} document={document} newest={newest} />}
      </List>
    </ChartPart>
  );
}
