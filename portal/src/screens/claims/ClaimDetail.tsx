import type { ReactNode } from 'react';
import { drawnFor } from '../../../../src/client/index.ts';
import type { Bytes32, Handle } from '../../../../src/protocol/ids.ts';
import { collectNews, readPeople } from '../../session/people.ts';
import type { Session } from '../../session/Session.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask } from '../../session/useTask.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import { usePatientNames } from '../patients/usePatientNames.ts';
import { ClaimActs } from './ClaimActs.tsx';
import { ClaimPapers } from './ClaimPapers.tsx';
import { openClaim } from './openClaim.ts';
import { useAmount } from './useAmount.ts';
import { useClaimInWords } from './useClaimInWords.ts';

/** Properties of what stands around a claim. */
export interface ClaimFrameProps {
  /** Chart of the patient. */
  readonly handle: Handle;
  readonly title: string;
  /** State and past of the claim, in sentences. */
  readonly lines: readonly string[];
  /** Reads the claim again. */
  readonly onRefresh: () => void;
  /** Papers and acts. */
  readonly children: ReactNode;
}

/** Properties of `ClaimDetail`. */
export interface ClaimDetailProps {
  readonly session: Session;
  /** Digest of the claim. */
  readonly claim: Bytes32;
  /** Draws heading and lines around papers and acts. */
  readonly renderFrame: (props: ClaimFrameProps) => ReactNode;
  /** Called once a step was taken; the claim is read again. */
  readonly onDone?: () => void;
}

/** A claim with its papers, and what the person can do about it now. */
export function ClaimDetail({ session, claim, renderFrame, onDone }: ClaimDetailProps): ReactNode {
  const { say } = useWords();
  const amount = useAmount();
  const patientName = usePatientNames();
  const { party } = session;
  const found = useTask(async () => {
    await collectNews(party);
    const opened = await openClaim(party, claim);
    const { message, facts } = opened.listed;
    const drawn = await drawnFor(party, message, facts);
    return { opened, drawn, people: await readPeople(party) };
  }, [party, claim]);
  const opened = found.state === 'done' ? found.value.opened : undefined;
  const { message } = opened?.listed ?? {};
  const drawn = found.state === 'done' ? found.value.drawn : [];
  const beside = opened?.read?.beside ?? [];
  const nameOf = useNames(
    session,
    message === undefined
      ? []
      : [
          message.insurer,
          message.terms.claimant,
          message.terms.payee,
          ...drawn,
          ...beside.map(({ facts: { insurer } }) => insurer),
        ],
  );
  const inWords = useClaimInWords(session, nameOf);
  if (found.state !== 'done') return <Awaiting on={found} what={say('claims.checking')} />;
  const { listed, read, fault } = found.value.opened;
  const patient = patientName(found.value.people, listed.message.terms.handle);
  const side = session.role === 'insurer' ? 'insurer' : session.handle ? 'patient' : 'claimant';
  const title = say('claims.of', {
    amount: amount(listed.facts.amount, read?.currency),
    insurer: nameOf(listed.message.insurer),
    patient,
    side,
  });
  const lines = [
    ...inWords(listed),
    ...drawn.map((verifier) => say('claims.drawn-who', { who: nameOf(verifier) })),
    ...beside.map(({ facts: { insurer, approved, total }, isLater }) =>
      say('claims.beside', {
        who: nameOf(insurer),
        later: isLater ? 'yes' : 'no',
        approved: amount(approved, read?.currency),
        total: amount(total, read?.currency),
      }),
    ),
  ];
  return renderFrame({
    handle: listed.message.terms.handle,
    title,
    lines,
    onRefresh: found.again,
    children: (
      <>
        {fault !== undefined && (
          <Notice
            kind={fault === 'altered' ? 'bad' : 'warn'}
            title={say(`claims.fault-${fault}`)}
          />
        )}
        {read !== undefined && <ClaimPapers party={party} read={read} />}
        <ClaimActs
          key={listed.facts.step}
          session={session}
          opened={found.value.opened}
          patient={patient}
          nameOf={nameOf}
          onDone={() => {
            found.again();
            onDone?.();
          }}
        />
      </>
    ),
  });
}
