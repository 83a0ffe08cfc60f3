import { useState, type ReactNode } from 'react';
import {
  grantRight,
  handOver,
  listGrants,
  revokeRight,
  standingRights,
} from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { ZERO32, type Address } from '../../../../src/protocol/ids.ts';
import type { Terms } from '../../../../src/protocol/struct/requests.ts';
import type { Person } from '../../session/people.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { Notice } from '../../ui/Notice.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import { StopMeans } from '../share/StopMeans.tsx';
import { termsSaid } from '../share/termsSaid.ts';
import { useTermsInWords } from '../share/useTermsInWords.ts';
import { ChoosePeople } from './ChoosePeople.tsx';
import choicesLook from '../../ui/Choices.module.css';

/** Seconds for which a pharmacist may read. */
const DAY = 86_400;
/** Gives exactly this, and nothing else of the chart. */
const CHECKED = {
  categories: ['allergies', 'medications'],
  actions: ['read'],
  purpose: 'TREAT',
} as const;

const allow = afterReview(grantRight);
const stop = afterReview(revokeRight);

/** Properties of `AlsoAllow`. */
export interface AlsoAllowProps {
  readonly session: Session;
}

/** Offers a patient who shows a prescription to let the pharmacist read allergies and medicines, until the patient ends it. */
export function AlsoAllow({ session }: AlsoAllowProps): ReactNode {
  const { say } = useWords();
  const [wants, setWants] = useState(false);
  return (
    <>
      <label className={choicesLook['choice']}>
        <input
          type="checkbox"
          checked={wants}
          onChange={(event) => setWants(event.target.checked)}
        />
        <span>
          {say('medicines.also')}
          <small>{say('medicines.also-means')}</small>
        </span>
      </label>
      {wants && <Allow session={session} />}
    </>
  );
}

function Allow({ session }: AlsoAllowProps): ReactNode {
  const { say, moment } = useWords();
  const inWords = useTermsInWords();
  const { party } = session;
  const [who, setWho] = useState<Person>();
  const [isDelivered, setDelivered] = useState(true);
  const [ended, setEnded] = useState<string>();
  // The words say one moment from when they are shown.
  const [until] = useState(() => seconds(party.clock) + DAY);
  const grants = useTask(async () => await listGrants(party), [party]);
  const standing =
    who !== undefined && grants.state === 'done'
      ? grants.value.find(
          ({ state, grant }) =>
            state === 'holds' && grant !== undefined && isThis(grant.terms, who.address),
        )
      : undefined;
  return (
    <section>
      <ChoosePeople
        session={session}
        fields={[{ label: say('medicines.pharmacist'), chosen: who, onChange: setWho }]}
      />
      <Awaiting on={grants} what={say('share.reading')} />
      {ended !== undefined && (
        <Notice kind="good" title={say('share.stopped-right', { who: ended })} />
      )}
      {who !== undefined && grants.state === 'done' && standing === undefined && (
        <SignSheet
          session={session}
          wanted={[{ ...CHECKED, grantee: who.address, until }]}
          others={{ to: [who.address] }}
          act={say('share.sign')}
          waits={say('share.sealing')}
          run={async (reviewed) => {
            setEnded(undefined);
            // A right that was given before its answer was lost is not given twice.
            const [right] = reviewed.wanted;
            const [before] = await standingRights(party, [right]);
            const given = before ?? (await allow(party, reviewed));
            // The right is given, whatever becomes of the letter that hands it over.
            const isThere = await handOver(party, given).then(
              () => true,
              () => false,
            );
            setDelivered(isThere);
            grants.again();
          }}
        >
          <p>
            <strong>{who.name}</strong> {inWords(termsSaid(CHECKED, until))}
          </p>
          <p>{say('share.cannot-undo')}</p>
        </SignSheet>
      )}
      {who !== undefined && standing?.grant !== undefined && (
        <Notice
          kind="good"
          title={say('medicines.also-given', {
            who: who.name,
            until: moment(standing.grant.terms.until),
          })}
        >
          {!isDelivered && <p>{say('share.undelivered')}</p>}
          <SignSheet
            session={session}
            opens={say('share.stop', { who: who.name })}
            opener="danger"
            title={say('share.stop-question', { who: who.name })}
            wanted={[standing.digest]}
            others={{ about: [standing.grant.terms.grantee], isEnd: true }}
            isDanger
            act={say('share.stop-now')}
            waits={say('share.stopping')}
            run={async (reviewed) => {
              await stop(party, reviewed);
              setEnded(who.name);
              grants.again();
            }}
          >
            <StopMeans who={who.name} terms={standing.grant.terms} />
          </SignSheet>
        </Notice>
      )}
    </section>
  );
}

/** Tells whether a right lets this party read allergies and medicines, and nothing else. */
function isThis(terms: Terms, grantee: Address): boolean {
  return (
    terms.grantee === grantee &&
    terms.record === ZERO32 &&
    terms.read &&
    !terms.add &&
    !terms.amend &&
    terms.categories.toSorted().join() === CHECKED.categories.join()
  );
}
