import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { submitClaim, type ClaimKnown } from '../../../../src/client/index.ts';
import type { NameOf } from '../../session/useNames.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useGoHere } from '../../session/useGoHere.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import { useWords } from '../../words/useWords.tsx';
import { readClaimFile } from './readClaimFile.ts';
import { SignStep } from './SignStep.tsx';
import { useAmount } from './useAmount.ts';
import panelLook from '../../ui/Panel.module.css';

const submit = afterReview(submitClaim);

/** Properties of `PlaceClaim`. */
export interface PlaceClaimProps {
  readonly session: Session;
  /** Claims that are on the ledger. */
  readonly claims: readonly ClaimKnown[];
  readonly nameOf: NameOf;
}

/** Makes a claim that its patient permitted, from the file that the patient gave back. */
export function PlaceClaim({ session, claims, nameOf }: PlaceClaimProps): ReactNode {
  const { say } = useWords();
  const amount = useAmount();
  const go = useGoHere();
  const { party } = session;
  const [file, setFile] = useState<File>();
  const found = useTask(async () => file && (await readClaimFile(party, file)), [party, file]);
  const given = found.state === 'done' ? found.value : undefined;
  const { message } = given?.prepared ?? {};
  const made = claims.find(({ digest }) => digest === given?.prepared.digest);
  return (
    <section className={panelLook['aside']}>
      <FileField
        label={say('claims.file-patient')}
        hint={say('claims.file-patient-hint')}
        file={file}
        onChange={setFile}
      />
      {file !== undefined && <Awaiting on={found} title={say('claims.file-wrong')} />}
      {made !== undefined && (
        <Notice kind="warn" title={say('claims.file-made')}>
          <p>
            <Link href={`/claims/${made.digest}`}>{say('claims.file-open')}</Link>
          </p>
        </Notice>
      )}
      {given !== undefined && made === undefined && given.permits.length === 0 && (
        <Notice kind="warn" title={say('claims.file-unpermitted')} />
      )}
      {given !== undefined &&
        made === undefined &&
        given.permits.length > 0 &&
        message !== undefined && (
          <SignStep
            session={session}
            wanted={[given.prepared, given.permits]}
            others={{
              to: [message.insurer],
              about: [message.terms.payee],
              charts: [message.terms.handle],
            }}
            label={say('common.next')}
            sign={say('claims.sign-claim')}
            kind="main"
            words={[
              say('claims.you-claim', {
                who: nameOf(message.insurer),
                amount: amount(message.amount),
                total: amount(message.total),
              }),
              say('claims.you-claim-to', { payee: nameOf(message.terms.payee) }),
              ...(message.authorisation === ZERO32
                ? []
                : [say('claims.you-use-up', { digest: message.authorisation })]),
              ...(message.follows === ZERO32
                ? []
                : [say('claims.you-follow', { digest: message.follows })]),
              say('claims.you-rest', { count: message.terms.records.length }),
              say('claims.ledger'),
            ]}
            run={async (reviewed) => {
              const { digest } = await submit(party, reviewed);
              go(`/claims/${digest}`);
            }}
          />
        )}
    </section>
  );
}
