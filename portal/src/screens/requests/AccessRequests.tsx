import { useState, type ReactNode } from 'react';
import {
  acceptRecipient,
  approveAccess,
  declineAccess,
  type AccessAsked,
  type ChangedRecipient,
} from '../../../../src/client/index.ts';
import { applyRulesHere } from '../../session/applyRulesHere.ts';
import { fingerprintWords } from '../../session/fingerprintWords.ts';
import { afterReview } from '../../session/Reviewed.ts';
import { useNames } from '../../session/useNames.ts';
import { useRecordsNamed } from '../../session/useRecordsNamed.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { waitingFor } from '../../session/waitingFor.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { PhraseWords } from '../../ui/PhraseShown.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { useTermsInWords } from '../share/useTermsInWords.ts';

const approve = afterReview(approveAccess);

/** Requests for access by others, and people whose key changed. */
export function AccessRequests({ session }: ScreenProps): ReactNode {
  const { say, moment } = useWords();
  const inWords = useTermsInWords();
  const { party } = session;
  const [signing, setSigning] = useState<AccessAsked>();
  const [said, setTold] = useState<string>();
  const [answered, setAnswered] = useState<readonly string[]>([]);
  const answering = useRun();
  const waiting = useTask(async () => await waitingFor(session), [session]);
  const found = waiting.state === 'done' ? waiting.value : { asked: [], changed: [] };
  // An answered request goes at once, before the organisations are asked again.
  const asked = found.asked.filter(({ digest }) => !answered.includes(digest));
  const changed = found.changed.filter(({ fingerprint }) => !answered.includes(fingerprint));
  const nameOf = useNames(session, [
    ...asked.map(({ request }) => request.party),
    ...changed.map(({ grantee }) => grantee),
  ]);
  const recordNamed = useRecordsNamed(
    session,
    asked.map(({ request: { message } }) => ({
      handle: message.handle,
      record: message.terms.record,
    })),
  );
  const wordsOf = ({ request: { message } }: AccessAsked): string =>
    inWords(message.terms, recordNamed(message.terms.record));
  const told = (which: string, what: string): void => {
    setTold(what);
    setAnswered((before) => [...before, which]);
    setSigning(undefined);
    waiting.again();
  };
  const answer = (which: string, what: string, run: () => Promise<unknown>): void =>
    answering.start(async () => {
      await run();
      told(which, what);
    });
  const accept = ({ grantee, fingerprint, grants }: ChangedRecipient): void =>
    answer(fingerprint, say('requests.accepted', { who: nameOf(grantee) }), async () => {
      await acceptRecipient(party, { grantee, fingerprint });
      // A right that a rule gives waited for the key.
      if (grants.length === 0) await applyRulesHere(party);
    });
  return (
    <Page title={say('requests.title')} lead={say('requests.lead')}>
      {said !== undefined && <Notice kind="good" title={said} />}
      <Awaiting on={waiting} what={say('home.looking')} />
      <Awaiting on={answering} what={say('requests.answering')} />
      <List
        items={asked}
        none={waiting.state === 'done' && say('requests.none')}
        keyOf={(each) => each.digest}
      >
        {(each) => (
          <>
            <strong>{nameOf(each.request.party)}</strong>
            <p>
              {say('requests.wants')} {wordsOf(each)}
            </p>
            <p>{say('requests.lapses', { until: moment(each.request.message.deadline) })}</p>
            <p className="row">
              <Button kind="main" busy={answering.busy} onClick={() => setSigning(each)}>
                {say('requests.approve', { who: nameOf(each.request.party) })}
              </Button>
              <Button
                busy={answering.busy}
                onClick={() =>
                  answer(
                    each.digest,
                    say('requests.declined', { who: nameOf(each.request.party) }),
                    async () => {
                      await declineAccess(party, each);
                    },
                  )
                }
              >
                {say('requests.decline', { who: nameOf(each.request.party) })}
              </Button>
            </p>
          </>
        )}
      </List>
      {changed.length > 0 && <h2>{say('requests.changed')}</h2>}
      {changed.length > 0 && <p>{say('requests.changed-lead')}</p>}
      <List items={changed} keyOf={(each) => each.grantee}>
        {(each) => (
          <>
            <strong>{nameOf(each.grantee)}</strong>
            <PhraseWords words={fingerprintWords(each.fingerprint)} />
            {each.offered ? (
              <Button busy={answering.busy} onClick={() => accept(each)}>
                {say('requests.same-words', { who: nameOf(each.grantee) })}
              </Button>
            ) : (
              <p>{say('requests.not-offered')}</p>
            )}
          </>
        )}
      </List>
      {signing !== undefined && (
        <SignSheet
          session={session}
          inFront
          wanted={[signing]}
          others={{ to: [signing.request.party] }}
          act={say('share.sign')}
          waits={say('share.sealing')}
          onBack={() => setSigning(undefined)}
          run={async (reviewed) => {
            await approve(party, reviewed);
            told(signing.digest, say('share.done', { who: nameOf(signing.request.party) }));
          }}
        >
          <p>
            <strong>{nameOf(signing.request.party)}</strong> {wordsOf(signing)}
          </p>
          <p>{say('share.cannot-undo')}</p>
        </SignSheet>
      )}
    </Page>
  );
}
