import { useSyncExternalStore, type ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import { isMedsealError, rightFor, type Chart } from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import type { Grant } from '../../../../src/protocol/requests.ts';
import { CATEGORIES } from '../../../../src/protocol/vocabulary.ts';
import { chartIn } from '../../session/charts.ts';
import { readPeople } from '../../session/people.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { Failure } from '../../ui/Failure.tsx';
import { ListCounted } from '../../ui/ListCounted.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { AddOnly } from './AddOnly.tsx';
import { AddToChart } from './AddToChart.tsx';
import { AllRecords } from './AllRecords.tsx';
import { ChartHead } from './ChartHead.tsx';
import { readerOf } from './ChartReader.ts';
import { Documents } from './Documents.tsx';
import { Glance } from './Glance.tsx';
import { Results } from './Results.tsx';
import type { TabProps } from './TabProps.ts';
import { usePrinting } from './usePrinting.ts';

/** Errors after which a patient can be asked for a right. */
const RIGHTLESS = ['RIGHT_MISSING', 'RIGHT_ENDED'] as const;
const TABS = ['glance', 'results', 'documents', 'all', 'add'] as const;

/** A patient's chart as a clinician works with it. Its list is there first; its records open behind it. */
export function ChartScreen({ session }: ScreenProps): ReactNode {
  const { handle } = useParams<{ handle: Handle }>();
  const { say } = useWords();
  const found = useTask(async () => await findChart(session, handle), [session, handle]);
  if (found.state === 'working') return <Pending what={say('chart.opening')} />;
  if (found.state === 'failed') {
    return (
      <>
        <Failure error={found.error} again={found.again} />
        {RIGHTLESS.some((code) => isMedsealError(found.error, code)) && (
          <Link href={`/ask/${handle}`} className="button main">
            {say('patients.ask')}
          </Link>
        )}
      </>
    );
  }
  const { chart, addOnly, name } = found.value;
  if (chart === undefined) return <AddOnly session={session} grant={addOnly} name={name} />;
  const fresh = (): void => {
    void findChart(session, handle, true).then(found.again, found.again);
  };
  return (
    <OpenChart key={chart.handle} session={session} chart={chart} name={name} onAdded={fresh} />
  );
}

interface OpenChartProps {
  readonly session: Session;
  readonly chart: Chart;
  /** Name of the contact, if the patient is one. */
  readonly name: string | undefined;
  readonly onAdded: () => void;
}

function OpenChart({ session, chart, name, onAdded }: OpenChartProps): ReactNode {
  const { tab: wanted } = useParams<{ tab: string }>();
  const { say } = useWords();
  const { party } = session;
  const printing = usePrinting();
  const reader = readerOf(party, chart);
  const state = useSyncExternalStore(reader.follow, reader.state);
  const terms = chart.grant?.terms;
  const covered = terms?.categories ?? CATEGORIES;
  const tabs = TABS.filter((each) => each !== 'add' || terms === undefined || terms.add);
  const tab = tabs.find((each) => each === wanted) ?? 'glance';
  const props: TabProps = { party, chart, state, covered, printing, onOpened: reader.take };
  const shows = (each: (typeof TABS)[number]): boolean =>
    printing ? ['glance', 'results', 'documents'].includes(each) : tab === each;
  return (
    <div className="chart">
      <ChartHead chart={chart} state={state} name={name} />
      <ListCounted party={party} chart={chart} onAgain={onAdded} />
      <nav className="tabs" aria-label={say('chart.tabs')}>
        {tabs.map((each) => (
          <Link
            key={each}
            href={`/patients/${chart.handle}/${each}`}
            replace
            aria-current={each === tab ? 'page' : undefined}
          >
            {say(`chart.tab-${each}`)}
          </Link>
        ))}
      </nav>
      {!state.finished && state.error === undefined && (
        <Pending
          what={say('chart.reading', { done: state.done, of: state.of })}
          done={state.of === 0 ? 1 : state.done / state.of}
        />
      )}
      {state.error !== undefined && <Failure error={state.error} again={() => reader.again()} />}
      {shows('glance') && <Glance {...props} />}
      {shows('results') && <Results {...props} />}
      {shows('documents') && <Documents {...props} />}
      {shows('all') && <AllRecords {...props} session={session} onAmended={onAdded} />}
      {shows('add') && (
        <AddToChart party={party} role={session.role} chart={chart} onAdded={onAdded} />
      )}
    </div>
  );
}

/** A chart, or the right that lets somebody add to it alone, and the contact's name for the patient. */
type ChartFound = { readonly name: string | undefined } & (
  | { readonly chart: Chart; readonly addOnly?: undefined }
  | { readonly chart?: undefined; readonly addOnly: Grant }
);

async function findChart(session: Session, handle: Handle, fresh = false): Promise<ChartFound> {
  const { party } = session;
  const contacts = await readPeople(party);
  const name = contacts.find((each) => each.handle === handle)?.name;
  if (session.handle === handle) {
    return { chart: await chartIn(session, { handle, purpose: 'PATRQT' }, fresh), name };
  }
  const right = await rightFor(party, { handle, action: 'read' });
  if (right === undefined) throw new MedsealError('RIGHT_MISSING', {});
  const { grant } = right;
  // A view that the right does not allow would be refused, and the patient would read of it.
  if (!grant.terms.read && grant.terms.add) return { addOnly: grant, name };
  return {
    chart: await chartIn(session, { handle, grant, purpose: grant.terms.purpose }, fresh),
    name,
  };
}
