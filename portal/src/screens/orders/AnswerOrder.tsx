import type { Bundle } from '@medplum/fhirtypes';
import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import {
  answerOrder,
  nameOfContent,
  type ChartRecord,
  type OrderPlace,
  type OrderRead,
  type Party,
  type RecordSeen,
} from '../../../../src/client/index.ts';
import { utf8ToBytes } from '../../../../src/crypto/bytes.ts';
import type { FormFieldName, FormValues } from '../../../../src/fhir/forms/FormField.ts';
import {
  MOST_RESULTS,
  readReport,
  REPORT_FIELDS,
  RESULT_FIELDS,
} from '../../../../src/fhir/forms/reportForm.ts';
import { writeFhirJson } from '../../../../src/fhir/writeFhirJson.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { describeResource } from '../../fhir/describeResource.ts';
import { fhirValidator } from '../../fhir/fhirValidator.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import type { NameOf } from '../../session/useNames.ts';
import { useDraft } from '../../session/useDraft.ts';
import { Button } from '../../ui/Button.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { useWords } from '../../words/useWords.tsx';
import { FormFields } from '../forms/FormFields.tsx';
import { localMinute } from '../forms/localMinute.ts';
import { emptyReport, fieldsOf, signedOf, valuesOf } from './reportDraft.ts';
import { ReportSigned } from './ReportSigned.tsx';
import { UnreadRecords } from './UnreadRecords.tsx';
import fieldLook from '../../ui/Field.module.css';

/** A report as it is signed. */
interface ReportToSign extends OrderPlace {
  readonly bundle: Bundle;
  readonly unread: readonly RecordSeen[];
}

const answer = afterReview(async (party: Party, toSign: ReportToSign) => {
  const { bundle, handle, record, unread } = toSign;
  const valid = fhirValidator().validateBundle(bundle);
  // The same words signed again after a failure are the same report.
  const once = await nameOfContent(
    party,
    handle,
    [utf8ToBytes(writeFhirJson(bundle))],
    `report/${record}`,
  );
  return await answerOrder(party, { handle, record, bundle: valid, once, unread });
});

/** Properties of `AnswerOrder`. */
export interface AnswerOrderProps {
  readonly session: Session;
  readonly order: OrderRead;
  /** Records of this laboratory that may be its report, and cannot be read now. */
  readonly unread: readonly ChartRecord[];
  readonly patient: string;
  readonly nameOf: NameOf;
  /** Called with the reason for which whoever ordered could not be told. */
  readonly onAnswered: (untold: unknown) => void;
}

/** The report of an order: its results, the words that are signed, and the button that puts it on the chart. */
export function AnswerOrder(props: AnswerOrderProps): ReactNode {
  const { session, order, unread, patient, nameOf, onAnswered } = props;
  const { party } = session;
  const { handle, record, request, orderer } = order;
  const words = useWords();
  const { say } = words;
  const ordered = sayFhir(describeResource(request).title, words);
  const draft = useDraft(session, `report/${record}`, emptyReport(ordered));
  const { report, results } = valuesOf(draft.value);
  const [tries, setTries] = useState(0);
  const element = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    if (tries > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tries]);
  // Whoever adds a result types into it next, and whoever removes one goes on in the one before.
  const goTo = useRef<number>(undefined);
  useLayoutEffect(() => {
    if (goTo.current === undefined) return;
    const row = element.current?.querySelectorAll(':scope > fieldset')[goTo.current];
    row?.querySelector('input')?.focus();
    goTo.current = undefined;
  }, [results.length]);
  const at = seconds(party.clock);
  const taken = report.taken === '' ? localMinute(at * 1000) : (report.taken ?? '');
  const signed = signedOf({ ...draft.value, taken });
  const read = readReport(signed, { handle, author: party.address, at, order });
  const named = unread.map(({ record: each, version }) => ({ record: each, version }));
  const faults = tries > 0 ? read.faults : [];
  const change = (name: FormFieldName, text: string): void =>
    draft.change({ [name]: text, ...(name !== 'taken' && { taken }) });
  const changeResults = (next: readonly FormValues[]): void =>
    draft.change({ fields: fieldsOf(next), taken });
  const addResult = (): void => {
    goTo.current = results.length;
    changeResults([...results, {}]);
  };
  const removeResult = (place: number): void => {
    goTo.current = Math.max(0, place - 1);
    changeResults(results.filter((_, at) => at !== place));
  };
  return (
    <form ref={element} noValidate onSubmit={(event) => event.preventDefault()}>
      <h2>{say('orders.answer')}</h2>
      <KeptDraft draft={draft} />
      <div className={fieldLook['fields']}>
        <FormFields
          fields={REPORT_FIELDS}
          values={{ ...report, taken }}
          faults={faults.filter(({ result }) => result === undefined)}
          onChange={change}
        />
      </div>
      {results.map((values, place) => (
        <fieldset key={place}>
          <legend>{say('orders.result', { number: place + 1 })}</legend>
          <div className={fieldLook['fields']}>
            <FormFields
              fields={RESULT_FIELDS}
              values={values}
              faults={faults.filter(({ result }) => result === place)}
              onChange={(name, text) =>
                changeResults(
                  results.map((each, at) => (at === place ? { ...each, [name]: text } : each)),
                )
              }
            />
          </div>
          {results.length > 1 && (
            <Button onClick={() => removeResult(place)}>
              {say('orders.remove-result', { number: place + 1 })}
            </Button>
          )}
        </fieldset>
      ))}
      {results.length < MOST_RESULTS && (
        <p className="row">
          <Button onClick={addResult}>{say('orders.add-result')}</Button>
        </p>
      )}
      <SignSheet
        session={session}
        level={3}
        wanted={read.bundle && [{ handle, record, bundle: read.bundle, unread: named }]}
        others={{ about: [orderer], charts: [handle] }}
        isDanger={unread.length > 0}
        act={say('orders.answer-sign', { patient })}
        waits={say('orders.answering')}
        onMissing={() => setTries(tries + 1)}
        run={async (reviewed) => {
          const { untold } = await answer(party, reviewed);
          await draft.drop(draft.value);
          setTries(0);
          onAnswered(untold);
        }}
      >
        {read.bundle !== undefined && <ReportSigned bundle={read.bundle} />}
        {unread.length > 0 && (
          <Notice kind="warn" title={say('orders.answers-unread', { count: unread.length })}>
            <UnreadRecords unread={unread} nameOf={nameOf} />
          </Notice>
        )}
        <p>{say('orders.answer-signs', { who: nameOf(orderer) })}</p>
      </SignSheet>
    </form>
  );
}
