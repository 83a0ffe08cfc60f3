import { useSyncExternalStore, type ReactNode } from 'react';
import { rightFor, type Chart } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { allergiesNow, doubtOf, isAllergy } from '../../fhir/allergiesNow.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import type { Category } from '../../../../src/protocol/vocabulary.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import type { ChartState } from '../../session/ChartReader.ts';
import { chartIn, chartsRound, followCharts } from '../../session/charts.ts';
import { isReading } from '../../session/isReading.ts';
import { readPeople } from '../../session/people.ts';
import type { Session } from '../../session/Session.ts';
import { unreadIn } from '../../session/unreadIn.ts';
import { useChartState } from '../../session/useChartState.ts';
import { useTask } from '../../session/useTask.ts';
import { Failure } from '../../ui/Failure.tsx';
import { initialsOf } from '../../ui/initialsOf.ts';
import { Pending } from '../../ui/Pending.tsx';
import { useTitle } from '../../ui/useTitle.ts';
import { useWords, type Words } from '../../words/useWords.tsx';
import { factsOf, personShown, type PersonShown } from './personShown.ts';
import { PURPOSE_PLACE } from './usePurposePlace.ts';

/** Categories that the banner opens: no more, for every view is evidence. */
const NEEDED: readonly Category[] = ['demographics', 'allergies'];

/** Properties of `PatientBanner`. */
export interface PatientBannerProps {
  readonly session: Session;
  readonly handle: Handle;
  /** True for the person's own chart: who looks at it knows whose it is, but a printed page must say it. */
  readonly isForPaper?: boolean;
}

/**
 * Says whose chart a page is about: name, birth date and allergies, always in view. It names what
 * cannot be read, so that nobody takes it for nothing.
 */
export function PatientBanner(props: PatientBannerProps): ReactNode {
  const { session, handle, isForPaper = false } = props;
  const words = useWords();
  const { say } = words;
  const { party } = session;
  const round = useSyncExternalStore(followCharts, chartsRound);
  const people = useTask(async () => await readPeople(party), [party, handle]);
  const found = useTask(
    async () => ({ chart: await chartFor(session, handle) }),
    [session, handle, round],
  );
  const chart = found.state === 'done' ? found.value.chart : undefined;
  const state = useChartState(party, chart, NEEDED);
  const known = people.state === 'done' ? people.value : [];
  const name = known.find((each) => each.handle === handle)?.name;
  const unnamed = session.handle === handle ? session.called : say('chart.unnamed');
  const { called = unnamed, ...person } = personShown(
    name,
    state?.arranged.persons ?? [],
    words,
    party.clock.now(),
  );
  useTitle('person', name === undefined ? undefined : initialsOf(name));
  return (
    <header
      className={isForPaper ? 'patient-banner paper' : 'patient-banner'}
      aria-label={say('chart.patient')}
    >
      <strong className="name" dir="auto">
        {visibleText(called, 120)}
      </strong>
      <span id={PURPOSE_PLACE} className="purpose" />
      {found.state === 'working' && <Pending what={say('chart.banner-reading')} />}
      {found.state === 'done' && chart === undefined && (
        <p className="allergies">
          <strong>{say('chart.banner-unread')}</strong>
        </p>
      )}
      {found.state === 'failed' && (
        <Failure error={found.error} title={say('chart.banner-unread')} again={found.again} />
      )}
      {state !== undefined && chart !== undefined && (
        <>
          <Facts {...person} reading={isReading(state, ['demographics'])} />
          <Allergies state={state} chart={chart} />
        </>
      )}
    </header>
  );
}

function Facts({
  facts,
  months,
  reading,
}: Pick<PersonShown, 'facts' | 'months'> & { readonly reading: boolean }): ReactNode {
  const { say } = useWords();
  return (
    <span className="person-facts">
      {facts.every(([word]) => word !== 'fhir.born') && (
        <span>
          {say('fhir.born')}: {say(reading ? 'chart.still-reading' : 'chart.banner-unknown')}
        </span>
      )}
      {facts.map(([word, value]) => (
        <span key={word}>
          {say(word)}: <bdi>{value}</bdi>
          {word === 'fhir.born' && months !== undefined && ` (${ageOf(months, say)})`}
        </span>
      ))}
    </span>
  );
}

function ageOf(months: number, say: Words['say']): string {
  return months < 24
    ? say('chart.age-months', { count: months })
    : say('chart.age-years', { count: Math.floor(months / 12) });
}

function Allergies({
  state,
  chart,
}: {
  readonly state: ChartState;
  readonly chart: Chart;
}): ReactNode {
  const words = useWords();
  const { say } = words;
  const allergies = allergiesNow(state.arranged);
  const hasAny = allergies.some(isAllergy);
  const gap = unreadIn(['allergies'], state, chart);
  return (
    <p className={hasAny ? 'allergies some' : 'allergies'}>
      <strong>{say('chart.allergies')}:</strong>{' '}
      {allergies.map((item, place) => (
        <span key={place}>
          <bdi>{sayFhir(item.title, words)}</bdi>
          {(['fhir.criticality', ...doubtOf(item)] as const).flatMap((word) =>
            factsOf([item], word, words).map((value) => ` (${value})`),
          )}
        </span>
      ))}
      {gap !== undefined && <em>{say(gap)}</em>}
      {gap === undefined && allergies.length === 0 && say('chart.banner-none')}
    </p>
  );
}

/** Opens the chart by the right that shows allergies, else by any that reads; without one nothing is asked for in vain. */
async function chartFor(session: Session, handle: Handle): Promise<Chart | undefined> {
  const { party } = session;
  if (session.handle === handle) return await chartIn(session, { handle, purpose: 'PATRQT' });
  for (const category of ['allergies', undefined] as const) {
    const right = await rightFor(party, { handle, action: 'read', ...(category && { category }) });
    if (right?.covers !== true) continue;
    const { grant } = right;
    return await chartIn(session, { handle, grant, purpose: grant.terms.purpose });
  }
  return undefined;
}
