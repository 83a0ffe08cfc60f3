import { Fragment, useCallback, useEffect, useState, type ReactNode } from 'react';
import {
  confirmFacts,
  contactCardOf,
  formatContactCard,
  ownApplicationWords,
} from '../../../../src/client/index.ts';
import { isMedsealError } from '../../../../src/errors/isMedsealError.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { recipientHash } from '../../../../src/protocol/rights/recipientHash.ts';
import { fingerprintOf } from '../../../../src/protocol/network/fingerprintOf.ts';
import { ROLES, type Role } from '../../../../src/protocol/vocabulary.ts';
import { fingerprintWords } from '../../session/fingerprintWords.ts';
import { enterNetwork } from '../../session/enterNetwork.ts';
import { Serving } from '../../moves/Serving.tsx';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { AddPerson } from '../../ui/AddPerson.tsx';
import { Button } from '../../ui/Button.tsx';
import { ButtonLink } from '../../ui/ButtonLink.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Qr } from '../../ui/Qr.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { Device } from './Device.tsx';
import { Push } from './Push.tsx';
import { ErasureCertificates } from './ErasureCertificates.tsx';
import { EraseRecords } from './EraseRecords.tsx';
import pageLook from '../../ui/Page.module.css';
import fieldLook from '../../ui/Field.module.css';

/** Milliseconds between two applications, while the organisations decide. */
const ASK_AGAIN = 30_000;

/** Screens of a patient to which this one leads, each with its words. */
const ELSEWHERE = [
  {
    to: '/devices',
    title: 'readings.devices',
    lead: 'readings.devices-lead',
    open: 'readings.devices',
  },
  {
    to: '/files',
    title: 'exchange.archive',
    lead: 'exchange.archive-means',
    open: 'exchange.open',
  },
] as const;

/** The person's own card, key and network. */
export function Me({ session, onSession, onLock }: ScreenProps): ReactNode {
  const { say } = useWords();
  const { party, role, called } = session;
  const card = useTask(async () => {
    const { party: facts } = await confirmFacts(party, { party: party.address });
    if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
    const { organisation } = facts;
    return { organisation, text: formatContactCard(contactCardOf(party.network, facts)) };
  }, [session]);
  const [kept, setKept] = useState<string>();
  return (
    <Page title={called}>
      {role === undefined ? (
        <Apply session={session} onSession={onSession} />
      ) : (
        <>
          {card.state === 'done' && (
            <>
              <p className={pageLook['lead']}>
                {say('me.you-are', {
                  role: say(`common.role-${role}`),
                  organisation: card.value.organisation,
                })}
              </p>
              <Serving session={session} enrolled={card.value.organisation} />
            </>
          )}
          <section>
            <h2>{say('me.card')}</h2>
            <p>{say('me.card-lead')}</p>
            <Awaiting on={card} what={say('common.loading')} />
            {card.state === 'done' && (
              <Qr
                text={card.value.text}
                label={say('me.card-code')}
                textLabel={say('me.card-text')}
              />
            )}
          </section>
          <section>
            <h2>{say('me.contacts')}</h2>
            {kept !== undefined && <Notice kind="good" title={say('me.kept', { name: kept })} />}
            <AddPerson session={session} onAdded={({ name }) => setKept(name)} />
          </section>
        </>
      )}
      <Device session={session} />
      {role !== undefined && <Push session={session} />}
      {role === 'patient' &&
        ELSEWHERE.map(({ to, title, lead, open }) => (
          <section key={to}>
            <h2>{say(title)}</h2>
            <p>{say(lead)}</p>
            <p className="row">
              <ButtonLink href={to}>{say(open)}</ButtonLink>
            </p>
          </section>
        ))}
      {role === 'patient' && <EraseRecords session={session} />}
      {role === 'patient' && <ErasureCertificates session={session} />}
      <details>
        <summary>{say('me.network')}</summary>
        <p>{say('me.network-lead')}</p>
        <FactList
          isStacked
          facts={[
            [
              say('me.fingerprint'),
              <code key="network">{fingerprintOf(party.primitives, party.network)}</code>,
            ],
            [say('me.address'), <code key="address">{party.address}</code>],
            [
              say('requests.own-words'),
              <Fragment key="words">
                <p>{say('requests.own-words-lead')}</p>
                <span translate="no">
                  {fingerprintWords(recipientHash(party.primitives, party.recipient)).join(' ')}
                </span>
              </Fragment>,
            ],
          ]}
        />
      </details>
      <p className="row">
        <Button kind="danger" onClick={onLock}>
          {say('common.lock')}
        </Button>
      </p>
    </Page>
  );
}

function Apply({ session, onSession }: Pick<ScreenProps, 'session' | 'onSession'>): ReactNode {
  const { say, sayIfKnown } = useWords();
  const [role, setRole] = useState<Role>('patient');
  const applying = useRun();
  const [waits, setWaits] = useState(false);
  const [declined, setDeclined] = useState<string>();
  const { start } = applying;
  const apply = useCallback((): void => {
    start(async () => {
      try {
        onSession(await enterNetwork(session, role));
      } catch (error) {
        const isDeclined = isMedsealError(error, 'APPLICATION_DECLINED');
        if (!isDeclined && !isMedsealError(error, 'NOT_YET')) throw error;
        setDeclined(isDeclined ? error.values.reason : undefined);
        setWaits(!isDeclined);
      }
    });
  }, [start, session, role, onSession]);
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setInterval(apply, ASK_AGAIN);
    return () => clearInterval(timer);
  }, [waits, apply]);
  const { party, place } = session;
  const words = ownApplicationWords(party, { role, organisation: place.organisation });
  return (
    <section>
      <h2>{say('me.apply')}</h2>
      <p>{say('me.apply-lead', { organisation: session.place.organisation })}</p>
      <div className={fieldLook['field']}>
        <label htmlFor="role">{say('me.role')}</label>
        <select
          id="role"
          value={role}
          onChange={(event) => {
            const chosen = ROLES.find((each) => each === event.target.value);
            setWaits(false);
            setDeclined(undefined);
            if (chosen !== undefined) setRole(chosen);
          }}
        >
          {ROLES.map((each) => (
            <option key={each} value={each}>
              {say(`common.role-${each}`)}
            </option>
          ))}
        </select>
      </div>
      <p>{say('me.apply-shows')}</p>
      {waits && (
        <Notice title={say('me.waits')}>
          <p translate="no">{words.join(' ')}</p>
          <p>{say('me.waits-lead')}</p>
        </Notice>
      )}
      {declined !== undefined && (
        <Notice kind="bad" title={say('me.declined')}>
          <p>{sayIfKnown(`me.declined-${declined}`) ?? say('me.declined-not-told')}</p>
          <p>{say('me.declined-next')}</p>
        </Notice>
      )}
      <Awaiting on={applying} what={say('me.applying')} />
      <p className="row">
        <Button kind="main" busy={applying.busy} onClick={apply}>
          {say(waits ? 'me.ask-again' : 'me.apply-now')}
        </Button>
      </p>
    </section>
  );
}
