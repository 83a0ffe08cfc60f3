import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import {
  listGrants,
  readRoom,
  revokeRight,
  type GrantListed,
} from '../../../../src/client/index.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import { isDeviceRight } from '../../../../src/protocol/sensors/isDeviceRight.ts';
import { afterReview } from '../../session/Reviewed.ts';
import { useNames } from '../../session/useNames.ts';
import { useRecordsNamed } from '../../session/useRecordsNamed.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { otherRightsOf } from './otherRightsOf.ts';
import { useTermsInWords } from './useTermsInWords.ts';

const revoke = afterReview(revokeRight);

/** Everybody who has a right on the patient's chart, with an end to each in one step. */
export function Rights({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const inWords = useTermsInWords(false, true);
  const [ending, setEnding] = useState<GrantListed>();
  const [ended, setEnded] = useState<{ readonly who: string; readonly others?: number }>();
  const listed = useTask(async () => await listGrants(session.party), [session]);
  const room = useTask(async () => await readRoom(session.party), [session]);
  const grants = listed.state === 'done' ? listed.value : [];
  const nameOf = useNames(
    session,
    grants.flatMap(({ grant }) => (grant ? [grant.terms.grantee] : [])),
  );
  const recordNamed = useRecordsNamed(
    session,
    grants.flatMap(({ grant }) =>
      grant ? [{ handle: grant.handle, record: grant.terms.record }] : [],
    ),
  );
  const whoOf = ({ grant }: GrantListed): string =>
    grant === undefined ? say('share.unknown') : nameOf(grant.terms.grantee);
  return (
    <Page title={say('share.rights')} lead={say('share.rights-lead')}>
      <p className="row">
        <Link href="/share" className="button main">
          {say('share.new')}
        </Link>
        <Link href="/rules" className="button">
          {say('rules.open')}
        </Link>
        <Link href="/will" className="button">
          {say('vital.open')}
        </Link>
        <Link href="/birth" className="button">
          {say('vital.permit-open')}
        </Link>
        <Link href="/files" className="button">
          {say('exchange.open')}
        </Link>
      </p>
      {ended?.others === 0 && (
        <Notice kind="good" title={say('share.stopped', { who: ended.who })} />
      )}
      {ended !== undefined && ended.others === undefined && (
        <Notice kind="good" title={say('share.stopped-right', { who: ended.who })} />
      )}
      {ended?.others !== undefined && ended.others > 0 && (
        <Notice
          kind="warn"
          title={say('share.stopped-one', { who: ended.who, count: ended.others })}
        />
      )}
      {room.state === 'done' && room.value.isShort && (
        <Notice
          kind="warn"
          title={say('share.room', { share: Math.floor(room.value.taken * 100) })}
        />
      )}
      {listed.state === 'working' && <Pending what={say('share.reading')} />}
      {listed.state === 'failed' && <Failure error={listed.error} again={listed.again} />}
      {listed.state === 'done' && grants.length === 0 && <p>{say('share.nobody')}</p>}
      <ul className="cards">
        {grants.toReversed().map((right) => (
          <li key={right.digest} className="card">
            <strong>{whoOf(right)}</strong>
            <span className={`state ${right.state}`}>{say(`share.state-${right.state}`)}</span>
            {right.grant !== undefined && (
              <p className="said">
                {inWords(right.grant.terms, recordNamed(right.grant.terms.record))}{' '}
                {right.grant.terms.record !== ZERO32 && !isDeviceRight(right.grant.terms) && (
                  <Link href={`/records/${right.grant.terms.record}`}>
                    {say('share.to-record')}
                  </Link>
                )}
              </p>
            )}
            <Button kind="danger" onClick={() => setEnding(right)}>
              {say('share.stop', { who: whoOf(right) })}
            </Button>
          </li>
        ))}
      </ul>
      {ending !== undefined && (
        <SignSheet
          session={session}
          inFront
          title={say('share.stop-question', { who: whoOf(ending) })}
          wanted={[ending.digest]}
          isDanger
          act={say('share.stop-now')}
          waits={say('share.stopping')}
          onBack={() => setEnding(undefined)}
          run={async (reviewed) => {
            // An earlier report says nothing of this one.
            setEnded(undefined);
            await revoke(session.party, reviewed);
            // It has ended, also if nobody says now what else stands.
            const after = await listGrants(session.party).catch(() => undefined);
            const others = after && otherRightsOf(ending, after).length;
            setEnded({ who: whoOf(ending), ...(others !== undefined && { others }) });
            setEnding(undefined);
            listed.again();
          }}
        >
          <p>{say('share.stop-means')}</p>
          <p>{say('share.stop-not')}</p>
        </SignSheet>
      )}
    </Page>
  );
}
