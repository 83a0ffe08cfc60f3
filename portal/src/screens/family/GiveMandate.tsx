import { useState, type ReactNode } from 'react';
import { giveMandate } from '../../../../src/client/index.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { Page } from '../../ui/Page.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { useWords } from '../../words/useWords.tsx';
import { RefusedOffer } from './RefusedOffer.tsx';
import { readOffer } from '../../session/readOffer.ts';
import { useMandateInWords } from './useMandateInWords.ts';

const give = afterReview(giveMandate);

/** Properties of a step of `Family`. */
export interface FamilyStepProps {
  readonly session: Session;
  readonly onBack: () => void;
  /** Says what was done, and leads back. */
  readonly onDone: (words: string) => void;
}

/** Reads an offer from its file, says it in words, and lets who made it act for the patient. */
export function GiveMandate({ session, onBack, onDone }: FamilyStepProps): ReactNode {
  const { say } = useWords();
  const [file, setFile] = useState<File>();
  return (
    <Page title={say('family.give')} lead={say('family.give-lead')}>
      <FileField label={say('family.offer-file')} file={file} onChange={setFile} />
      {file !== undefined && <Offered session={session} file={file} onDone={onDone} />}
      <p className="row">
        <Button onClick={onBack}>{say('common.back')}</Button>
      </p>
    </Page>
  );
}

interface OfferedProps extends Omit<FamilyStepProps, 'onBack'> {
  readonly file: File;
}

function Offered({ session, file, onDone }: OfferedProps): ReactNode {
  const { say } = useWords();
  const inWords = useMandateInWords();
  const found = useTask(async () => await readOffer(session, file), [session, file]);
  const offer = found.state === 'done' ? found.value : undefined;
  const { representative } = offer?.mandate.terms ?? {};
  const nameOf = useNames(session, representative === undefined ? [] : [representative]);
  if (found.state !== 'done') {
    return <Awaiting on={found} what={say('family.reading')} Refused={RefusedOffer} />;
  }
  const who = nameOf(found.value.mandate.terms.representative);
  return (
    <SignSheet
      session={session}
      wanted={[found.value]}
      others={{ to: [found.value.mandate.terms.representative] }}
      act={say('family.give-sign', { who })}
      waits={say('family.giving')}
      Refused={RefusedOffer}
      run={async (reviewed) => {
        await give(session.party, reviewed);
        onDone(say('family.given', { who }));
      }}
    >
      <p>
        <strong>{say('family.acts', { who })}</strong>
      </p>
      {inWords(found.value.mandate).map((each) => (
        <p key={each}>{each}</p>
      ))}
      <p>{say('family.give-means', { who })}</p>
    </SignSheet>
  );
}
