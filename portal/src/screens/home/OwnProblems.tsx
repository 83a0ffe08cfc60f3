import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { codesIn } from '../../../../src/fhir/codeOf.ts';
import { fieldOf } from '../../../../src/fhir/fieldOf.ts';
import type { ChartItem } from '../../fhir/ArrangedChart.ts';
import { useWords } from '../../words/useWords.tsx';
import { ItemList } from '../chart/ItemList.tsx';
import { HomePart, type OwnPartProps } from './HomePart.tsx';
import { onceEach } from './onceEach.ts';

/** Lines of each list; the chart has the rest. */
const MOST = 5;

/** The patient's problems and vaccinations. */
export function OwnProblems({ own }: OwnPartProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const { problems, immunizations } = own.state.arranged;
  const active = onceEach(problems.active, ['fhir.bodySite', 'fhir.certainty'], words);
  const more = (all: readonly ChartItem[]): ReactNode =>
    all.length > MOST && (
      <p>
        <Link href="/chart">{say('home.all', { count: all.length })}</Link>
      </p>
    );
  return (
    <>
      <HomePart
        own={own}
        title={say('chart.problems')}
        category="conditions"
        count={active.length}
        below={more(active)}
      >
        <ItemList
          items={active.slice(0, MOST)}
          told={({ resource }) =>
            codesIn(fieldOf(resource, 'verificationStatus')).includes('confirmed')
              ? ['fhir.severity']
              : ['fhir.severity', 'fhir.certainty']
          }
        />
      </HomePart>
      <HomePart
        own={own}
        title={say('chart.immunizations')}
        category="immunizations"
        count={immunizations.length}
        below={more(immunizations)}
      >
        <ItemList items={immunizations.slice(0, MOST)} />
      </HomePart>
    </>
  );
}
