import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { listClaims } from '../../../../src/client/index.ts';
import { collectNews, readPeople } from '../../session/people.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import { usePatientNames } from '../patients/usePatientNames.ts';
import type { ScreenProps } from '../ScreenProps.ts';
import { OwnUnits } from './OwnUnits.tsx';
import { PlaceClaim } from './PlaceClaim.tsx';
import { useAmount } from './useAmount.ts';
import { useClaimInWords } from './useClaimInWords.ts';
import cardLook from '../../ui/Card.module.css';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Claims of a patient, or those of whoever treated, each in words. */
export function ClaimList({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const amount = useAmount();
  const patientName = usePatientNames();
  const { party, role } = session;
  const listed = useTask(async () => {
    await collectNews(party);
    return { ...(await listClaims(party)), people: await readPeople(party) };
  }, [party]);
  const { claims, unread, people } =
    listed.state === 'done' ? listed.value : { claims: [], unread: 0, people: [] };
  const nameOf = useNames(
    session,
    claims.flatMap(({ message }) => [message.insurer, message.terms.claimant]),
  );
  const inWords = useClaimInWords(session, nameOf);
  const side = role === 'patient' ? 'patient' : 'claimant';
  return (
    <Page title={say(`claims.title-${side}`)} lead={say(`claims.lead-${side}`)}>
      <p className="row">
        {role === 'patient' && (
          <ButtonLink href="/claims/new" kind="main">
            {say('claims.new')}
          </ButtonLink>
        )}
        {role === 'patient' && (
          <ButtonLink href="/claims/permit">{say('claims.permit')}</ButtonLink>
        )}
        <Button onClick={listed.again}>{say('common.refresh')}</Button>
      </p>
      <OwnUnits session={session} after={listed.state === 'done' && listed.value} />
      {side === 'claimant' && <PlaceClaim session={session} claims={claims} nameOf={nameOf} />}
      <Awaiting on={listed} what={say('claims.reading')} />
      {unread > 0 && <Notice kind="warn" title={say('claims.unread', { count: unread })} />}
      <List
        items={claims.toReversed()}
        none={listed.state === 'done' && say('claims.none')}
        keyOf={(each) => each.digest}
        look="own"
      >
        {(each) => (
          <Link href={`/claims/${each.digest}`} className={cardLook['card']}>
            <strong>
              {say('claims.of', {
                amount: amount(each.facts.amount),
                insurer: nameOf(each.message.insurer),
                patient: patientName(people, each.message.terms.handle),
                side,
              })}
            </strong>
            {inWords(each).map((line) => (
              <span key={line}>{line}</span>
            ))}
            {side === 'patient' && each.message.terms.claimant !== party.address && (
              <span className="by">
                {say('claims.by', { who: nameOf(each.message.terms.claimant) })}
              </span>
            )}
          </Link>
        )}
      </List>
    </Page>
  );
}
