import { useState, type ReactNode } from 'react';
import { keepOffered, offerMandate } from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { powersOffered } from '../../../../src/protocol/rights/judgeMandate.ts';
import { readPeople } from '../../session/people.ts';
import { afterReview } from '../../session/Reviewed.ts';
import { useDraft } from '../../session/useDraft.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { AddPerson } from '../../ui/AddPerson.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { SelectField } from '../../ui/SelectField.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ChooseUntil } from '../share/ChooseUntil.tsx';
import { untilChosen, type PeriodChosen } from '../share/untilChosen.ts';
import type { FamilyStepProps } from './GiveMandate.tsx';
import { RefusedOffer } from './RefusedOffer.tsx';
import { useMandateInWords } from './useMandateInWords.ts';

const offerTo = afterReview(offerMandate);
/** Most characters of a reason. */
const LONGEST = 96;

/** Fields of an offer as they are typed. */
interface OfferTyped {
  /** Address of the patient; empty while nobody is chosen. */
  readonly whom: string;
  readonly reason: string;
  readonly period: PeriodChosen;
  readonly also: readonly ('audit' | 'appoint')[];
}

const EMPTY: OfferTyped = {
  whom: '',
  reason: '',
  period: { period: 'year', date: '' },
  also: ['audit'],
};

/** Offers to act for a patient: whom, why, until when and what else; the offer is a file for the patient. */
export function OfferMandate({ session, onBack, onDone }: FamilyStepProps): ReactNode {
  const { say } = useWords();
  const inWords = useMandateInWords();
  const { party } = session;
  const draft = useDraft<OfferTyped>(session, 'mandate-offer', EMPTY);
  const { whom, reason, period, also } = draft.value;
  const people = useTask(async () => await readPeople(party), [party]);
  const patients = (people.state === 'done' ? people.value : []).flatMap((each) =>
    each.handle === undefined || each.address === party.address
      ? []
      : [{ ...each, handle: each.handle }],
  );
  const patient = patients.find(({ address }) => address === whom);
  const [missing, setMissing] = useState(false);
  const signing = useRun();
  // The words say one moment from when they are shown.
  const [now] = useState(() => seconds(party.clock));
  const until = untilChosen(period, now);
  const isAhead = Number.isFinite(until) && until > now;
  const why = reason.trim();
  const [audit, appoint] = [also.includes('audit'), also.includes('appoint')];
  const change = (changed: Partial<OfferTyped>): void => {
    if (!signing.busy) draft.change(changed);
  };
  return (
    <Page title={say('family.offer')} lead={say('family.offer-lead')}>
      <KeptDraft draft={draft} />
      <Awaiting on={people} what={say('common.loading')} />
      <SelectField
        label={say('family.whom')}
        choices={[
          { value: '', label: say('family.choose') },
          ...patients.map(({ address, name }) => ({ value: address, label: name })),
        ]}
        value={patient?.address ?? ''}
        onChange={(chosen) => change({ whom: chosen })}
      />
      <AddPerson
        session={session}
        onAdded={({ address }) => {
          change({ whom: address });
          people.again();
        }}
      />
      <TextField
        label={say('family.why')}
        hint={say('family.why-hint')}
        value={reason}
        maxLength={LONGEST}
        readOnly={signing.busy}
        onChange={(typed) => change({ reason: typed })}
      />
      <ChooseUntil
        chosen={period}
        busy={signing.busy}
        onChange={(other) => change({ period: other })}
      />
      <Choices
        legend={say('family.also')}
        choices={(['audit', 'appoint'] as const).map((value) => ({
          value,
          label: say(`family.ask-${value}`),
        }))}
        chosen={also}
        onChange={(chosen) => change({ also: chosen })}
      />
      {!isAhead && <Notice kind="warn" title={say('share.must-be-ahead')} />}
      {missing && (patient === undefined || why === '') && (
        <Notice kind="bad" title={say('family.missing')} />
      )}
      <SignSheet
        session={session}
        wanted={
          patient !== undefined && why !== '' && isAhead
            ? [{ handle: patient.handle, reason: why, until, audit, appoint }]
            : undefined
        }
        others={patient === undefined ? 'unread' : { charts: [patient.handle] }}
        opens={say('common.next')}
        opener="main"
        signing={signing}
        act={say('family.offer-sign')}
        waits={say('family.offering')}
        Refused={RefusedOffer}
        onMissing={() => setMissing(true)}
        run={async (reviewed) => {
          const offer = await offerTo(party, reviewed);
          const name = patient?.name ?? '';
          await keepOffered(party, { mandate: offer.mandate, name });
          saveFile('offer.json', `${JSON.stringify(offer, undefined, 2)}\n`, 'application/json');
          await draft.drop(draft.value);
          onDone(say('family.offered', { who: name }));
        }}
      >
        <p>
          <strong>{say('family.you-act', { who: patient?.name ?? '' })}</strong>
        </p>
        {inWords({
          terms: { reason: why, until, audit },
          powers: powersOffered({ appoint }),
        }).map((each) => (
          <p key={each}>{each}</p>
        ))}
        <p>{say('family.offer-means')}</p>
      </SignSheet>
      <p className="row">
        <Button onClick={onBack}>{say('common.back')}</Button>
      </p>
    </Page>
  );
}
