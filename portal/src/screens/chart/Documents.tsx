import { useMemo, type ReactNode } from 'react';
import { FirstOf } from '../../ui/FirstOf.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ChartPart } from './ChartPart.tsx';
import { DocumentRow, newestIn } from './DocumentRow.tsx';
import { resourceKey } from './resourceKey.ts';
import type { TabProps } from './TabProps.ts';
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
      <FirstOf items={documents} all={printing}>
        {(shown) => (
          <ul className={itemListLook['items']}>
            {shown.map((document) => (
              <li key={resourceKey(document.resource)} className={classes['document']}>
                <DocumentRow {...props} document={document} newest={newest} />
              </li>
            ))}
          </ul>
        )}
      </FirstOf>
    </ChartPart>
  );
}
