import { useState, type ReactNode } from 'react';
import {
  grantRight,
  handOver,
  standingRights,
  requireSoundRight,
} from '../../../../src/client/index.ts';
import type { ConsentNote } from '../../../../src/fhir/ConsentFindings.ts';
import type { ConsentedRight } from '../../../../src/fhir/rightsOfConsent.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import { afterReview, eachReviewed, type Reviewed } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useRecordsNamed } from '../../session/useRecordsNamed.ts';
import { useTask } from '../../session/useTask.ts';
import { List } from '../../ui/List.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import { termsSaid } from '../share/termsSaid.ts';
import { useTermsInWords } from '../share/useTermsInWords.ts';
import resourceCardLook from '../../ui/ResourceCard.module.css';

const giveRight = afterReview(grantRight);

/** Properties of `ConsentedRights`. */
export interface ConsentedRightsProps {
  readonly session: Session;
  /** Rights that a Consent comes to. */
  readonly rights: readonly ConsentedRight[];
  readonly notes: readonly ConsentNote[];
}

/** Says in words which rights a Consent comes to and which of them stand, and gives the others once the person signs. */
export function ConsentedRights({ session, rights, notes }: ConsentedRightsProps): ReactNode {
  const { say, moment } = useWords();
  const inWords = useTermsInWords();
  const { party, handle = '0x' } = session;
  const [at, setAt] = useState(0);
  const [given, setGiven] = useState<{ readonly count: number; readonly undelivered: number }>();
  const found = useTask(async () => {
    for (const right of rights) requireSoundRight(party, right);
    return await standingRights(party, rights);
  }, [party, rights]);
  const nameOf = useNames(
    session,
    rights.map(({ grantee }) => grantee),
  );
  const recordNamed = useRecordsNamed(
    session,
    rights.map(({ record = ZERO32 }) => ({ handle, record })),
  );
  if (found.state !== 'done') return <Awaiting on={found} what={say('share.reading')} />;
  const stands = found.value;
  const missing = rights.filter((_, place) => stands[place] === undefined);
  const give = async (reviewed: Reviewed<readonly ConsentedRight[]>): Promise<void> => {
    // After a failure the rights that were given stand, and are not given twice.
    const known = await standingRights(party, missing);
    let undelivered = 0;
    for (const [place, right] of eachReviewed(reviewed).entries()) {
      setAt(place);
      const grant = known[place] ?? (await giveRight(party, right));
      await handOver(party, grant).catch(() => {
        undelivered += 1;
      });
    }
    setGiven({ count: missing.length, undelivered });
    found.again();
  };
  const words = (
    <List
      all
      look="list"
      items={rights}
      keyOf={(right) => JSON.stringify(right)}
      none={say('exchange.nothing')}
    >
      {(right, place) => {
        const { grantee, from, until, record = ZERO32 } = right;
        return (
          <>
            <strong>{nameOf(grantee)}</strong>{' '}
            {inWords({ ...termsSaid(right, until), record }, recordNamed(record))}{' '}
            {from !== undefined && say('exchange.from', { from: moment(from) })}{' '}
            {stands[place] !== undefined && <em>✓ {say('exchange.stands')}</em>}
          </>
        );
      }}
    </List>
  );
  return (
    <>
      {notes.length > 0 && (
        <Notice kind="warn" title={say('exchange.notes')}>
          <List look="text" items={notes} keyOf={({ path, text }) => `${path} ${text}`}>
            {({ path, text }) => (
              <>
                <code>{path}</code>: {text}
              </>
            )}
          </List>
        </Notice>
      )}
      {missing.length > 0 ? (
        <SignSheet
          session={session}
          level={3}
          wanted={missing}
          others={{ to: missing.map(({ grantee }) => grantee) }}
          act={say('exchange.sign', { count: missing.length })}
          waits={
            <Pending
              what={say('exchange.giving', { at: at + 1, of: missing.length })}
              done={at / missing.length}
            />
          }
          run={give}
        >
          {words}
          <p>{say('share.cannot-undo')}</p>
        </SignSheet>
      ) : (
        <section className={resourceCardLook['resource']}>
          <h3>{say('exchange.says')}</h3>
          {words}
        </section>
      )}
      {given !== undefined && (
        <Notice kind="good" title={say('exchange.given', { count: given.count })}>
          {given.undelivered > 0 && <p>{say('share.undelivered')}</p>}
        </Notice>
      )}
    </>
  );
}
