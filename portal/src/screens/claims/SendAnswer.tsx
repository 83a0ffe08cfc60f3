import { useState, type ReactNode } from 'react';
import {
  supplementClaim,
  type Chart,
  type ClaimListed,
  furtherEntries,
} from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';
import { readClaimFile } from './readClaimFile.ts';
import { recordsNamed } from './recordsNamed.ts';
import { SignStep } from './SignStep.tsx';
import type { RecordInWords } from './useRecordInWords.ts';
import panelLook from '../../ui/Panel.module.css';

const supplement = afterReview(supplementClaim);

/** Properties of `SendAnswer`. */
export interface SendAnswerProps {
  readonly session: Session;
  readonly listed: ClaimListed;
  /** The chart, as the claimant may read it. */
  readonly chart: Chart;
  /** Name of the insurer. */
  readonly who: string;
  readonly inWords: RecordInWords;
  readonly onDone: () => void;
}

/** Sends an insurer the further records that the patient permitted, from the file that the patient gave back. */
export function SendAnswer(props: SendAnswerProps): ReactNode {
  const { session, listed, chart, who, inWords, onDone } = props;
  const { say } = useWords();
  const { party } = session;
  const { digest } = listed;
  const [file, setFile] = useState<File>();
  const found = useTask(async () => {
    if (file === undefined) return undefined;
    const { prepared, permits } = await readClaimFile(party, file);
    // The file that the claim was made with names nothing further.
    if (prepared.digest !== digest || furtherEntries(prepared).length === 0)
      throw new MedsealError('NOT_FOUND', { what: 'claim' });
    return { permits, records: recordsNamed(prepared, chart.records) };
  }, [party, file, digest, chart]);
  const given = found.state === 'done' ? found.value : undefined;
  const { grant, purpose } = chart;
  return (
    <div className={panelLook['aside']}>
      <FileField
        label={say('claims.file-patient')}
        hint={say('claims.file-answer-hint')}
        file={file}
        onChange={setFile}
      />
      {file !== undefined && <Awaiting on={found} title={say('claims.file-wrong')} />}
      {given !== undefined && given.permits.length === 0 && (
        <Notice kind="warn" title={say('claims.file-unpermitted')} />
      )}
      {given !== undefined && given.permits.length > 0 && (
        <SignStep
          session={session}
          others={{ to: [listed.message.insurer], charts: [listed.message.terms.handle] }}
          wanted={[
            digest,
            {
              records: given.records.map(({ record }) => record),
              permits: given.permits,
              purpose,
              ...(grant && { grant }),
            },
          ]}
          label={say('common.next')}
          sign={say('claims.sign-answer')}
          kind="main"
          words={[
            say('claims.you-send', { who }),
            ...given.records.map((record) => `• ${inWords(record)}`),
          ]}
          run={async (reviewed) => {
            await supplement(party, reviewed);
            onDone();
          }}
        />
      )}
    </div>
  );
}
