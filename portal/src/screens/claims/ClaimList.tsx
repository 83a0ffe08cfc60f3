import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { listClaims } from '../../../../src/client/index.ts';
import { collectNews, readPeople } from '../../session/people.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import { usePatientNames } from '../patients/usePatientNames.ts';
import type { ScreenProps } from '../ScreenProps.ts';
import { OwnUnits } from './OwnUnits.tsx';
import { PlaceClaim } from './PlaceClaim.tsx';
import { useAmount } from './useAmount.ts';
import { useClaimInWords } from './useClaimInWords.ts';

/** Claims of a patient, those that an insurer was asked to pay, or those of whoever treated, each in words. */
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
  const side = role === 'insurer' ? 'insurer' : role === 'patient' ? 'patient' : 'claimant';
  return (
    <Page title={say(`claims.title-${side}`)} lead={say(`claims.lead-${side}`)}>
      <p className="row">
        {role === 'patient' && (
          <Link href="/claims/new" className="button main">
            {say('claims.new')}
          </Link>
        )}
        {role === 'patient' && (
          <Link href="/claims/permit" className="button plain">
            {say('claims.permit')}
          </Link>
        )}
        <Button onClick={listed.again}>{say('common.refresh')}</Button>
      </p>
      <OwnUnits session={session} after={listed.state === 'done' && listed.value} />
      {side === 'claimant' && <PlaceClaim session={session} claims={claims} nameOf={nameOf} />}
      {listed.state === 'working' && <Pending what={say('claims.reading')} />}
      {listed.state === 'failed' && <Failure error={listed.error} again={listed.again} />}
      {unread > 0 && <Notice kind="warn" title={say('claims.unread', { count: unread })} />}
      {listed.state === 'done' && claims.length === 0 && <p>{say('claims.none')}</p>}
      <ul className="cards">
        {claims.toReversed().map((each) => (
          <li key={each.digest}>
            <Link href={`/claims/${each.digest}`} className="card">
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
          </li>
        ))}
      </ul>
    </Page>
  );
}
