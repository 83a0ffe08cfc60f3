import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { isErasedIn, type Audit } from '../../../../src/client/index.ts';
import type { Category } from '../../../../src/protocol/vocabulary.ts';
import { afterNews } from '../../session/afterNews.ts';
import { releasedAt } from '../../session/charts.ts';
import { isReading } from '../../session/isReading.ts';
import type { Session } from '../../session/Session.ts';
import { useOwnChart } from '../../session/useOwnChart.ts';
import { AsOf } from '../../ui/AsOf.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';
import { LABELLED, type OwnPartProps } from './HomePart.tsx';
import { OwnMedicines } from './OwnMedicines.tsx';
import { OwnProblems } from './OwnProblems.tsx';
import { OwnResults } from './OwnResults.tsx';
import glanceLook from '../chart/Glance.module.css';

/** Categories that Home tells of. Of all others nothing is opened here: others may see the screen as it unlocks. */
const SHOWN: readonly Category[] = [
  'allergies',
  'conditions',
  'medications',
  'vitals',
  'laboratory',
  'immunizations',
];

/** Properties of `OwnHealth`. */
export interface OwnHealthProps {
  readonly session: Session;
  /** The newest audit, once there is one. */
  readonly audit: Audit | undefined;
  /** True while no node can be reached. */
  readonly isAway: boolean;
}

/** The patient’s own records, opened in the background: medicines, newest results, problems and vaccinations. */
export function OwnHealth({ session, audit, isAway }: OwnHealthProps): ReactNode {
  const { say } = useWords();
  const found = useOwnChart(session, SHOWN, audit, afterNews);
  if (found.state !== 'done') return <Awaiting on={found} what={say('home.opening')} />;
  const own = found.value;
  return (
    <>
      {isAway && <AsOf at={releasedAt(own.chart)} />}
      <Opening own={own} />
      <div className={glanceLook['glance']}>
        <OwnMedicines own={own} mayCollect={session.acting === undefined} />
        <OwnResults own={own} />
        <OwnProblems own={own} />
      </div>
    </>
  );
}

/** Says how far the records are open, and which of them stay closed. */
function Opening({ own: { chart, state, goOn } }: OwnPartProps): ReactNode {
  const { say } = useWords();
  const { left, large, failures, resourcesIn, error } = state;
  const isShown = ({ category }: { readonly category: Category }): boolean =>
    SHOWN.includes(category);
  const closed = failures.map(({ record }) => record).filter(isShown);
  const unread = closed.filter((record) => !isErasedIn(chart, record)).length;
  const aside = unread + large.filter(isShown).length;
  const done = [...resourcesIn.keys()].filter(isShown).length + closed.length;
  const of = done + left.filter(isShown).length;
  return (
    <>
      <Awaiting
        on={{ busy: isReading(state, SHOWN), error }}
        what={say('home.opened', { done, of })}
        done={of === 0 ? 1 : done / of}
        again={goOn}
      />
      {error === undefined && aside > 0 && (
        <Notice kind="warn" title={say('home.closed', { count: aside })} />
      )}
      {chart.records.some(({ category }) => category === LABELLED) && (
        <p className="hint">
          {say('home.sensitive')} <Link href="/chart">{say('home.whole-chart')}</Link>
        </p>
      )}
    </>
  );
}
