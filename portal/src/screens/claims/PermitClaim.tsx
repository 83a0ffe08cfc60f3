import { useState, type ReactNode } from 'react';
import {
  agreeToBill,
  confirmFacts,
  formatClaimFile,
  lowerTotalBefore,
  permitClaim,
  type ClaimPrepared,
  type Party,
} from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { ownChart } from '../../session/charts.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { endOfPermits } from './endOfPermits.ts';
import { readClaimFile } from './readClaimFile.ts';
import { recordsNamed } from './recordsNamed.ts';
import { SignStep } from './SignStep.tsx';
import { useAmount } from './useAmount.ts';
import { useRecordInWords } from './useRecordInWords.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

const permit = afterReview(async (party: Party, prepared: ClaimPrepared) => {
  const permits = await permitClaim(party, prepared);
  return formatClaimFile(await agreeToBill(party, prepared), permits);
});

/** Lets an insurer read what a claim rests on that somebody else prepared for the patient. */
export function PermitClaim({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const [file, setFile] = useState<File>();
  return (
    <Page title={say('claims.permit')} lead={say('claims.permit-lead')}>
      <FileField label={say('claims.file-claimant')} file={file} onChange={setFile} />
      {file !== undefined && <Prepared session={session} file={file} />}
      <p className="row">
        <ButtonLink href="/claims">{say('common.back')}</ButtonLink>
      </p>
    </Page>
  );
}

interface PreparedProps {
  readonly session: Session;
  readonly file: File;
}

function Prepared({ session, file }: PreparedProps): ReactNode {
  const { say, day } = useWords();
  const amount = useAmount();
  const { party, handle = '0x' } = session;
  // Rights belong to the file that they were given for: another may be chosen meanwhile.
  const [given, setGiven] = useState<{ readonly file: File; readonly text: string }>();
  const inWords = useRecordInWords(session, handle);
  const found = useTask(async () => {
    const { prepared } = await readClaimFile(party, file);
    if (prepared.message.terms.handle !== handle) throw new MedsealError('RIGHT_MISSING', {});
    const records = recordsNamed(prepared, (await ownChart(session, true)).records);
    const { claim: made } = await confirmFacts(party, { claim: prepared.digest });
    const lower = await lowerTotalBefore(party, prepared);
    return { prepared, records, made, lower };
  }, [session, file]);
  const message = found.state === 'done' ? found.value.prepared.message : undefined;
  const nameOf = useNames(session, message ? [message.insurer, message.terms.claimant] : []);
  if (found.state !== 'done') {
    return <Awaiting on={found} what={say('records.reading')} title={say('claims.file-wrong')} />;
  }
  const { prepared, records, made, lower } = found.value;
  const isFurther = made !== undefined;
  const { insurer, terms, amount: asked, total } = prepared.message;
  const { claimant } = terms;
  const sums = {
    who: nameOf(insurer),
    claimant: nameOf(claimant),
    amount: amount(asked),
    total: amount(total),
    until: day(endOfPermits(party)),
  };
  if (given?.file === file) {
    return (
      <Notice kind="good" title={say('claims.permitted', sums)}>
        <p>
          <Button
            kind="main"
            onClick={() => saveFile('claim.json', given.text, 'application/json')}
          >
            {say('claims.save')}
          </Button>
        </p>
      </Notice>
    );
  }
  // Rights for a claim that waits for none would be given for nothing.
  if (isFurther && made.state !== 'asked')
    return <Notice kind="warn" title={say('claims.permit-late', sums)} />;
  return (
    <>
      <p>{say(isFurther ? 'claims.claimant-answers' : 'claims.claimant-asks', sums)}</p>
      <p>{say('claims.insurer-is', sums)}</p>
      <SignStep
        session={session}
        wanted={[prepared]}
        others={{ to: [claimant, insurer] }}
        label={say('common.next')}
        sign={say('claims.sign-permit')}
        kind="main"
        words={[
          ...(isFurther ? [] : [say('claims.you-permit', sums)]),
          say(isFurther ? 'claims.you-answer' : 'claims.may-read', sums),
          ...records.map((record) => `• ${inWords(record)}`),
          ...(lower === undefined
            ? []
            : [say('claims.you-higher', { total: amount(total), lower: amount(lower) })]),
        ]}
        run={async (reviewed) => {
          setGiven({ file, text: await permit(party, reviewed) });
        }}
      />
    </>
  );
}
