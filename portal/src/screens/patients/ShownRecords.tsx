import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { useParams } from 'wouter';
import {
  knownRights,
  type Chart,
  type ChartRecord,
  newestOfEach,
} from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import type { Bytes32 } from '../../../../src/protocol/ids.ts';
import { chartIn } from '../../session/charts.ts';
import { openRecord, type OpenedRecord } from '../../session/openRecord.ts';
import { readPeople } from '../../session/people.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { KeepWay } from '../chart/KeepWay.tsx';
import { ListCounted } from '../../ui/ListCounted.tsx';
import { MissingHeading } from '../../ui/MissingHeading.ts';
import { Opening } from '../../ui/Opening.tsx';
import { withoutObjections } from '../../session/withoutObjections.ts';
import { Objected } from '../../ui/Objected.tsx';
import { OpenedView } from '../../ui/OpenedView.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import { RightSaid } from '../patient/RightSaid.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import patientBannerLook from '../patient/PatientBanner.module.css';
import pageLook from '../../ui/Page.module.css';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** The records that one right shows to an insurer, with its purpose and end in view. Each opens when somebody asks. */
export function ShownRecords({ session }: ScreenProps): ReactNode {
  const { right } = useParams<{ right: Bytes32 }>();
  const { say, moment } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const found = useTask(async () => await findShown(session, right), [session, right]);
  const records = found.state === 'done' ? found.value.records : [];
  const nameOf = useNames(
    session,
    records.map(({ author }) => author),
  );
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [found.state]);
  if (found.state !== 'done') return <Awaiting on={found} what={say('chart.opening')} />;
  const { chart, name } = found.value;
  const refresh = (): void => {
    void findShown(session, right, true).then(found.again, found.again);
  };
  return (
    <section>
      <header className={patientBannerLook['patient-banner']}>
        <h1 ref={heading} tabIndex={-1} dir="auto">
          {visibleText(name ?? say('chart.unnamed'), 120)}
        </h1>
        <p className={patientBannerLook['purpose']}>
          <RightSaid right={chart} />
        </p>
      </header>
      <p className={pageLook['lead']}>{say('inbox.shown', { count: records.length })}</p>
      <MissingHeading value={undefined}>
        <ListCounted party={session.party} chart={chart} onAgain={refresh} />
        <List items={records} keyOf={(record) => record.record}>
          {(record) => (
            <>
              <span className="kind">{say(`common.category-${record.category}`)}</span>
              <Objected chart={chart} record={record} />
              <span className="by">
                {say('records.by', {
                  when: moment(record.at),
                  who: nameOf(record.author),
                  own: '',
                })}
              </span>
              <ShownRecord session={session} chart={chart} record={record} />
            </>
          )}
        </List>
      </MissingHeading>
      <p className="row">
        <ButtonLink href="/inbox">{say('common.back')}</ButtonLink>
      </p>
    </section>
  );
}

function ShownRecord({
  session,
  chart,
  record,
}: {
  readonly session: Session;
  readonly chart: Chart;
  readonly record: ChartRecord;
}): ReactNode {
  const { say } = useWords();
  const [opened, setOpened] = useState<{
    readonly opened: OpenedRecord;
    readonly file: OpenedRecord | undefined;
  }>();
  const opening = useRun();
  const open = (): void =>
    opening.start(async () => {
      const { party } = session;
      const read = await openRecord(party, chart, record);
      const file = read.file && (await openRecord(party, chart, read.file));
      setOpened({ opened: read, file });
    });
  return (
    <>
      {opened === undefined && (
        <Button busy={opening.busy} onClick={open}>
          {say('chart.open')}
        </Button>
      )}
      <Awaiting on={opening} what={<Opening party={session.party} chart={chart} />} again={open} />
      {opened !== undefined && <OpenedView {...opened} />}
      {opened !== undefined && (
        <KeepWay
          title={say(`common.category-${record.category}`)}
          session={session}
          chart={chart}
          records={opened.file === undefined ? [record] : [record, opened.file.record]}
        />
      )}
    </>
  );
}

async function findShown(
  session: Session,
  digest: Bytes32,
  fresh = false,
): Promise<{
  readonly chart: Chart;
  readonly records: readonly ChartRecord[];
  readonly name: string | undefined;
}> {
  const { party } = session;
  const right = (await knownRights(party)).find((each) => each.digest === digest);
  if (right === undefined) throw new MedsealError('RIGHT_MISSING', {});
  const { grant } = right;
  const { handle, terms } = grant;
  const chart = await chartIn(session, { handle, grant, purpose: terms.purpose }, fresh);
  const records = withoutObjections(newestOfEach(chart.records)).toSorted(
    (left, right) => right.at - left.at,
  );
  const name = (await readPeople(party)).find((each) => each.handle === handle)?.name;
  return { chart, records, name };
}
