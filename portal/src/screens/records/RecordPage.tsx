import { useState, type ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import {
  isMedsealError,
  type Chart,
  type ChartRecord,
  newestOfEach,
} from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { ownChart } from '../../session/charts.ts';
import { keepDates } from '../../session/clinicalDates.ts';
import { openRecord } from '../../session/openRecord.ts';
import { titleKey } from '../../session/titleKey.ts';
import { keepTitles } from '../../session/titles.ts';
import { useMistakes } from '../../session/useMistakes.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { KeepWay } from '../chart/KeepWay.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { OpenedView } from '../../ui/OpenedView.tsx';
import { Page } from '../../ui/Page.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import { RecordReceipt } from './RecordReceipt.tsx';
import { RecordVersions } from './RecordVersions.tsx';
import { ReportMistake } from '../../messages/ReportMistake.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { datesOfOpened } from './datesOfOpened.ts';
import { ObjectToRecord } from './ObjectToRecord.tsx';
import { titlesOfOpened } from './titlesOfOpened.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';
import { WhoRead } from './WhoRead.tsx';

/** The reports that a patient can make of a record: medicines can be prescribed again. */
const TOPICS_OF = {
  medications: ['mistake', 'question', 'renewal'],
  other: ['mistake', 'question'],
} as const;

/** One record of the patient in plain words, its versions, and its receipt. */
export function RecordPage({ session }: ScreenProps): ReactNode {
  const { record: id } = useParams<{ record: string }>();
  const words = useWords();
  const { say, moment } = words;
  const { party, acting } = session;
  // Whoever acts for the patient writes, keeps and erases nothing by it.
  const isWhole = acting === undefined;
  const audit = acting?.mandate.terms.audit === true;
  const [version, setVersion] = useState<number>();
  const reports = useMistakes(session);
  const found = useTask(async () => {
    const chart = await ownChart(session);
    const record = versionOf(chart, id, version);
    const opened = await openRecord(party, chart, record).catch(unlessErased);
    if (opened === undefined) {
      await keepTitles(party, chart, { [titleKey(record)]: say('records.erased') });
      return { chart, record, opened, file: undefined };
    }
    const file = opened.file && (await openRecord(party, chart, opened.file));
    const titles = titlesOfOpened(words, file ? [opened, file] : [opened]);
    await keepTitles(party, chart, titles);
    await keepDates(party, chart, datesOfOpened([opened]));
    return { chart, record, opened, file };
  }, [session, id, version]);
  const versions = found.state === 'done' ? versionsOf(found.value.chart, id) : [];
  const nameOf = useNames(
    session,
    versions.map(({ author }) => author),
  );
  const isOwn = ({ author }: ChartRecord): string => (author === party.address ? 'yes' : 'no');
  if (found.state !== 'done') return <Awaiting on={found} what={say('records.opening-one')} />;
  const { chart, record, opened, file } = found.value;
  const title =
    opened === undefined
      ? say('records.erased')
      : (titlesOfOpened(words, [opened])[titleKey(record)] ?? '');
  // The text of this page is in the file, if there is one.
  const subject = (file ?? opened)?.record;
  return (
    <Page title={title} lead={opened ? undefined : say('records.erased-lead')}>
      <p className="by">
        {say('records.by', {
          when: moment(record.at),
          who: nameOf(record.author),
          own: isOwn(record),
        })}
      </p>
      {opened !== undefined && <OpenedView opened={opened} file={file} />}
      {opened !== undefined && (
        <KeepWay
          key={titleKey(record)}
          title={title}
          session={session}
          chart={chart}
          records={file === undefined ? [record] : [record, file.record]}
        />
      )}
      {opened !== undefined && (
        <p className="row">
          {file === undefined ? (
            <ButtonLink href={`/share/${record.record}`}>{say('records.share-alone')}</ButtonLink>
          ) : (
            <span className="by">{say('records.share-alone-not')}</span>
          )}
        </p>
      )}
      {subject !== undefined && isWhole && subject.author !== party.address && (
        <section>
          <h2>{say('mistakes.heading')}</h2>
          <ReportMistake
            session={session}
            entry={subject.acknowledgement}
            about={`${subject.record}/${subject.version}`}
            who={nameOf(subject.author)}
            known={reports.mistakes.filter(({ id: report, about }) => {
              // The letter of an objection, which stands below.
              const isObjection = chart.records.some((each) => each.record === report);
              return about.record === subject.record && !isObjection;
            })}
            onTold={reports.again}
            topics={TOPICS_OF[subject.category === 'medications' ? 'medications' : 'other']}
          />
        </section>
      )}
      {record.begunBy !== party.address && isWhole && opened !== undefined && (
        <section>
          <h2>{say('records.object-heading')}</h2>
          <ObjectToRecord {...{ session, chart, record }} onAdded={found.again} />
        </section>
      )}
      {versions.length > 1 && (
        <section>
          <h2>{say('records.history')}</h2>
          <RecordVersions
            versions={versions}
            shown={record.version}
            own={party.address}
            nameOf={nameOf}
            onChosen={setVersion}
          />
        </section>
      )}
      {(isWhole || audit) && (
        <WhoRead
          session={session}
          record={record.record}
          file={file?.record.record}
          amended={[subject, record].find((each) => each !== undefined && each.version > 1)}
        />
      )}
      <RecordReceipt session={session} record={record} />
      {opened !== undefined && isWhole && (
        <p>
          <Link href="/me">{say('records.erase-where')}</Link>
        </p>
      )}
      <details>
        <summary>{say('common.details')}</summary>
        <FactList
          isStacked
          facts={[
            [say('records.id'), <code key="id">{record.record}</code>],
            [
              say('records.entry'),
              <code key="entry">
                {record.acknowledgement.log} #{record.acknowledgement.index}
              </code>,
            ],
          ]}
        />
      </details>
    </Page>
  );
}

function unlessErased(error: unknown): undefined {
  if (!isMedsealError(error, 'RECORD_ERASED')) throw error;
}

function versionsOf({ records }: Chart, id: string): readonly ChartRecord[] {
  return records
    .filter(({ record }) => record === id)
    .toSorted((left, right) => right.version - left.version);
}

function versionOf(chart: Chart, id: string, version: number | undefined): ChartRecord {
  const all = versionsOf(chart, id);
  const [newest] = newestOfEach(all);
  const found = version === undefined ? newest : all.find((each) => each.version === version);
  if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
  return found;
}
