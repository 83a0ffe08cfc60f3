import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { NameOf } from '../../session/useNames.ts';
import type { Task } from '../../session/useTask.ts';
import type { WaitingNow } from '../../session/waitingFor.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Lists what waits for the patient’s answer. */
export function Waits({
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
