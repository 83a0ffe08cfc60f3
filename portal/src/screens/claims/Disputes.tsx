import { useState, type ReactNode } from 'react';
import {
  confirmClaim,
  drawnFor,
  examineDispute,
  judgeClaim,
  type ClaimEvidence,
  type DisputeExamined,
  type Party,
  claimsTold,
  disputesTold,
} from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import type { ClaimFacts } from '../../../../src/protocol/care/claims.ts';
import { claimTermsOf } from '../../../../src/protocol/care/claimTermsOf.ts';
import { isPendingClaim } from '../../../../src/protocol/care/isPendingClaim.ts';
import type { Address, Bytes32 } from '../../../../src/protocol/ids.ts';
import { logOf } from '../../../../src/protocol/network/networkLookups.ts';
import { agentsHere } from '../../session/agentsHere.ts';
import { collectNews } from '../../session/people.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import type { NameOf } from '../../session/useNames.ts';
import { useRun } from '../../session/useRun.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import { Desk } from '../../desk/Desk.tsx';
import type { DecisionProps, DeskFound, DeskItem, DeskKind } from '../../desk/DeskKind.ts';
import type { ScreenProps } from '../ScreenProps.ts';
import { SignStep } from './SignStep.tsx';
import { useAmount } from './useAmount.ts';
import { useClaimInWords } from './useClaimInWords.ts';

const judge = afterReview(judgeClaim);

/** A dispute for which the person was drawn, with the claim as the ledger has it; it waits until the person judged it. */
interface Dispute extends DeskItem {
  readonly digest: Bytes32;
  readonly by: Address;
  readonly reason: string;
  readonly evidence: ClaimEvidence;
  readonly facts: ClaimFacts;
}

/** The desk of a verifier: disputes for which it was drawn. */
const DISPUTES: DeskKind<Dispute, DeskFound<Dispute>> = {
  title: 'claims.title-verifier',
  lead: 'claims.lead-verifier',
  reading: 'claims.reading',
  waiting: 'desk.waits-for-you',
  none: 'claims.none-to-judge',
  others: 'claims.other-disputes',
  read: async ({ party }) => ({ items: await disputesOf(party) }),
  partiesOf: ({ by, evidence: { message } }) => [by, message.terms.claimant, message.insurer],
  useLines(session, nameOf) {
    const { say } = useWords();
    const amount = useAmount();
    const inWords = useClaimInWords(session, nameOf);
    return ({ digest, by, reason, facts, evidence: { message } }) => ({
      title: say('claims.between', {
        amount: amount(facts.amount),
        claimant: nameOf(message.terms.claimant),
        insurer: nameOf(message.insurer),
      }),
      lines: [
        ...inWords({ digest, message, facts, told: [] }),
        say('claims.disputes', { who: nameOf(by), reason: visibleText(reason) }),
      ],
    });
  },
  Detail: OneDispute,
};

/** The disputes that a verifier is to judge: it recomputes the evidence, sees what it found, and signs that. */
export function Disputes({ session }: ScreenProps): ReactNode {
  return <Desk session={session} kind={DISPUTES} />;
}

function OneDispute({
  session,
  item,
  found,
  nameOf,
  renderFrame,
  onDone,
}: DecisionProps<Dispute, DeskFound<Dispute>>): ReactNode {
  const words = DISPUTES.useLines(session, nameOf)(item, found);
  return renderFrame({
    ...words,
    children: (
      <Judge
        key={item.facts.round}
        session={session}
        dispute={item}
        nameOf={nameOf}
        onDone={onDone}
      />
    ),
  });
}

interface JudgeProps {
  readonly session: Session;
  readonly dispute: Dispute;
  readonly nameOf: NameOf;
  readonly onDone: (said: string) => void;
}

/** Recomputes the evidence of one dispute, and signs what was found. */
function Judge({ session, dispute, nameOf, onDone }: JudgeProps): ReactNode {
  const { say } = useWords();
  const { party, place } = session;
  const { digest, evidence, isWaiting } = dispute;
  const agentOf = agentsHere(place);
  const [examined, setExamined] = useState<DisputeExamined>();
  const examining = useRun();
  const claimant = nameOf(evidence.message.terms.claimant);
  const found = examined && logOf(party.network, examined.log).log.organisation;
  // A payment is not to be reversed for what one copy lacks before the log's organisation was asked.
  const isFromHere = examined?.safe === false && found !== undefined && !agentOf(found);
  return (
    <>
      {examined !== undefined && (
        <Notice
          kind={examined.safe ? 'good' : 'bad'}
          title={say(examined.safe ? 'claims.safe' : 'claims.not-safe')}
        >
          <p>{say('claims.found', { log: examined.log, block: examined.block })}</p>
          <p>{visibleText(examined.reason)}</p>
          {isFromHere && <p>{say('claims.found-here', { organisation: found })}</p>}
        </Notice>
      )}
      {isWaiting && examined === undefined && (
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
      <Awaiting on={examining} what={say('claims.examining')} />
      {isWaiting && examined !== undefined && (
        <SignStep
          session={session}
          wanted={[digest, examined]}
          others={{ about: [evidence.message.terms.claimant, evidence.message.insurer] }}
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
            const { examined: signed } = await judge(party, reviewed);
            onDone(
              `${say(signed.safe ? 'claims.safe' : 'claims.not-safe')}: ${say('claims.judged')}`,
            );
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
    const isWaiting = facts.state === 'drawn' && !facts.judged.includes(party.address);
    const { due } = facts;
    const since = isPendingClaim(facts) ? due - claimTermsOf(party.network).term : undefined;
    const { reason } = message.terms;
    disputes.push({ key: digest, digest, by, reason, evidence, facts, isWaiting, since, due });
  }
  return disputes;
}
