import { useState, type ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import {
  claimBasis,
  formatClaimFile,
  listClaims,
  parseBill,
  prepareClaim,
  recordsForClaim,
  submitClaim,
  type ClaimPrepared,
  type NewClaim,
  type Party,
} from '../../../../src/client/index.ts';
import type { Handle, RecordId } from '../../../../src/protocol/ids.ts';
import { readPeople } from '../../session/people.ts';
import type { PersonInRole } from '../../session/peopleInRole.ts';
import { afterReview } from '../../session/Reviewed.ts';
import { useDraft } from '../../session/useDraft.ts';
import { useGoHere } from '../../session/useGoHere.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { FileField } from '../../ui/FileField.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { SelectField } from '../../ui/SelectField.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { usePatientNames } from '../patients/usePatientNames.ts';
import type { ScreenProps } from '../ScreenProps.ts';
import { BillLines, linesIn, type LineTyped } from './BillLines.tsx';
import { chartOfClaim } from './chartOfClaim.ts';
import { ChoosePerson } from './ChoosePerson.tsx';
import { endOfPermits } from './endOfPermits.ts';
import { SignBill } from './SignBill.tsx';
import { SignStep } from './SignStep.tsx';
import { unitsIn } from './unitsIn.ts';
import { useAmount } from './useAmount.ts';
import { useRecordInWords } from './useRecordInWords.ts';

const AHEAD = 'ahead';

/** Fields of a claim as they are typed and chosen; a text is empty until then. */
interface ClaimTyped {
  readonly insurer: { [Field in 'address' | 'name' | 'organisation']: PersonInRole[Field] | '' };
  readonly treated: RecordId | typeof AHEAD | '';
  readonly policy: RecordId | '';
  readonly further: readonly RecordId[];
  readonly typed: readonly LineTyped[];
  readonly currency: string;
  readonly less: string;
  readonly uses: readonly 'promise'[];
}

const NOBODY = { address: '', name: '', organisation: '' } as const;
const FIRST: ClaimTyped = {
  insurer: NOBODY,
  treated: '',
  policy: '',
  further: [],
  typed: [{ service: '', amount: '' }],
  currency: 'EUR',
  less: '',
  uses: ['promise'],
};

const submit = afterReview(async (party: Party, wanted: NewClaim, bill?: File) => {
  return await submitClaim(party, await withBill(wanted, bill));
});
/** For another's chart the claim becomes a file, which the patient permits before it reaches the ledger. */
const prepare = afterReview(async (party: Party, wanted: NewClaim, bill?: File) => {
  return await prepareClaim(party, await withBill(wanted, bill));
});

/**
 * Makes a claim: treatment, policy, bill, and exactly the records that the insurer may then read. A patient’s own is made at
 * once; of another’s chart it becomes a file, which the patient permits.
 */
export function MakeClaim({ session }: ScreenProps): ReactNode {
  const { say, day } = useWords();
  const amountSaid = useAmount();
  const go = useGoHere();
  const patientName = usePatientNames();
  const { party } = session;
  const { handle: given } = useParams<{ handle?: Handle }>();
  const isOwn = given === undefined;
  const handle = given ?? session.handle ?? '0x';
  const draft = useDraft(session, `claim/${handle}`, FIRST);
  const { insurer, treated, policy, further, typed, currency, less, uses } = draft.value;
  const { change } = draft;
  const who = insurer.address === '' ? undefined : (insurer as PersonInRole);
  const [billFile, setBillFile] = useState<File>();
  const [tried, setTried] = useState(false);
  const [prepared, setPrepared] = useState<ClaimPrepared>();
  const found = useTask(async () => {
    const chart = await chartOfClaim(session, handle);
    const [people, { claims }] = [await readPeople(party), await listClaims(party)];
    const patient = people.find((each) => each.handle === handle)?.address;
    const records = recordsForClaim(chart.records, isOwn ? party.address : patient);
    return { ...records, chart, people, claims };
  }, [session, handle]);
  const inWords = useRecordInWords(session, handle);
  if (found.state === 'working') return <Pending what={say('claims.preparing')} />;
  if (found.state === 'failed') return <Failure error={found.error} again={found.again} />;
  const { treatments, policies, others, people, claims, chart } = found.value;
  const patient = patientName(people, handle);
  const treatment = treatments.find(({ record }) => record === treated);
  const coverage = policies.find(({ record }) => record === policy) ?? policies[0];
  const lines = linesIn(typed);
  const total = (lines ?? []).reduce((sum, { units }) => sum + units, 0);
  const asked = less.trim() === '' ? total : unitsIn(less, total);
  const isCurrency = /^[A-Z]{3}$/.test(currency);
  const isAhead = treated === AHEAD;
  const first = chart.records.find((each) => each.record === treated && each.version === 1);
  const basis = first && claimBasis(party, claims, { first, insurer: who?.address });
  const {
    before,
    approved: paidBefore = 0,
    needsBill = false,
    authorisation: promised,
  } = basis ?? {};
  const rest = total - paidBefore;
  const shownBefore = before?.facts.total ?? total;
  const lower = isOwn && shownBefore < total ? shownBefore : undefined;
  const isTooMuch = asked === undefined || asked > rest;
  const used = uses.length > 0 ? promised : undefined;
  const shown = [
    ...(treatment ? [treatment] : []),
    ...others.filter(({ record }) => further.includes(record) && record !== treated),
    ...(coverage ? [coverage] : []),
  ];
  const isFit =
    who !== undefined &&
    coverage !== undefined &&
    (treatment !== undefined || isAhead) &&
    lines !== undefined &&
    asked !== undefined &&
    !isTooMuch &&
    isCurrency &&
    (!needsBill || billFile !== undefined);
  const wanted: NewClaim | undefined = isFit
    ? {
        handle,
        insurer: who.address,
        coverage: coverage.record,
        ...(treatment && { treatment: treatment.record }),
        records: shown.flatMap(({ record }) => (further.includes(record) ? [record] : [])),
        lines,
        currency,
        amount: asked,
        ...(before && { follows: before.digest }),
        ...(used && { authorisation: used.digest }),
        ...(chart.grant && { grant: chart.grant }),
        purpose: chart.purpose,
      }
    : undefined;
  const sums = {
    who: who?.name ?? '',
    patient,
    amount: amountSaid(asked ?? 0, currency),
    total: amountSaid(total, currency),
    until: day(endOfPermits(party)),
  };
  if (prepared !== undefined) {
    return (
      <Page title={say('claims.prepared')} lead={say('claims.prepared-next', { patient })}>
        <p className="row">
          <Button
            kind="main"
            onClick={() => {
              saveFile('claim.json', formatClaimFile(prepared), 'application/json');
              void draft.drop();
            }}
          >
            {say('claims.save')}
          </Button>
          <Link href="/claims" className="button plain">
            {say('claims.menu')}
          </Link>
        </p>
      </Page>
    );
  }
  const missing = (isMissing: boolean): ReactNode =>
    tried && isMissing && <p className="error">{say('enter.fill-in')}</p>;
  return (
    <Page
      title={isOwn ? say('claims.new') : say('claims.new-for', { patient })}
      lead={say('claims.new-lead')}
    >
      <KeptDraft draft={draft} hasFile={needsBill} />
      <ChoosePerson
        session={session}
        legend={say('claims.insurer')}
        inRole="insurer"
        chosen={who}
        onChange={(person) => change({ insurer: insurerOf(person) })}
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
          { value: AHEAD, label: say('claims.treatment-ahead') },
        ]}
        value={treated}
        onChange={(value) => change({ treated: value })}
      />
      {missing(treatment === undefined && !isAhead)}
      {before !== undefined && (
        <Notice
          kind="warn"
          title={say('claims.before', {
            paid: amountSaid(paidBefore),
            total: amountSaid(before.message.total),
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
      <BillLines lines={typed} onChange={(changed) => change({ typed: changed })} tried={tried} />
      <TextField
        label={say('claims.currency')}
        value={currency}
        maxLength={3}
        autoComplete="off"
        error={tried && !isCurrency ? say('claims.currency-wrong') : undefined}
        onChange={(text) => change({ currency: text.toUpperCase() })}
      />
      <TextField
        label={say('claims.less')}
        hint={say('claims.less-hint')}
        inputMode="decimal"
        value={less}
        error={
          tried && isTooMuch
            ? say('claims.amount-wrong', { most: amountSaid(Math.max(rest, 0)) })
            : undefined
        }
        onChange={(text) => change({ less: text })}
      />
      {needsBill && (
        <FileField
          label={say('claims.bill-file')}
          hint={say('claims.bill-file-hint')}
          file={billFile}
          onChange={setBillFile}
        />
      )}
      {missing(needsBill && billFile === undefined)}
      {treatment !== undefined && !needsBill && total > 0 && (
        <SignBill
          session={session}
          bill={{ ...chart, handle, treatment: treatment.record, total }}
          said={{ patient, total: sums.total, treatment: inWords(treatment) }}
        />
      )}
      {promised !== undefined && (
        <Choices
          legend={say('claims.promised')}
          choices={[
            {
              value: 'promise',
              label: say('claims.use-promise', { amount: amountSaid(promised.facts.approved) }),
            },
          ]}
          chosen={uses}
          onChange={(chosen) => change({ uses: chosen })}
        />
      )}
      {others.length > 0 && (
        <details className="aside">
          <summary>{say('claims.further')}</summary>
          <Choices
            legend={say('claims.further-records')}
            choices={others
              .filter(({ record }) => record !== treated)
              .map((record) => ({ value: record.record, label: inWords(record) }))}
            chosen={further}
            onChange={(chosen) => change({ further: chosen })}
          />
        </details>
      )}
      <SignStep
        session={session}
        wanted={wanted && [wanted, needsBill ? billFile : undefined]}
        label={say('common.next')}
        sign={say(isOwn ? 'claims.sign-claim' : 'claims.sign-prepare')}
        kind="main"
        words={
          isFit
            ? [
                say(isAhead ? 'claims.you-ask-ahead' : 'claims.you-claim', sums),
                ...(lower === undefined
                  ? []
                  : [say('claims.you-higher', { total: sums.total, lower: amountSaid(lower) })]),
                ...(used
                  ? [say('claims.you-use', { amount: amountSaid(used.facts.approved, currency) })]
                  : []),
                say(isOwn ? 'claims.may-read' : 'claims.is-to-read', sums),
                ...shown.map((each) => `• ${inWords(each)}`),
                `• ${say('claims.bill-and-claim')}`,
                say('claims.ledger'),
              ]
            : []
        }
        onTry={() => setTried(true)}
        run={async (reviewed) => {
          if (isOwn) {
            const { digest } = await submit(party, reviewed);
            await draft.drop(draft.value);
            go(`/claims/${digest}`);
          } else {
            // The draft stays until the file was saved.
            setPrepared(await prepare(party, reviewed));
          }
        }}
      />
    </Page>
  );
}

async function withBill(wanted: NewClaim, bill: File | undefined): Promise<NewClaim> {
  return bill === undefined ? wanted : { ...wanted, bill: parseBill(await bill.text(), bill.name) };
}

/** The fields of a person that a draft has. */
function insurerOf(person: PersonInRole | undefined): ClaimTyped['insurer'] {
  if (person === undefined) return NOBODY;
  const { address, name, organisation } = person;
  return { address, name, organisation };
}
