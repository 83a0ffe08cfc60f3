import { useEffect, useSyncExternalStore, type ReactNode } from 'react';
import { isMedsealError, rightFor, type Chart } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { allergiesNow, doubtOf } from '../../fhir/allergiesNow.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import type { Category } from '../../../../src/protocol/vocabulary.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import type { ChartState } from '../../session/ChartReader.ts';
import { chartIn, chartsRound, followCharts } from '../../session/charts.ts';
import { forgetFacts, keepFacts, type FactsKept } from '../../session/factsKept.ts';
import { isReading } from '../../session/isReading.ts';
import { readPeople } from '../../session/people.ts';
import type { Session } from '../../session/Session.ts';
import { unreadIn } from '../../session/unreadIn.ts';
import { useChartState } from '../../session/useChartState.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { MissingHeading } from '../../ui/MissingHeading.ts';
import { initialsOf } from '../../ui/initialsOf.ts';
import { useTitle } from '../../ui/useTitle.ts';
import { useWords } from '../../words/useWords.tsx';
import { ageInWords } from './ageInWords.ts';
import { factsOfChart } from './factsOfChart.ts';
import { factsOf, personShown, type PersonShown } from './personShown.ts';
import classes from './PatientBanner.module.css';
import { RightSaid } from './RightSaid.tsx';
import { useRightRead, type RightRead } from './rightOnBanner.ts';

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
 * Says whose chart a page is about: name, birth date and allergies, always in view, with purpose and end of the right. It names
 * what cannot be read, so that nobody takes it for nothing.
 */
export function PatientBanner(props: PatientBannerProps): ReactNode {
  const { session, handle, isForPaper = false } = props;
  const words = useWords();
  const { say } = words;
  const { party } = session;
  const round = useSyncExternalStore(followCharts, chartsRound);
  const people = useTask(async () => await readPeople(party), [party, handle]);
  const found = useTask(async () => await bannerFor(session, handle), [session, handle, round]);
  const { chart, right } = found.state === 'done' ? found.value : {};
  const rightShown = useRightRead(handle) ?? right;
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
  // The list of patients says later what the banner says now; its view is evidence already.
  const kept = chart && state && factsOfChart(name, chart, state, NEEDED);
  const said = people.state === 'done' && kept ? JSON.stringify(kept) : undefined;
  useEffect(() => {
    if (said === undefined) return;
    // A device without room shows the list without them.
    keepFacts(party, handle, JSON.parse(said) as FactsKept).catch(() => undefined);
  }, [party, handle, said]);
  const isEnded = found.state === 'failed' && isMedsealError(found.error, 'RIGHT_ENDED');
  useEffect(() => {
    if (isEnded) forgetFacts(party, handle).catch(() => undefined);
  }, [party, handle, isEnded]);
  useTitle('person', name === undefined ? undefined : initialsOf(name));
  return (
    <header
      className={
        isForPaper
          ? `${classes['patient-banner']} ${classes['printed']}`
          : classes['patient-banner']
      }
      aria-label={say('chart.patient')}
    >
      <strong className={classes['name']} dir="auto">
        {visibleText(called, 120)}
      </strong>
      <span className={classes['purpose']}>
        {rightShown !== undefined && <RightSaid right={rightShown} />}
      </span>
      {found.state === 'done' && chart === undefined && (
        <p className={classes['allergies']}>
          <strong>{say('chart.banner-unread')}</strong>
        </p>
      )}
      {/* The heading is the screen's own. */}
      <MissingHeading value={undefined}>
        <Awaiting
          on={found}
          what={say('chart.banner-reading')}
          title={say('chart.banner-unread')}
        />
      </MissingHeading>
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
    <span className={classes['person-facts']}>
      {facts.every(([word]) => word !== 'fhir.born') && (
        <span>
          {say('fhir.born')}: {say(reading ? 'chart.still-reading' : 'chart.banner-unknown')}
        </span>
      )}
      {facts.map(([word, value]) => (
        <span key={word}>
          {say(word)}: <bdi>{value}</bdi>
          {word === 'fhir.born' && months !== undefined && ` (${ageInWords(months, say)})`}
        </span>
      ))}
    </span>
  );
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
  const gap = unreadIn(['allergies'], state, chart);
  return (
    <p className={classes['allergies']}>
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

/** The chart that the banner reads, if any, and the right for it. */
interface BannerRead {
  readonly chart?: Chart;
  readonly right?: RightRead;
}

/**
 * Opens the chart by the right that shows allergies, else by any that reads; without one nothing is asked for in vain. An insurer
 * is not shown what its decision does not need: for it nothing is opened.
 */
async function bannerFor(session: Session, handle: Handle): Promise<BannerRead> {
  const { party } = session;
  if (session.handle === handle) {
    const chart = await chartIn(session, { handle, purpose: 'PATRQT' });
    return { chart, right: chart };
  }
  const opens = session.role !== 'insurer';
  for (const category of opens ? (['allergies', undefined] as const) : [undefined]) {
    const right = await rightFor(party, { handle, action: 'read', ...(category && { category }) });
    if (right?.covers !== true) continue;
    const { grant } = right;
    const wanted = { handle, grant, purpose: grant.terms.purpose };
    return opens ? { chart: await chartIn(session, wanted), right: wanted } : { right: wanted };
  }
  return {};
}
