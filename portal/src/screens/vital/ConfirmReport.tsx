import { useState, type ReactNode } from 'react';
import { confirmVital } from '../../../../src/client/index.ts';
import { messageShape, signedShape } from '../../../../src/protocol/shapes/messageShape.ts';
import { parseJsonOf } from '../../../../src/protocol/wire/parseJsonOf.ts';
import { digestOf } from '../../../../src/protocol/struct/signing.ts';
import type { VitalFacts } from '../../../../src/protocol/care/vitalRecords.ts';
import type { Vital } from '../../../../src/protocol/struct/vitalTypes.ts';
import { readPeople } from '../../session/people.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { Notice } from '../../ui/Notice.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { useWords } from '../../words/useWords.tsx';
import { TakeHanded } from '../prescriptions/TakeHanded.tsx';
import { VitalFailure } from './VitalFailure.tsx';

const confirm = afterReview(confirmVital);
const DEATH = messageShape('Death');
const BIRTH = { birth: messageShape('Birth'), 'link?': signedShape('BirthLink') } as const;

type Report = Parameters<typeof confirmVital>[1];

/** Properties of `ConfirmReport`. */
export interface ConfirmReportProps {
  readonly session: Session;
  readonly what: Vital;
  /** The report as the ledger has it. */
  readonly facts: VitalFacts;
  readonly onDone: () => void;
}

/** Confirms a birth or a death, once its report was read here: what is signed is what is shown. */
export function ConfirmReport({ session, what, facts, onDone }: ConfirmReportProps): ReactNode {
  const { say } = useWords();
  const [report, setReport] = useState<Report>();
  const says = {
    file: say('vital.report-file'),
    read: say('vital.report-read'),
    unfit: say('vital.report-unfit'),
  };
  return (
    <>
      <p>{say(`vital.confirm-${what}-means`)}</p>
      {what === 'death' ? (
        <TakeHanded
          session={session}
          parse={(text, refuse) => parseJsonOf(DEATH, text, refuse)}
          says={says}
          onTaken={(death) => setReport(death && { death })}
        />
      ) : (
        <TakeHanded
          session={session}
          parse={(text, refuse) => parseJsonOf(BIRTH, text, refuse)}
          says={says}
          onTaken={setReport}
        />
      )}
      {report !== undefined && <Read {...{ session, facts, report, onDone }} />}
    </>
  );
}

function Read({
  session,
  facts,
  report,
  onDone,
}: Omit<ConfirmReportProps, 'what'> & { readonly report: Report }): ReactNode {
  const { say, moment } = useWords();
  const { party } = session;
  const what = 'birth' in report ? 'birth' : 'death';
  const { handle, reporter, terms } = 'birth' in report ? report.birth : report.death;
  const link = 'birth' in report ? report.link : undefined;
  const nameOf = useNames(session, link === undefined ? [] : [link.party]);
  const people = useTask(async () => await readPeople(party), [party]);
  const known = people.state === 'done' ? people.value : [];
  const who = known.find((each) => each.handle === handle)?.name ?? `${handle.slice(0, 10)}…`;
  const digest =
    'birth' in report
      ? digestOf(party, 'Birth', report.birth)
      : digestOf(party, 'Death', report.death);
  if (digest !== facts.report) return <Notice kind="bad" title={say('vital.report-unfit')} />;
  return (
    <SignSheet
      session={session}
      wanted={[report]}
      others={{ charts: [handle], about: link === undefined ? [reporter] : [reporter, link.party] }}
      isDanger
      act={say(`vital.confirm-${what}`)}
      waits={say('vital.waiting')}
      Refused={VitalFailure}
      run={async (reviewed) => {
        await confirm(party, reviewed);
        onDone();
      }}
    >
      <p>
        {'death' in report
          ? say('vital.report-died', { who, when: moment(report.death.terms.at) })
          : say('vital.report-born', { who })}
      </p>
      {link !== undefined && <p>{say('vital.report-mother', { who: nameOf(link.party) })}</p>}
      <p>{say('vital.report-content', { content: terms.content })}</p>
    </SignSheet>
  );
}
