import { useEffect, type ReactNode } from 'react';
import { Link } from 'wouter';
import { faultsOf, type Audit, type AuditEvent } from '../../../../src/client/index.ts';
import type { Address } from '../../../../src/protocol/ids.ts';
import type { Write } from '../../../../src/protocol/struct/requests.ts';
import { afterNews, noteNews } from '../../session/afterNews.ts';
import { noteCardChange } from '../../session/keptCard.ts';
import { lastKnown } from '../../session/lastKnown.ts';
import { overdueOf } from '../../session/overdueOf.ts';
import { useAudit } from '../../session/useAudit.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { renewRules } from '../../session/renewRules.ts';
import { newSince } from '../../session/visits.ts';
import { waitingFor } from '../../session/waitingFor.ts';
import { AsOf } from '../../ui/AsOf.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { PendingAudit } from '../../ui/PendingAudit.tsx';
import { ProofMark } from '../../ui/ProofMark.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { CanSee } from './CanSee.tsx';
import { FormerKeys } from './FormerKeys.tsx';
import { Looked } from './Looked.tsx';
import { OwnHealth } from './OwnHealth.tsx';
import { Waits } from './Waits.tsx';
import glanceLook from '../chart/Glance.module.css';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Shows patients their health at one glance: what waits for an answer, what the records say, who looked and who can see them. */
export function PatientHome({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const { audit, last, proof, error, again: askAgain } = useAudit(session);
  const news = useTask(async () => {
    if (audit === undefined) return undefined;
    const events = audit.logs.flatMap((log) => log.events);
    const card = await noteCardChange(party, events.flatMap(writtenIn));
    const isOld = last === undefined;
    const shown = isOld ? byOthers(events, party.address) : await newSince(party, last);
    return { events: shown, isOld, isCardOld: card?.changed !== undefined };
  }, [party]);
  const { again } = news;
  // The news stays on the screen until there is newer.
  useEffect(again, [audit, last, again]);
  const found = news.state === 'done' ? news.value : undefined;
  const isSettled = found !== undefined || news.state === 'failed' || error !== undefined;
  useEffect(() => {
    if (isSettled) noteNews(party);
  }, [party, isSettled]);
  const waiting = useTask(async () => {
    await afterNews(party);
    return await lastKnown(session, 'waiting', async () => {
      const [waits, overdue] = await Promise.all([waitingFor(session), overdueOf(session)]);
      return { ...waits, overdue };
    });
  }, [session]);
  const renewed = useTask(async () => {
    await afterNews(party);
    return await renewRules(session);
  }, [session]);
  const { value: waits, asOf } = waiting.state === 'done' ? waiting.value : {};
  const grants = waits?.ending ?? [];
  const isAway = asOf !== undefined || proof?.state === 'away';
  const nameOf = useNames(session, [
    ...(found?.events.flatMap(({ body }) => body?.request.party ?? []) ?? []),
    ...grants.flatMap(({ grant }) => grant?.terms.grantee ?? []),
  ]);
  return (
    <Page
      title={say('home.title', { name: session.called })}
      lead={say('home.lead')}
      act={
        <ButtonLink href="/share" kind="main">
          <Icon name="share-2" />
          {say('share.new')}
        </ButtonLink>
      }
    >
      <section>
        <h2>{say('home.waits')}</h2>
        <AsOf
          at={asOf}
          again={() => {
            waiting.again();
            renewed.again();
            askAgain();
          }}
        />
        <Waits waiting={waiting} nameOf={nameOf} />
        {waits !== undefined && <FormerKeys session={session} senders={waits.formerKeys} />}
      </section>
      {!isAway && <Awaiting on={renewed} />}
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
      <Failure error={error} again={askAgain} />
      <OwnHealth session={session} audit={last} isAway={isAway} />
      <Awaiting on={news} />
      {error === undefined && found === undefined && news.state !== 'failed' && (
        <PendingAudit session={session} />
      )}
      <div className={glanceLook['glance']}>
        {found !== undefined && audit !== undefined && proof !== undefined && (
          <Looked
            session={session}
            audit={audit}
            events={found.events}
            isOld={found.isOld}
            nameOf={nameOf}
          >
            <ProofMark
              session={session}
              proof={proof}
              isComplete={audit.logs.every(({ complete }) => complete)}
            />
          </Looked>
        )}
        {waits !== undefined && <CanSee rights={waits.holding} />}
      </div>
    </Page>
  );
}

/** True if a node left something out, or a line does not hold. */
function isDoubtful(audit: Audit): boolean {
  return faultsOf(audit).length > 0 || audit.logs.some(({ complete }) => !complete);
}

/** Events that others caused, the newest first. */
function byOthers(events: readonly AuditEvent[], own: Address): readonly AuditEvent[] {
  return events
    .filter(({ body }) => body !== undefined && body.request.party !== own)
    .toSorted((left, right) => (right.body?.at ?? 0) - (left.body?.at ?? 0));
}

/** Category and moment of the record that an event wrote. */
function writtenIn({
  body,
}: AuditEvent): { readonly category: Write['category']; readonly at: number }[] {
  if (body?.flag !== 'A' || body.request.type !== 'Write') return [];
  return [{ category: (body.request.message as Write).category, at: body.at }];
}
