import { useState, type ReactNode } from 'react';
import {
  confirmClaim,
  drawnFor,
  examineDispute,
  judgeClaim,
  type ClaimEvidence,
  type ClaimExamined,
  type DisputeExamined,
  type Party,
  claimsTold,
  disputesTold,
} from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import type { ClaimFacts } from '../../../../src/protocol/care/claims.ts';
import type { Address, Bytes32 } from '../../../../src/protocol/ids.ts';
import { logOf } from '../../../../src/protocol/network/networkLookups.ts';
import { agentsHere } from '../../session/agentsHere.ts';
import { collectNews } from '../../session/people.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useNames, type NameOf } from '../../session/useNames.ts';
import { useRun } from '../../session/useRun.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Pending } from '../../ui/Pending.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { SignStep } from './SignStep.tsx';
import { useAmount } from './useAmount.ts';
import { useClaimInWords } from './useClaimInWords.ts';

const judge = afterReview(judgeClaim);

/** A dispute for which the person was drawn, with the claim as the ledger has it. */
interface Dispute {
  readonly digest: Bytes32;
  readonly by: Address;
  readonly reason: string;
  readonly evidence: ClaimEvidence;
  readonly facts: ClaimFacts;
  /** True if the person is one of those drawn, and has not judged. */
  readonly isMine: boolean;
}

/** The disputes that a verifier is to judge: it recomputes the evidence, sees what it found, and signs that. */
export function Disputes({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const amount = useAmount();
  const { party } = session;
  const found = useTask(async () => await disputesOf(party), [party]);
  const disputes = found.state === 'done' ? found.value : [];
  const nameOf = useNames(
    session,
    disputes.flatMap(({ evidence: { message } }) => [message.terms.claimant, message.insurer]),
  );
  const inWords = useClaimInWords(session, nameOf);
  return (
    <Page title={say('claims.title-verifier')} lead={say('claims.lead-verifier')}>
      <p className="row">
        <Button onClick={found.again}>{say('common.refresh')}</Button>
      </p>
      {found.state === 'working' && <Pending what={say('claims.reading')} />}
      {found.state === 'failed' && <Failure error={found.error} again={found.again} />}
      {found.state === 'done' && disputes.length === 0 && <p>{say('claims.none')}</p>}
      <ul className="cards">
        {disputes.toReversed().map((dispute) => {
          const { digest, facts, evidence, by, reason } = dispute;
          const { message } = evidence;
          return (
            <li key={digest} className="card">
              <strong>
                {say('claims.between', {
                  amount: amount(facts.amount),
                  claimant: nameOf(message.terms.claimant),
                  insurer: nameOf(message.insurer),
                })}
              </strong>
              {inWords({ digest, message, facts, told: [] }).map((line) => (
                <span key={line}>{line}</span>
              ))}
              <span>
                {say('claims.disputes', { who: nameOf(by), reason: visibleText(reason) })}
              </span>
              <Judge
                key={dispute.facts.round}
                session={session}
                dispute={dispute}
                nameOf={nameOf}
                onDone={found.again}
              />
            </li>
          );
        })}
      </ul>
    </Page>
  );
}

interface JudgeProps {
  readonly session: Session;
  readonly dispute: Dispute;
  readonly nameOf: NameOf;
  readonly onDone: () => void;
}

/** Recomputes the evidence of one dispute, and signs what was found. */
function Judge({ session, dispute, nameOf, onDone }: JudgeProps): ReactNode {
  const { say } = useWords();
  const { party, place } = session;
  const { digest, evidence, isMine } = dispute;
  const agentOf = agentsHere(place);
  const [examined, setExamined] = useState<DisputeExamined>();
  const [signed, setSigned] = useState<ClaimExamined>();
  const examining = useRun();
  const shown = signed ?? examined;
  const claimant = nameOf(evidence.message.terms.claimant);
  const found = shown && logOf(party.network, shown.log).log.organisation;
  // A payment is not to be reversed for what one copy lacks before the log's organisation was asked.
  const isFromHere = shown?.safe === false && found !== undefined && !agentOf(found);
  return (
    <>
      {shown !== undefined && (
        <Notice
          kind={shown.safe ? 'good' : 'bad'}
          title={say(shown.safe ? 'claims.safe' : 'claims.not-safe')}
        >
          <p>{say('claims.found', { log: shown.log, block: shown.block })}</p>
          <p>{visibleText(shown.reason)}</p>
          {isFromHere && <p>{say('claims.found-here', { organisation: found })}</p>}
        </Notice>
      )}
      {signed !== undefined && <p>{say('claims.judged')}</p>}
      {isMine && examined === undefined && (
        <Button
          kind="main"
          busy={examining.busy}
          onClick={() =>
            examining.start(async () =>
              setExamined(await examineDispute(party, digest, { agentOf })),
            )
          }
        >
          {say('claims.examine')}
        </Button>
      )}
      {examining.busy && <Pending what={say('claims.examining')} />}
      {examining.error !== undefined && <Failure error={examining.error} />}
      {isMine && examined !== undefined && (
        <SignStep
          session={session}
          wanted={[digest, examined]}
          label={say('common.next')}
          sign={say(examined.safe ? 'claims.sign-safe' : 'claims.sign-not-safe')}
          kind="main"
          words={[
            say(examined.safe ? 'claims.you-safe' : 'claims.you-not-safe', { claimant }),
            say('claims.found', { log: examined.log, block: examined.block }),
            visibleText(examined.reason),
            say('claims.one-of', { drawn: examined.drawn }),
            say('claims.signed-as-shown'),
          ]}
          run={async (reviewed) => {
            const judged = await judge(party, reviewed);
            setSigned(judged.examined);
            onDone();
          }}
        />
      )}
    </>
  );
}

async function disputesOf(party: Party): Promise<readonly Dispute[]> {
  await collectNews(party);
  const disputes: Dispute[] = [];
  for (const digest of new Set((await claimsTold(party)).map(({ claim }) => claim))) {
    const told = await disputesTold(party, digest);
    if (told.length === 0) continue;
    const facts = await confirmClaim(party, digest);
    // Anybody can write to a verifier: what is judged is the dispute that the ledger has.
    const dispute = told.findLast(({ message }) => facts.disputant === message.party);
    if (dispute === undefined) continue;
    const { from: by, message, evidence } = dispute;
    const drawn = await drawnFor(party, evidence.message, facts);
    if (!drawn.includes(party.address)) continue;
    const isMine = facts.state === 'drawn' && !facts.judged.includes(party.address);
    disputes.push({ digest, by, reason: message.terms.reason, evidence, facts, isMine });
  }
  return disputes;
}
