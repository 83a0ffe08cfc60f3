import { useEffect, type ReactNode } from 'react';
import { Link } from 'wouter';
import { faultsOf, type Audit, type AuditEvent } from '../../../../src/client/index.ts';
import type { Write } from '../../../../src/protocol/struct/requests.ts';
import { noteCardChange } from '../../session/keptCard.ts';
import { useAudit } from '../../session/useAudit.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { renewRules } from '../../session/renewRules.ts';
import { newSince } from '../../session/visits.ts';
import { waitingFor } from '../../session/waitingFor.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { PendingAudit } from '../../ui/PendingAudit.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { CanSee } from './CanSee.tsx';
import { FormerKeys } from './FormerKeys.tsx';
import { Looked } from './Looked.tsx';
import { OwnHealth } from './OwnHealth.tsx';
import { Waits } from './Waits.tsx';

/** Shows patients their health at one glance: what waits for an answer, what the records say, who looked and who can see them. */
export function PatientHome({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const audit = useAudit(session);
  const last = audit.state === 'done' ? audit.value : undefined;
  const news = useTask(async () => {
    if (last === undefined) return undefined;
    const events = last.logs.flatMap((log) => log.events);
    const card = await noteCardChange(party, events.flatMap(writtenIn));
    return { events: await newSince(party, last), isCardOld: card?.changed !== undefined };
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
    <Page
      title={say('home.title', { name: session.called })}
      lead={say('home.lead')}
      act={
        <Link href="/share" className="button main">
          <Icon name="share-2" />
          {say('share.new')}
        </Link>
      }
    >
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
      {last !== undefined && isDoubtful(last) && (
        <Notice kind="bad" title={say('home.doubtful')}>
          <p>
            <Link href="/evidence">{say('evidence.title')}</Link>
          </p>
        </Notice>
      )}
      {audit.state === 'failed' && <Failure error={audit.error} again={audit.again} />}
      <OwnHealth session={session} audit={last} />
      {news.state === 'failed' && <Failure error={news.error} again={news.again} />}
      {audit.state !== 'failed' && found === undefined && news.state !== 'failed' && (
        <PendingAudit session={session} />
      )}
      <div className="glance">
        {found !== undefined && <Looked events={found.events} nameOf={nameOf} />}
        {waiting.state === 'done' && <CanSee rights={waiting.value.holding} />}
      </div>
    </Page>
  );
}

/** True if a node left something out, or a line does not hold. */
function isDoubtful(audit: Audit): boolean {
  return faultsOf(audit).length > 0 || audit.logs.some(({ complete }) => !complete);
}

/** Category and moment of the record that an event wrote. */
function writtenIn({
  body,
}: AuditEvent): { readonly category: Write['category']; readonly at: number }[] {
  if (body?.flag !== 'A' || body.request.type !== 'Write') return [];
  return [{ category: (body.request.message as Write).category, at: body.at }];
}
