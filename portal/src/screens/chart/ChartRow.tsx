import type { ReactNode } from 'react';
import type { Chart, ChartRecord } from '../../../../src/client/index.ts';
import type { ChartItem } from '../../fhir/ArrangedChart.ts';
import type { Session } from '../../session/Session.ts';
import { titleKey } from '../../session/titleKey.ts';
import { Objected } from '../../ui/Objected.tsx';
import { useWords } from '../../words/useWords.tsx';
import { AmendRecord } from './AmendRecord.tsx';
import { DocumentFile } from './DocumentFile.tsx';
import { Fold } from './Fold.tsx';
import { ItemList } from './ItemList.tsx';
import { KeepWay } from './KeepWay.tsx';
import type { TabProps } from './TabProps.ts';
import itemLook from './ItemList.module.css';

/** Shown for a file that no document describes. */
const UNTOLD = { title: '', contentType: '' };
/** Shown for health data that is too large to show. */
const FHIR = { title: '', contentType: 'application/json' };

/** Properties of `ChartRow`. */
export interface ChartRowProps extends Pick<TabProps, 'onOpened'> {
  readonly session: Session;
  readonly chart: Chart;
  readonly record: ChartRecord;
  /** Entries of the record, as far as it was opened. */
  readonly items: readonly ChartItem[];
  readonly title: string;
  /** Time and author, in words. */
  readonly by: string;
  /** Records that this device may keep with it; none if it could not be opened. */
  readonly keeps: readonly ChartRecord[];
  readonly onAmended: () => void;
}

/** One record of a chart, folded to its title: its entries or its file, and what can be done with it. */
export function ChartRow(props: ChartRowProps): ReactNode {
  const { session, chart, record, items, title, by, keeps, onOpened, onAmended } = props;
  const { say } = useWords();
  const file = (attachment: typeof UNTOLD): ReactNode => (
    <DocumentFile
      key={titleKey(record)}
      {...{ session, chart, onOpened, attachment, title }}
      file={record}
    />
  );
  const label = (
    <>
      <span className={`kind ${itemLook['whole-line']}`}>
        {say(`common.category-${record.category}`)}
      </span>
      <strong dir="auto">{title}</strong>
      {items.length === 0 && <Objected chart={chart} record={record} />}
      <span className={`by ${itemLook['at-end']}`}>{by}</span>
    </>
  );
  return (
    <Fold printing={false} label={label} isItem>
      {() => (
        <>
          {items.length === 0 && file(UNTOLD)}
          {items.length > 0 && (
            <ItemList kinds items={items} told={['fhir.status', 'fhir.reason']} />
          )}
          {items.some(({ tooLarge }) => tooLarge === true) && file(FHIR)}
          {items.length > 0 && chart.grant?.terms.amend === true && (
            <AmendRecord
              {...{ session, chart, record, onAmended }}
              items={items.filter(isOwnEntry)}
            />
          )}
          {keeps.length > 0 && (
            <KeepWay title={title} session={session} chart={chart} records={keeps} />
          )}
        </>
      )}
    </Fold>
  );
}

/** Tells an entry of a record from the Provenance of a correction, which tells of the entries. */
export function isOwnEntry({ kind }: ChartItem): boolean {
  return kind !== 'Provenance';
}
