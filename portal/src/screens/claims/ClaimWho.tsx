import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Session } from '../../session/Session.ts';
import { Notice } from '../../ui/Notice.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ChoosePerson } from './ChoosePerson.tsx';
import { NOT_BEGUN, type ClaimGround, type ClaimTypedRead, type ClaimTyped } from './claimTyped.ts';
import { useAmount } from './useAmount.ts';
import { useRecordInWords } from './useRecordInWords.ts';

/** Properties of a step in which a claim is typed. */
export interface ClaimStepProps {
  readonly session: Session;
  readonly ground: ClaimGround;
  readonly typed: ClaimTyped;
  readonly read: ClaimTypedRead;
  readonly change: (changed: Partial<ClaimTyped>) => void;
  /** True once somebody asked to go on. */
  readonly tried: boolean;
}

/** The first step of a claim: who is to pay, for which treatment, by which policy. */
export function ClaimWho({
  session,
  ground,
  typed,
  read,
  change,
  tried,
}: ClaimStepProps): ReactNode {
  const { say } = useWords();
  const amountSaid = useAmount();
  const { handle, isOwn, treatments, policies } = ground;
  const inWords = useRecordInWords(session, handle);
  const { who, treatment, isAhead, coverage, basis } = read;
  return (
    <>
      <ChoosePerson
        session={session}
        legend={say('claims.insurer')}
        inRole="insurer"
        chosen={who}
        onChange={(person) =>
          change({ insurer: person ?? { address: '', name: '', organisation: '' } })
        }
        tried={tried}
      />
      {isOwn && (
        <p>
          {say('claims.open-first')} <Link href="/records">{say('records.menu')}</Link>
        </p>
      )}
      <SelectField
        label={say('claims.treatment')}
        choices={[
          { value: '', label: say('claims.choose') },
          ...treatments.map((record) => ({ value: record.record, label: inWords(record) })),
          { value: NOT_BEGUN, label: say('claims.treatment-ahead') },
        ]}
        value={typed.treated}
        onChange={(value) => change({ treated: value })}
      />
      {tried && treatment === undefined && !isAhead && (
        <p className="error">{say('enter.fill-in')}</p>
      )}
      {basis?.before !== undefined && (
        <Notice
          kind="warn"
          title={say('claims.before', {
            paid: amountSaid(basis.approved),
            total: amountSaid(basis.before.message.total),
          })}
        />
      )}
      {policies.length === 0 ? (
        <Notice kind="warn" title={say('claims.no-policy')}>
          <p>
            <Link href={isOwn ? '/add' : `/patients/${handle}/add`}>{say('records.add')}</Link>
          </p>
        </Notice>
      ) : (
        <SelectField
          label={say('claims.policy')}
          choices={policies.map((record) => ({ value: record.record, label: inWords(record) }))}
          value={coverage?.record ?? ''}
          onChange={(value) => change({ policy: value })}
        />
      )}
    </>
  );
}
