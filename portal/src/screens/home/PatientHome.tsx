import { useEffect, type ReactNode } from 'react';
import { Link } from 'wouter';
import { faultsOf, type Audit, type AuditEvent } from '../../../../src/client/index.ts';
import type { Write } from '../../../../src/protocol/struct/requests.ts';
import { noteCardChange } from '../../session/keptCard.ts';
import { knownTitles, titleKey } from '../../session/titles.ts';
import { useAudit } from '../../session/useAudit.ts';
import { useNames, type NameOf } from '../../session/useNames.ts';
import { useTask, type Task } from '../../session/useTask.ts';
import { renewRules } from '../../session/renewRules.ts';
import { newSince } from '../../session/visits.ts';
import { waitingFor, type WaitingNow } from '../../session/waitingFor.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { PendingAudit } from '../../ui/PendingAudit.tsx';
import { useWords } from '../../words/useWords.tsx';
import { useEventInWords } from '../evidence/useEventInWords.ts';
import type { ScreenProps } from '../ScreenProps.ts';
import { FormerKeys } from './FormerKeys.tsx';

/** Lines of each list; the other screens have the rest. */
const MOST = 5;

/** Shows the patient at one glance what is new: records, views, and what waits for an answer. */
export function PatientHome({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const { party, handle = '0x' } = session;
  const audit = useAudit(session);
  const last = audit.state === 'done' ? audit.value : undefined;
  const news = useTask(async () => {
    if (last === undefined) return undefined;
    const events = last.logs.flatMap((log) => log.events);
    const card = await noteCardChange(party, events.flatMap(writtenIn));
    const [fresh, titles] = [await newSince(party, last), await knownTitles(party, handle)];
    return { events: fresh, titles, isCardOld: card?.changed !== undefined };
  }, [party]);
  const { again } = news;
  // The news stays on the screen until there is newer.
  useEffect(again, [last, again]);
  const waiting = useTask(async () => await waitingFor(session), [session]);
  const renewed = useTask(async () => await renewRules(session), [session]);
  const found = news.state === 'done' ? news.value : undefined;
  const grants = waiting.state === 'done' ? waiting.value.ending : [];
  const nameOf = useNames(session, [
    ...(found?.events.flatMap(({ body }) => body?.request.party ?? []) ?? []),
    ...grants.flatMap(({ grant }) => grant?.terms.grantee ?? []),
  ]);
  return (
    <Page title={say('home.title', { name: session.called })} lead={say('home.lead')}>
      <section>
        <h2>{say('home.waits')}</h2>
        <Waits waiting={waiting} nameOf={nameOf} />
        {waiting.state === 'done' && (
          <FormerKeys session={session} senders={waiting.value.formerKeys} />
        )}
      </section>
      {renewed.state === 'failed' && <Failure error={renewed.error} again={renewed.again} />}
      {renewed.state === 'done' && renewed.value > 0 && (
        <Notice kind="warn">
          <Link href="/rules">{say('rules.not-renewed', { count: renewed.value })}</Link>
        </Notice>
      )}
      {found?.isCardOld && (
        <Notice kind="warn">
          <Link href="/card">{say('emergency.old')}</Link>
        </Notice>
      )}
      {audit.state === 'failed' && <Failure error={audit.error} again={audit.again} />}
      {news.state === 'failed' && <Failure error={news.error} again={news.again} />}
      {audit.state !== 'failed' && found === undefined && news.state !== 'failed' && (
        <PendingAudit session={session} />
      )}
      {last !== undefined && isDoubtful(last) && (
        <Notice kind="bad" title={say('home.doubtful')}>
          <p>
            <Link href="/evidence">{say('evidence.title')}</Link>
          </p>
        </Notice>
      )}
      {found !== undefined && (
        <>
          <Added events={found.events} titles={found.titles} nameOf={nameOf} />
          <Looked events={found.events} nameOf={nameOf} />
        </>
      )}
      <p className="row">
        <Link href="/share" className="button main">
          {say('share.new')}
        </Link>
      </p>
    </Page>
  );
}

/** True if a node left something out, or a line does not hold. */
function isDoubtful(audit: Audit): boolean {
  return faultsOf(audit).length > 0 || audit.logs.some(({ complete }) => !complete);
}

function Waits({
  waiting,
  nameOf,
}: {
  readonly waiting: Task<WaitingNow>;
  readonly nameOf: NameOf;
}): ReactNode {
  const { say, moment } = useWords();
  if (waiting.state === 'working') return <Pending what={say('home.looking')} />;
  if (waiting.state === 'failed') return <Failure error={waiting.error} again={waiting.again} />;
  const { asked, changed, answered, ending, said } = waiting.value;
  const count = asked.length + changed.length + answered.length + ending.length;
  if (count === 0 && said.length === 0) {
    return <Notice kind="good" title={say('home.nothing-waits')} />;
  }
  return (
    <ul className="cards">
      {said.map((what) => (
        <li key={what}>
          <Link href="/will" className="card">
            <strong>{say(`home.said-${what}`)}</strong>
          </Link>
        </li>
      ))}
      {asked.length > 0 && (
        <li>
          <Link href="/requests" className="card">
            <strong>{say('home.asked', { count: asked.length })}</strong>
          </Link>
        </li>
      )}
      {changed.length > 0 && (
        <li>
          <Link href="/requests" className="card">
            <strong>{say('home.changed', { count: changed.length })}</strong>
          </Link>
        </li>
      )}
      {answered.length > 0 && (
        <li>
          <Link href="/mistakes" className="card">
            <strong>{say('mistakes.news', { count: answered.length })}</strong>
          </Link>
        </li>
      )}
      {ending.map(
        ({ digest, grant }) =>
          grant !== undefined && (
            <li key={digest}>
              <Link href="/rights" className="card">
                <strong>
                  {say('home.ends', {
                    who: nameOf(grant.terms.grantee),
                    until: moment(grant.terms.until),
                  })}
                </strong>
              </Link>
            </li>
          ),
      )}
    </ul>
  );
}

/** Category and moment of the record that an event wrote. */
function writtenIn(
  event: AuditEvent,
): { readonly category: Write['category']; readonly at: number }[] {
  const write = writeIn(event);
  return write === undefined ? [] : [{ category: write.category, at: event.body?.at ?? 0 }];
}

/** The record that an event wrote; absent for a refusal and an erased body. */
function writeIn({ body }: AuditEvent): Write | undefined {
  const isWrite = body?.flag === 'A' && body.request.type === 'Write';
  return isWrite ? (body.request.message as Write) : undefined;
}

function Added({
  events,
  titles,
  nameOf,
}: {
  readonly events: readonly AuditEvent[];
  readonly titles: Readonly<Record<string, string>>;
  readonly nameOf: NameOf;
}): ReactNode {
  const { say, moment } = useWords();
  const added = events.flatMap((event) => {
    const { body, log, index } = event;
    const write = writeIn(event);
    // The file of a document has no title: it is opened from the record that tells of it.
    const isShown = write !== undefined && titles[titleKey(write)] !== '';
    // Batches of a device come by the hundred, and have a screen of their own.
    return isShown && body !== undefined && body.readings === undefined
      ? [{ write, body, key: `${log}#${index}` }]
      : [];
  });
  return (
    <section>
      <h2>{say('home.added', { count: added.length })}</h2>
      {added.length === 0 && <p>{say('home.nothing-added')}</p>}
      <ul className="cards">
        {added.slice(0, MOST).map(({ write, body, key }) => (
          <li key={key}>
            <Link href={`/records/${write.record}`} className="card">
              <span className="kind">{say(`common.category-${write.category}`)}</span>
              <strong>{titles[titleKey(write)] ?? say('records.untitled')}</strong>
              <span className="by">
                {say('records.by', { when: moment(body.at), who: nameOf(body.request.party) })}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {added.length > MOST && (
        <Link href="/records">{say('home.all', { count: added.length })}</Link>
      )}
    </section>
  );
}

function Looked({
  events,
  nameOf,
}: {
  readonly events: readonly AuditEvent[];
  readonly nameOf: NameOf;
}): ReactNode {
  const { say, moment } = useWords();
  const inWords = useEventInWords();
  const looked = events.filter((event) => writeIn(event) === undefined);
  return (
    <section>
      <h2>{say('home.looked', { count: looked.length })}</h2>
      {looked.length === 0 && <p>{say('home.nobody-looked')}</p>}
      <ul className="timeline">
        {looked.slice(0, MOST).map(
          ({ body, log, index }) =>
            body !== undefined && (
              <li key={`${log}#${index}`} className={body.flag === 'R' ? 'refused' : undefined}>
                <span className="when">{moment(body.at)}</span>
                <span className="text">{inWords(nameOf(body.request.party), body)}</span>
              </li>
            ),
        )}
      </ul>
      <p>
        <Link href="/evidence">{say('evidence.title')}</Link>
      </p>
    </section>
  );
}
