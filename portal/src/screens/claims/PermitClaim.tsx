import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import {
  formatClaimFile,
  permitClaim,
  type ChartRecord,
  type ClaimPrepared,
} from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import type { Grant } from '../../../../src/protocol/requests.ts';
import { ownChart } from '../../session/charts.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { RoleOf } from '../../ui/RoleOf.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { endOfPermits } from './endOfPermits.ts';
import { readClaimFile } from './readClaimFile.ts';
import { SignStep } from './SignStep.tsx';
import { useAmount } from './useAmount.ts';
import { useRecordInWords } from './useRecordInWords.ts';

/** Lets an insurer read what a claim rests on that somebody else prepared for the patient. */
export function PermitClaim({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const [file, setFile] = useState<File>();
  return (
    <Page title={say('claims.permit')} lead={say('claims.permit-lead')}>
      <FileField label={say('claims.file-claimant')} file={file} onChange={setFile} />
      {file !== undefined && <Prepared session={session} file={file} />}
      <p className="row">
        <Link href="/claims" className="button plain">
          {say('common.back')}
        </Link>
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
  const [permits, setPermits] = useState<readonly Grant[]>();
  const inWords = useRecordInWords(session, handle);
  const found = useTask(async () => {
    const { prepared } = await readClaimFile(party, file);
    if (prepared.message.terms.handle !== handle) throw new MedsealError('RIGHT_MISSING', {});
    const records = named(prepared, (await ownChart(session, true)).records);
    return { prepared, records };
  }, [session, file]);
  const message = found.state === 'done' ? found.value.prepared.message : undefined;
  const nameOf = useNames(session, message ? [message.insurer, message.claimant] : []);
  if (found.state === 'working') return <Pending what={say('records.reading')} />;
  if (found.state === 'failed')
    return <Failure error={found.error} title={say('claims.file-wrong')} />;
  const { prepared, records } = found.value;
  const { insurer, claimant, amount: asked, total } = prepared.message;
  const sums = {
    who: nameOf(insurer),
    claimant: nameOf(claimant),
    amount: amount(asked),
    total: amount(total),
    until: day(endOfPermits(party)),
  };
  if (permits !== undefined) {
    return (
      <Notice kind="good" title={say('claims.permitted', sums)}>
        <p>
          <Button
            kind="main"
            onClick={() =>
              saveFile('claim.json', formatClaimFile(prepared, permits), 'application/json')
            }
          >
            {say('claims.save')}
          </Button>
        </p>
      </Notice>
    );
  }
  return (
    <>
      <p>{say('claims.claimant-asks', sums)}</p>
      <RoleOf session={session} party={claimant} />
      <p>{say('claims.insurer-is', sums)}</p>
      <RoleOf session={session} party={insurer} />
      <SignStep
        label={say('common.next')}
        sign={say('claims.sign-permit')}
        kind="main"
        words={[
          say('claims.you-permit', sums),
          say('claims.may-read', sums),
          ...records.map((record) => `• ${inWords(record)}`),
        ]}
        run={async () => setPermits(await permitClaim(party, prepared))}
      />
    </>
  );
}

/** The records of the chart that the file names: each must be there, and of the kind that the file says. */
function named({ records }: ClaimPrepared, chart: readonly ChartRecord[]): readonly ChartRecord[] {
  return records.map(({ record, category }) => {
    const found = chart.findLast((each) => each.record === record && each.category === category);
    if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
    return found;
  });
}
