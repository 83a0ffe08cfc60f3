import type { ReactNode } from 'react';
import { signOffOrder, type ChartRecord, type OrderRead } from '../../../../src/client/index.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import type { NameOf } from '../../session/useNames.ts';
import { Chip } from '../../ui/Chip.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ReportWords } from './ReportWords.tsx';
import { UnreadRecords } from './UnreadRecords.tsx';

const signOff = afterReview(signOffOrder);

/** Properties of `SignOffResults`. */
export interface SignOffResultsProps {
  readonly session: Session;
  readonly order: OrderRead;
  /** Records that may be reports or results, that cannot be read now, and that no sign-off names. */
  readonly unread: readonly ChartRecord[];
  readonly patient: string;
  readonly nameOf: NameOf;
  readonly onSignedOff: () => void;
}

/**
 * The reports that whoever ordered signs off, once more above the button: those that are shown, in the version that is shown, with those
 * who wrote them, and what could not be read.
 */
export function SignOffResults(props: SignOffResultsProps): ReactNode {
  const { session, order, unread, patient, nameOf, onSignedOff } = props;
  const { say, moment } = useWords();
  const { handle, record, toSignOff, reports } = order;
  // Of reports that were signed off before, only what cannot be read is new.
  const seen = toSignOff.length > 0 ? toSignOff : reports;
  const authors = [...new Set(seen.map(({ author }) => author))];
  const named = unread.map(({ record: each, version }) => ({ record: each, version }));
  return (
    <SignSheet
      session={session}
      wanted={[{ handle, record, seen, unread: named }]}
      others={{ about: authors, charts: [handle] }}
      act={say('orders.sign-off', { patient })}
      isDanger={unread.length > 0}
      waits={say('orders.signing-off')}
      run={async (reviewed) => {
        await signOff(session.party, reviewed);
        onSignedOff();
      }}
    >
      {seen.map(({ record: each, version, author, at, critical, ...read }, place) => (
        <section key={`${each}/${version}/${place}`}>
          <h3>{say('orders.report-of', { who: nameOf(author), when: moment(at) })}</h3>
          {critical && (
            <p className="row">
              <Chip icon="triangle-alert" tone="danger">
                {say('orders.critical')}
              </Chip>
            </p>
          )}
          <ReportWords {...read} />
        </section>
      ))}
      {unread.length > 0 && (
        <Notice kind="warn" title={say('orders.signs-unread', { count: unread.length })}>
          <UnreadRecords unread={unread} nameOf={nameOf} />
        </Notice>
      )}
      <p>{say('orders.sign-off-says')}</p>
    </SignSheet>
  );
}
