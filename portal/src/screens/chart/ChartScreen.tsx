import { useState, useSyncExternalStore, type ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import {
  isMedsealError,
  knownRights,
  rightFor,
  type Chart,
  type KnownRight,
} from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import type { Bytes32, Handle } from '../../../../src/protocol/ids.ts';
import type { Grant } from '../../../../src/protocol/struct/requests.ts';
import { CATEGORIES } from '../../../../src/protocol/vocabulary.ts';
import { chartIn } from '../../session/charts.ts';
import { readPeople } from '../../session/people.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { ListCounted } from '../../ui/ListCounted.tsx';
import { MissingHeading } from '../../ui/MissingHeading.ts';
import { ReleasedBy } from '../../ui/ReleasedBy.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { AccessEnds } from './AccessEnds.tsx';
import { AddOnly } from './AddOnly.tsx';
import { AddToChart } from './AddToChart.tsx';
import { AllRecords } from './AllRecords.tsx';
import { ChartHead } from './ChartHead.tsx';
import { readerOf } from '../../session/ChartReader.ts';
import { Documents } from './Documents.tsx';
import { Glance } from './Glance.tsx';
import { OtherRights } from './OtherRights.tsx';
import { Results } from './Results.tsx';
import { rightsBeside } from './rightsBeside.ts';
import type { TabProps } from './TabProps.ts';
import { Timeline } from './Timeline.tsx';
import { usePrinting } from './usePrinting.ts';
import classes from './ChartScreen.module.css';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Errors after which a patient can be asked for a right. */
const RIGHTLESS = ['RIGHT_MISSING', 'RIGHT_ENDED'] as const;
const TABS = ['glance', 'results', 'documents', 'timeline', 'all', 'add'] as const;

/** A patient's chart as a clinician works with it; without a handle, the patient's own. Its list is there first; its records open behind it. */
export function ChartScreen({ session }: ScreenProps): ReactNode {
  const { handle = session.handle ?? '0x' } = useParams<{ handle?: Handle }>();
  const { say } = useWords();
  const [by, setBy] = useState<Bytes32>();
  const found = useTask(async () => await findChart(session, handle, by), [session, handle, by]);
  if (found.state !== 'done') {
    return (
      <>
        <Awaiting
          on={found}
          what={say('chart.opening')}
          again={() => {
            // A right that was chosen may have ended: the best one is looked for again.
            if (by === undefined) found.again();
            else setBy(undefined);
          }}
        />
        {found.state === 'failed' &&
          RIGHTLESS.some((code) => isMedsealError(found.error, code)) && (
            <ButtonLink href={`/ask/${handle}`} kind="main">
              {say('patients.ask')}
            </ButtonLink>
          )}
      </>
    );
  }
  const { chart, addOnly, name, beside = [] } = found.value;
  if (chart === undefined) return <AddOnly session={session} grant={addOnly} name={name} />;
  const fresh = (): void => {
    void findChart(session, handle, by, true).then(found.again, found.again);
  };
  return (
    <MissingHeading value={undefined}>
      <OpenChart
        key={`${chart.handle} ${chart.grant?.terms.salt}`}
        session={session}
        chart={chart}
        name={name}
        onAdded={fresh}
      >
        <OtherRights rights={beside} onOpen={setBy} />
      </OpenChart>
    </MissingHeading>
  );
}

interface OpenChartProps {
  readonly session: Session;
  readonly chart: Chart;
  /** Name of the contact, if the patient is one. */
  readonly name: string | undefined;
  readonly onAdded: () => void;
  /** Stands below the head. */
  readonly children: ReactNode;
}

function OpenChart({ session, chart, name, onAdded, children }: OpenChartProps): ReactNode {
  const { tab: wanted } = useParams<{ tab: string }>();
  const { say } = useWords();
  const { party } = session;
  const printing = usePrinting();
  const reader = readerOf(party, chart);
  const state = useSyncExternalStore(reader.follow, reader.state);
  const terms = chart.grant?.terms;
  const covered = terms?.categories ?? CATEGORIES;
  const tabs = TABS.filter((each) => each !== 'add' || terms?.add === true);
  const tab = tabs.find((each) => each === wanted) ?? 'glance';
  const props: TabProps = {
    session,
    party,
    chart,
    state,
    covered,
    printing,
    onOpened: reader.take,
  };
  const shows = (each: (typeof TABS)[number]): boolean =>
    printing ? ['glance', 'results', 'documents'].includes(each) : tab === each;
  return (
    <div className={classes['chart']}>
      <ChartHead chart={chart} clock={party.clock} state={state} name={name} />
      {chart.grant !== undefined && (
        <AccessEnds session={session} chart={chart} who={name ?? say('chart.unnamed')} />
      )}
      {children}
      <ListCounted party={party} chart={chart} onAgain={onAdded} />
      <nav className={classes['tabs']} aria-label={say('chart.tabs')}>
        {tabs.map((each) => (
          <Link
            key={each}
            href={terms === undefined ? `/chart/${each}` : `/patients/${chart.handle}/${each}`}
            replace
            aria-current={each === tab ? 'page' : undefined}
          >
            {say(`chart.tab-${each}`)}
          </Link>
        ))}
      </nav>
      <Awaiting
        on={{ busy: !state.finished && state.error === undefined, error: state.error }}
        what={say('chart.reading', { done: state.done, of: state.of })}
        done={state.of === 0 ? 1 : state.done / state.of}
        again={() => reader.again()}
      />
      <ReleasedBy by={state.released} />
      {shows('glance') && <Glance {...props} />}
      {shows('results') && <Results {...props} />}
      {shows('documents') && <Documents {...props} />}
      {shows('timeline') && <Timeline {...props} />}
      {shows('all') && <AllRecords {...props} onAmended={onAdded} />}
      {shows('add') && <AddToChart session={session} chart={chart} onAdded={onAdded} />}
    </div>
  );
}

/** A chart, or the right that lets somebody add to it alone, and the contact's name for the patient. */
type ChartFound = { readonly name: string | undefined } & (
  | {
      readonly chart: Chart;
      readonly addOnly?: undefined;
      /** Other rights that show more of it. */
      readonly beside?: readonly KnownRight[];
    }
  | { readonly chart?: undefined; readonly addOnly: Grant; readonly beside?: undefined }
);

async function findChart(
  session: Session,
  handle: Handle,
  by: Bytes32 | undefined,
  fresh = false,
): Promise<ChartFound> {
  const { party } = session;
  const contacts = await readPeople(party);
  const name = contacts.find((each) => each.handle === handle)?.name;
  if (session.handle === handle) {
    return { chart: await chartIn(session, { handle, purpose: 'PATRQT' }, fresh), name };
  }
  const rights = await knownRights(party);
  const chosen = rights.find(({ digest }) => digest === by);
  const right = chosen ?? (await rightFor(party, { handle, action: 'read' }));
  if (right === undefined) throw new MedsealError('RIGHT_MISSING', {});
  const { grant } = right;
  // A view that the right does not allow would be refused, and the patient would read of it.
  if (!grant.terms.read && grant.terms.add) return { addOnly: grant, name };
  return {
    chart: await chartIn(session, { handle, grant, purpose: grant.terms.purpose }, fresh),
    name,
    beside: rightsBeside(rights, grant, seconds(party.clock)),
  };
}
