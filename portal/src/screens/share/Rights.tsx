import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { endRight, listGrants, readRoom, type GrantListed } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import { isDeviceRight } from '../../../../src/protocol/sensors/isDeviceRight.ts';
import { AskAboutRight } from '../../messages/AskAboutRight.tsx';
import { afterReview } from '../../session/Reviewed.ts';
import { lastKnown } from '../../session/lastKnown.ts';
import { useDeviceNames } from '../../session/useDeviceNames.ts';
import { useMistakes } from '../../session/useMistakes.ts';
import { useNames } from '../../session/useNames.ts';
import { useRecordsNamed } from '../../session/useRecordsNamed.ts';
import { useTask } from '../../session/useTask.ts';
import { AsOf } from '../../ui/AsOf.tsx';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { RolesTogether } from '../../ui/RolesTogether.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import type { RecordNamed } from './chooseTermsWords.ts';
import { otherRightsOf } from './otherRightsOf.ts';
import { RightHolder } from './RightHolder.tsx';
import { StopMeans } from './StopMeans.tsx';
import { useTermsInWords } from './useTermsInWords.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

const end = afterReview(endRight);

/** A right that was ended here. */
interface Ended {
  readonly who: string;
  /** True if its end waits for the ledger. */
  readonly waits: boolean;
  /** Number of other rights of that party, if it is known. */
  readonly others?: number;
}

/** Everybody who has a right on the patient's chart, with an end to each in one step. */
export function Rights({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const inWords = useTermsInWords(false, true);
  const [ending, setEnding] = useState<GrantListed>();
  const [ended, setEnded] = useState<Ended>();
  const listed = useTask(
    async () => await lastKnown(session, 'rights', async () => await listGrants(session.party)),
    [session],
  );
  const room = useTask(async () => await readRoom(session.party), [session]);
  const { value: grants = [], asOf } = listed.state === 'done' ? listed.value : {};
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
  const deviceNames = useDeviceNames(session);
  const { mistakes, again } = useMistakes(session);
  const deviceOf = ({ device }: GrantListed): string | undefined =>
    device && (deviceNames[device.address] ?? (device.model && visibleText(device.model)));
  const knownOf = (right: GrantListed): RecordNamed | undefined => {
    const { grant } = right;
    if (grant === undefined) return undefined;
    const title = deviceOf(right);
    return title === undefined ? recordNamed(grant.terms.record) : { title };
  };
  const whoOf = (right: GrantListed): string => {
    const { grant } = right;
    if (grant === undefined) return say('share.unknown');
    if (isDeviceRight(grant.terms)) return deviceOf(right) ?? say('evidence.device');
    return nameOf(grant.terms.grantee);
  };
  return (
    <Page title={say('share.rights')} lead={say('share.rights-lead')}>
      <p className="row">
        <ButtonLink href="/share" kind="main">
          {say('share.new')}
        </ButtonLink>
        {session.acting === undefined && (
          <>
            <ButtonLink href="/rules">{say('rules.open')}</ButtonLink>
            <ButtonLink href="/will">{say('vital.open')}</ButtonLink>
            <ButtonLink href="/birth">{say('vital.permit-open')}</ButtonLink>
            <ButtonLink href="/files">{say('exchange.open')}</ButtonLink>
          </>
        )}
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
      {ended?.waits === true && <Notice kind="warn" title={say('share.stopped-waits')} />}
      {room.state === 'done' && room.value.isShort && (
        <Notice
          kind="warn"
          title={say('share.room', { share: Math.floor(room.value.taken * 100) })}
        />
      )}
      <AsOf at={asOf} again={listed.again} />
      <Awaiting on={listed} what={say('share.reading')} />
      <RolesTogether>
        <List
          items={grants.toReversed()}
          none={listed.state === 'done' && say('share.nobody')}
          keyOf={(right) => right.digest}
        >
          {(right) => (
            <>
              <RightHolder {...{ session, right, nameOf }} who={whoOf(right)} />
              {right.grant !== undefined && (
                <p className="said">
                  {inWords(right.grant.terms, knownOf(right))}{' '}
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
              {right.grant !== undefined &&
                right.device === undefined &&
                session.acting === undefined && (
                  <AskAboutRight
                    session={session}
                    right={{ digest: right.digest, grant: right.grant }}
                    who={whoOf(right)}
                    known={mistakes.filter(({ about }) => about.entry === right.digest)}
                    onAsked={again}
                  />
                )}
            </>
          )}
        </List>
      </RolesTogether>
      {ending !== undefined && (
        <SignSheet
          session={session}
          inFront
          title={say('share.stop-question', { who: whoOf(ending) })}
          wanted={[ending.digest]}
          others={
            ending.grant === undefined
              ? 'unread'
              : { about: [ending.grant.terms.grantee], isEnd: true }
          }
          isDanger
          act={say('share.stop-now')}
          waits={say('share.stopping')}
          onBack={() => setEnding(undefined)}
          run={async (reviewed) => {
            // An earlier report says nothing of this one.
            setEnded(undefined);
            const { outcome } = await end(session.party, reviewed);
            const waits = outcome === 'kept';
            // It has ended, also if nobody says now what else stands.
            const after = await listGrants(session.party).catch(() => undefined);
            // Of a device only its own right is told: whoever brings its readings may bring those of others.
            const isDevice = ending.grant !== undefined && isDeviceRight(ending.grant.terms);
            const others = isDevice ? undefined : after && otherRightsOf(ending, after).length;
            setEnded({ who: whoOf(ending), waits, ...(others !== undefined && { others }) });
            setEnding(undefined);
            listed.again();
          }}
        >
          <StopMeans who={whoOf(ending)} terms={ending.grant?.terms} known={knownOf(ending)} />
        </SignSheet>
      )}
    </Page>
  );
}
