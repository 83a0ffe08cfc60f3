import { useState, type ReactNode } from 'react';
import { useParams } from 'wouter';
import {
  listClaims,
  parseBill,
  prepareClaim,
  recordsForClaim,
  submitClaim,
  type ClaimPrepared,
  type NewClaim,
  type Party,
} from '../../../../src/client/index.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import { readPeople } from '../../session/people.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useDraft } from '../../session/useDraft.ts';
import { useGoHere } from '../../session/useGoHere.ts';
import { useRun } from '../../session/useRun.ts';
import { useSteps } from '../../session/useSteps.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { Page } from '../../ui/Page.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { useWords } from '../../words/useWords.tsx';
import { useRightOnBanner } from '../patient/rightOnBanner.ts';
import { usePatientNames } from '../patients/usePatientNames.ts';
import type { ScreenProps } from '../ScreenProps.ts';
import { chartOfClaim } from './chartOfClaim.ts';
import { ClaimBill } from './ClaimBill.tsx';
import { NOTHING_TYPED, readClaimTyped, type ClaimGround } from './claimTyped.ts';
import { ClaimWho } from './ClaimWho.tsx';
import { FurtherRecords } from './FurtherRecords.tsx';
import { PreparedClaim } from './PreparedClaim.tsx';
import { RefusedClaim } from './RefusedClaim.tsx';
import { useClaimSaid } from './useClaimSaid.ts';

const submit = afterReview(async (party: Party, wanted: NewClaim, bill?: File) => {
  return await submitClaim(party, await withBill(wanted, bill));
});
/** For another's chart the claim becomes a file, which the patient permits before it reaches the ledger. */
const prepare = afterReview(async (party: Party, wanted: NewClaim, bill?: File) => {
  return await prepareClaim(party, await withBill(wanted, bill));
});

/**
 * Makes a claim in three steps: who pays for what; the bill; and exactly the records that the insurer may then read, with the words that
 * are signed. A patient’s own is made at once; of another’s chart it becomes a file, which the patient permits.
 */
export function MakeClaim({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const patientName = usePatientNames();
  const { party } = session;
  const { handle: given } = useParams<{ handle?: Handle }>();
  const isOwn = given === undefined;
  const handle = given ?? session.handle ?? '0x';
  const found = useTask(async () => {
    const chart = await chartOfClaim(session, handle);
    const [people, { claims }] = [await readPeople(party), await listClaims(party)];
    const patient = people.find((each) => each.handle === handle)?.address;
    const records = recordsForClaim(chart.records, isOwn ? party.address : patient);
    return { people, ground: { ...records, handle, isOwn, chart, claims } };
  }, [session, handle]);
  useRightOnBanner(found.state === 'done' ? found.value.ground.chart : undefined);
  if (found.state !== 'done') return <Awaiting on={found} what={say('claims.preparing')} />;
  const { people, ground } = found.value;
  return (
    <ClaimSteps
      key={handle}
      session={session}
      ground={ground}
      patient={patientName(people, handle)}
    />
  );
}

/** Steps in which a claim is made. */
const STEPS = ['who', 'bill', 'records'] as const;

function ClaimSteps({
  session,
  ground,
  patient,
}: {
  readonly session: Session;
  readonly ground: ClaimGround;
  readonly patient: string;
}): ReactNode {
  const { say } = useWords();
  const go = useGoHere();
  const { party } = session;
  const { handle, isOwn } = ground;
  const draft = useDraft(session, `claim/${handle}`, NOTHING_TYPED);
  const { change, value: typed } = draft;
  const { step, ...steps } = useSteps<(typeof STEPS)[number]>('who');
  const [billFile, setBillFile] = useState<File>();
  const [tried, setTried] = useState<typeof step>();
  const [prepared, setPrepared] = useState<ClaimPrepared>();
  const signing = useRun();
  const read = readClaimTyped(party, ground, typed, billFile !== undefined);
  const words = useClaimSaid(session, { ground, typed, read, patient });
  if (prepared !== undefined) {
    return <PreparedClaim {...{ prepared, patient }} onSaved={() => void draft.drop()} />;
  }
  const { who, wanted, missing, basis } = read;
  // An earlier step may lack something by now, such as a file that no draft keeps.
  const at = signing.busy ? 'records' : (missing.find((each) => !isBefore(step, each)) ?? step);
  const fields = { session, ground, typed, read, change, tried: tried === at };
  const next = (): void => {
    const isMissing = missing.some((each) => each === at);
    setTried(isMissing ? at : undefined);
    if (!isMissing) steps.go(at === 'who' ? 'bill' : 'records');
  };
  return (
    <Page
      title={isOwn ? say('claims.new') : say('claims.new-for', { patient })}
      lead={say(`claims.step-${at}`)}
    >
      <KeptDraft draft={draft} hasFile={basis?.needsBill === true} />
      {at === 'who' && <ClaimWho {...fields} />}
      {at === 'bill' && (
        <ClaimBill {...fields} {...{ patient, billFile }} onBillFile={setBillFile} />
      )}
      {at !== 'records' ? (
        <p className="row">
          <Button kind="main" onClick={next}>
            {say('common.next')}
          </Button>
          {at === 'bill' && <Button onClick={steps.back}>{say('common.back')}</Button>}
        </p>
      ) : (
        <>
          <FurtherRecords {...fields} busy={signing.busy} />
          <SignSheet
            session={session}
            wanted={wanted && [wanted, basis?.needsBill === true ? billFile : undefined]}
            others={{ to: who ? [who.address] : [], charts: [handle] }}
            signing={signing}
            act={say(isOwn ? 'claims.sign-claim' : 'claims.sign-prepare')}
            waits={say('claims.changing')}
            Refused={RefusedClaim}
            onBack={steps.back}
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
          >
            {words.map((each, place) => (
              <p key={place}>{each}</p>
            ))}
          </SignSheet>
        </>
      )}
    </Page>
  );
}

function isBefore(step: (typeof STEPS)[number], other: (typeof STEPS)[number]): boolean {
  return STEPS.indexOf(step) < STEPS.indexOf(other);
}

async function withBill(wanted: NewClaim, bill: File | undefined): Promise<NewClaim> {
  return bill === undefined ? wanted : { ...wanted, bill: parseBill(await bill.text(), bill.name) };
}
