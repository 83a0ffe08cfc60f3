import { useState, type ReactNode } from 'react';
import { permitBirthLink } from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import type { Signed } from '../../../../src/protocol/struct/requests.ts';
import type { Person } from '../../session/people.ts';
import { afterReview } from '../../session/Reviewed.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ChoosePeople } from '../prescriptions/ChoosePeople.tsx';
import { ToHandOver } from '../prescriptions/ToHandOver.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { VitalFailure } from './VitalFailure.tsx';

/** Seconds for which the registrar may use a permission. */
const WITHIN = 7 * 86_400;
const permit = afterReview(permitBirthLink);

/** A mother permits a registrar to name her in the birth of her child. */
export function PermitBirth({ session }: ScreenProps): ReactNode {
  const { say, day } = useWords();
  const { party } = session;
  const [child, setChild] = useState<Person>();
  const [registrar, setRegistrar] = useState<Person>();
  const [tried, setTried] = useState(false);
  const [permitted, setLink] = useState<{
    readonly link: Signed<'BirthLink'>;
    readonly who: string;
  }>();
  const handle = child?.handle;
  const isChosen = handle !== undefined && registrar !== undefined;
  /** A permission is about the choices that it was made from. */
  const changing =
    (set: (chosen: Person | undefined) => void) =>
    (chosen: Person | undefined): void => {
      setLink(undefined);
      set(chosen);
    };
  return (
    <Page title={say('vital.permit')} lead={say('vital.permit-lead')}>
      <ChoosePeople
        session={session}
        fields={[
          {
            label: say('vital.child'),
            isPatient: true,
            chosen: child,
            onChange: changing(setChild),
          },
          { label: say('vital.registrar'), chosen: registrar, onChange: changing(setRegistrar) },
        ]}
      />
      {tried && !isChosen && <Notice kind="bad" title={say('vital.permit-missing')} />}
      {permitted === undefined && (
        <SignSheet
          session={session}
          wanted={
            isChosen ? [{ child: handle, registrar: registrar.address, within: WITHIN }] : undefined
          }
          others={isChosen ? { to: [registrar.address], charts: [handle] } : { to: [] }}
          act={say('vital.permit-sign')}
          waits={say('vital.waiting')}
          Refused={VitalFailure}
          onMissing={() => setTried(true)}
          run={async (reviewed) => {
            const link = await permit(party, reviewed);
            setLink({ link, who: registrar?.name ?? '' });
          }}
        >
          <p>
            {say('vital.permit-words', {
              who: registrar?.name ?? '',
              child: child?.name ?? '',
              when: day(seconds(party.clock) + WITHIN),
            })}
          </p>
        </SignSheet>
      )}
      {permitted !== undefined && (
        <ToHandOver
          title={say('vital.permit-signed', { who: permitted.who })}
          signed={permitted.link}
          file="mother.json"
        />
      )}
    </Page>
  );
}
