import { useState, type ReactNode } from 'react';
import { suspensionFileOf } from '../../../src/client/index.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import type { SignedSuspension } from '../../../src/protocol/AgentPort.ts';
import type { PartyFacts } from '../../../src/protocol/evidence/facts.ts';
import type { SuspensionShown } from '../../../src/protocol/operator/OperatorPort.ts';
import { useRun } from '../session/useRun.ts';
import { useTask } from '../session/useTask.ts';
import { Button } from '../ui/Button.tsx';
import { DropFiles } from '../ui/DropFiles.tsx';
import { FactList } from '../ui/FactList.tsx';
import { Hash } from '../ui/Hash.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Page } from '../ui/Page.tsx';
import { saveFile } from '../ui/saveFile.ts';
import { Table } from '../ui/Table.tsx';
import { TextField } from '../ui/TextField.tsx';
import { Awaiting } from '../ui/Awaiting.tsx';
import { useWords, type Words } from '../words/useWords.tsx';
import type { OperateProps } from './OperateProps.ts';
import cardLook from '../ui/Card.module.css';

/** Suspends people and lets them return: members of the authority sign one after the other, and pass a file on. */
export function Suspensions({ operator, first }: OperateProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const [typed, setTyped] = useState('');
  const [find, setFind] = useState('');
  const listed = useTask(async () => await operator.parties(find), [operator, find]);
  const [round, setRound] = useState<SuspensionShown>();
  const working = useRun();
  const take = (ask: () => Promise<SuspensionShown>): void =>
    working.start(async () => {
      const next = await ask();
      setRound(next);
      if (next.placed !== undefined) listed.again();
    });
  const change = ({ party, suspended }: PartyFacts): void =>
    take(async () => await operator.draft({ party, suspended: !suspended }));
  const open = ([file]: readonly File[]): void => {
    if (file === undefined) return;
    take(async () => await operator.review(await suspensionIn(file, say('operate.file-bad'))));
  };
  return (
    <Page title={say('operate.suspensions')} lead={say('operate.suspensions-lead')}>
      <Awaiting on={working} what={say('operate.signing')} />
      {round !== undefined && (
        <Round
          round={round}
          members={first.organisations}
          busy={working.busy}
          onSign={(member) =>
            take(async () => await operator.sign({ member, signed: round.signed }))
          }
        />
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setFind(typed.trim());
        }}
      >
        <TextField
          label={say('operate.find')}
          value={typed}
          maxLength={66}
          pattern="[\w\-]*"
          autoCapitalize="none"
          spellCheck={false}
          onChange={setTyped}
        />
        <p className="row">
          <Button type="submit">{say('operate.find-now')}</Button>
        </p>
      </form>
      <Awaiting on={listed} what={say('operate.opening')} />
      {listed.state === 'done' && (
        <>
          {listed.value.parties.length === 0 ? (
            <p>{say('operate.none-found')}</p>
          ) : (
            <Table
              caption={say('operate.people')}
              columns={[
                say('operate.person'),
                say('operate.organisation'),
                say('operate.state'),
                say('operate.what'),
              ]}
              rows={listed.value.parties.map((facts) => ({
                key: facts.party,
                cells: [
                  <Hash key="hash" value={facts.party} />,
                  inWords(words, facts),
                  say(facts.suspended ? 'operate.suspended' : 'operate.active'),
                  <Button key="change" busy={working.busy} onClick={() => change(facts)}>
                    {say(facts.suspended ? 'operate.resume' : 'operate.suspend')}
                  </Button>,
                ],
              }))}
            />
          )}
          {listed.value.more > 0 && <p>{say('operate.more', { count: listed.value.more })}</p>}
        </>
      )}
      <DropFiles label={say('operate.from-file')} accept=".json" onFiles={open} />
    </Page>
  );
}

/** A suspension with those who signed it, exactly as the next member signs it. */
function Round({
  round: { signed, party, signedBy, missing, placed },
  members,
  busy,
  onSign,
}: {
  readonly round: SuspensionShown;
  readonly members: readonly string[];
  readonly busy: boolean;
  readonly onSign: (member: string) => void;
}): ReactNode {
  const words = useWords();
  const { say, moment, number } = words;
  const { message } = signed;
  const save = (): void => {
    const text = JSON.stringify(suspensionFileOf(signed), null, 2);
    saveFile(`suspension-${message.party.slice(2, 10)}.json`, text, 'application/json');
  };
  const role = words.sayIfKnown(`common.role-${party.role}`) ?? party.role;
  const what = { role, organisation: party.organisation };
  return (
    <section className={cardLook['card']}>
      <h2>{say(message.suspended ? 'operate.to-suspend' : 'operate.to-resume', what)}</h2>
      <Hash value={message.party} />
      <FactList
        facts={[
          [say('operate.until'), moment(message.deadline)],
          [
            say('operate.signed-by'),
            signedBy.length === 0 ? say('operate.nobody') : signedBy.join(', '),
          ],
        ]}
      />
      {placed !== undefined && (
        <Notice kind="good" title={say('operate.placed', { block: number(placed.block) })} />
      )}
      {placed === undefined && signedBy.length > 0 && (
        <>
          <Notice title={say('operate.missing', { count: missing })} />
          <Button onClick={save}>{say('operate.save')}</Button>
        </>
      )}
      {placed === undefined && (
        <p className="row">
          {members
            .filter((member) => !signedBy.includes(member))
            .map((member) => (
              <Button key={member} kind="danger" busy={busy} onClick={() => onSign(member)}>
                {say('operate.sign-as', { member })}
              </Button>
            ))}
        </p>
      )}
    </section>
  );
}

function inWords({ say, sayIfKnown }: Words, { role, organisation }: PartyFacts): string {
  return say('operate.applies', {
    role: sayIfKnown(`common.role-${role}`) ?? role,
    organisation,
  });
}

/** Reads a suspension from the file that members pass on; the node examines it. */
async function suspensionIn(file: File, reason: string): Promise<SignedSuspension> {
  const { message, signatures } = await file
    .text()
    .then((text) => Object(JSON.parse(text) as unknown) as Partial<SignedSuspension>)
    .catch((): Partial<SignedSuspension> => ({}));
  if (message === undefined || signatures === undefined) {
    throw new MedsealError('ARGUMENT_INVALID', { argument: file.name, reason });
  }
  return { message, signatures };
}
