import { useMemo, type ReactNode } from 'react';
import { Link } from 'wouter';
import {
  readersToTell,
  tellReaders,
  type Audit,
  type ChartRecord,
} from '../../../../src/client/index.ts';
import type { RecordId } from '../../../../src/protocol/ids.ts';
import type { Session } from '../../session/Session.ts';
import { useAudit } from '../../session/useAudit.ts';
import { useNames } from '../../session/useNames.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { List } from '../../ui/List.tsx';
import { PendingAudit } from '../../ui/PendingAudit.tsx';
import { useWords } from '../../words/useWords.tsx';
import { AuditNotice } from '../evidence/AuditNotice.tsx';
import { readersOfRecord } from '../evidence/readersOfRecord.ts';
import glanceLook from '../chart/Glance.module.css';
import timelineLook from '../evidence/Timeline.module.css';

/** Properties of `WhoRead`. */
export interface WhoReadProps {
  readonly session: Session;
  readonly record: RecordId;
  /** The record that has its file, if it is a document. */
  readonly file: RecordId | undefined;
  /** The version that amends it, if one does: its readers of before can be told. */
  readonly amended: ChartRecord | undefined;
}

/** Says who read one record, how often and when last, as far as that is proven. */
export function WhoRead({ session, record, file, amended }: WhoReadProps): ReactNode {
  const { say, moment } = useWords();
  const { audit, proof, error, again } = useAudit(session);
  const own = session.party.address;
  const readers = useMemo(() => {
    const events = audit?.logs.flatMap((log) => log.events) ?? [];
    return readersOfRecord(events, file === undefined ? [record] : [record, file], own);
  }, [audit, record, file, own]);
  const nameOf = useNames(
    session,
    readers.map(({ party }) => party),
  );
  return (
    <section>
      <h2>{say('records.who-read')}</h2>
      <Awaiting
        on={{ busy: audit === undefined && error === undefined, error }}
        what={<PendingAudit session={session} />}
        again={again}
      />
      {audit !== undefined && proof !== undefined && (
        <>
          <List
            className={timelineLook['timeline']}
            items={readers}
            keyOf={({ party }) => party}
            none={<p className={glanceLook['nothing']}>{say('records.nobody-read')}</p>}
          >
            {({ party, times, last }) => (
              <>
                <span className={`when ${timelineLook['moment']}`}>{moment(last)}</span>
                <span>{say('records.read-by', { who: nameOf(party), count: times })}</span>
              </>
            )}
          </List>
          {amended !== undefined && <TellReaders {...{ session, audit, amended }} />}
          <AuditNotice audit={audit} again={again} asOf={{ session, proof }} />
        </>
      )}
      <p>
        <Link href="/evidence">{say('evidence.title')}</Link>
      </p>
    </section>
  );
}

/** Tells whoever read the version before, once each: a letter that says no more than that. */
function TellReaders({
  session: { party },
  audit,
  amended,
}: {
  readonly session: Session;
  readonly audit: Audit;
  readonly amended: ChartRecord;
}): ReactNode {
  const { say } = useWords();
  const telling = useRun();
  const waiting = useTask(
    async () => (await readersToTell(party, audit, amended)).size,
    [party, audit, amended],
  );
  const count = waiting.state === 'done' ? waiting.value : 0;
  return (
    <>
      {count > 0 && (
        <p className="row">
          <Button
            busy={telling.busy}
            onClick={() =>
              telling.start(async () => {
                const [failed] = (await tellReaders(party, audit, amended)).untold;
                waiting.again();
                if (failed !== undefined) throw failed[1];
              })
            }
          >
            {say('mistakes.tell-readers', { count })}
          </Button>
        </p>
      )}
      <Awaiting on={telling} what={say('mistakes.sending')} />
    </>
  );
}
