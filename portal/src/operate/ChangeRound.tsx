import { useState, type ReactNode } from 'react';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import type { ChangeShown } from '../../../src/protocol/operator/OperatorPort.ts';
import type { Successor } from '../../../src/protocol/network/Successor.ts';
import { useRun } from '../session/useRun.ts';
import { Awaiting } from '../ui/Awaiting.tsx';
import { DropFiles } from '../ui/DropFiles.tsx';
import { Hash } from '../ui/Hash.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Table } from '../ui/Table.tsx';
import { useWords } from '../words/useWords.tsx';
import { AddedContracts } from './AddedContracts.tsx';
import { ChangedEngine } from './ChangedEngine.tsx';
import type { OperateProps } from './OperateProps.ts';

/** Opens the file of a change that goes round between organisations, and says who signed it and who has not. */
export function ChangeRound({ operator }: Pick<OperateProps, 'operator'>): ReactNode {
  const { say } = useWords();
  const [shown, setShown] = useState<ChangeShown>();
  const reading = useRun();
  const open = ([file]: readonly File[]): void =>
    reading.start(async () => {
      setShown(undefined);
      if (file === undefined) return;
      const successor = await changeIn(file, say('operate.change-bad'));
      setShown(await operator.change({ successor }));
    });
  return (
    <section>
      <h2>{say('operate.change-round')}</h2>
      <p>{say('operate.change-round-lead')}</p>
      <DropFiles label={say('operate.change-file')} accept=".json" onFiles={open} />
      <Awaiting on={reading} what={say('operate.opening')} />
      {shown !== undefined && <Signers shown={shown} />}
    </section>
  );
}

/** A change, and for each office that must sign it who has and who has not. */
function Signers({ shown }: { readonly shown: ChangeShown }): ReactNode {
  const { say, moment, number } = useWords();
  const { joins, leaves, adds, created, engine, admits, offices, complete } = shown;
  const replaced = offices.find(({ kind }) => kind === 'owner')?.of;
  // All others sign beside the organisation itself if its key is replaced, and without it if the key loses its power.
  const removed =
    replaced === undefined ? offices.find(({ kind }) => kind === 'others')?.of : undefined;
  return (
    <>
      <h3>{say('operate.change', { number: number(shown.number) })}</h3>
      <p>{say('operate.change-from', { from: moment(shown.from) })}</p>
      {joins.length > 0 && <p>{say('operate.change-joins', { names: joins.join(', ') })}</p>}
      {leaves.length > 0 && <p>{say('operate.change-leaves', { names: leaves.join(', ') })}</p>}
      <AddedContracts adds={adds} created={created} />
      <ChangedEngine engine={engine} admits={admits} />
      {replaced !== undefined && <p>{say('operate.change-replaces', { name: replaced })}</p>}
      {removed !== undefined && <p>{say('operate.change-removes', { name: removed })}</p>}
      <Hash value={shown.fingerprint} />
      <Notice
        kind={complete ? 'good' : 'warn'}
        title={say(complete ? 'operate.change-complete' : 'operate.change-open')}
      />
      <Table
        caption={say('operate.change-signers')}
        columns={[
          say('operate.office'),
          say('operate.needed'),
          say('operate.has-signed'),
          say('operate.has-not'),
        ]}
        rows={offices.map(({ kind, channel = '', of: whose = '', threshold, members }) => {
          const of = (signed: boolean): string => {
            const names = members.filter((each) => each.signed === signed);
            return names.length === 0
              ? say('operate.nobody-of')
              : names.map(({ organisation }) => organisation).join(', ');
          };
          return {
            key: `${kind} ${channel}`,
            cells: [
              say(`operate.office-${kind}`, { channel, name: whose }),
              say('operator.quorum-of', { threshold, count: members.length }),
              of(true),
              of(false),
            ],
          };
        })}
      />
    </>
  );
}

/** Reads a change from its file, with or without the deals of release keys that it collects; the node examines it. */
async function changeIn(file: File, reason: string): Promise<Successor> {
  const given = await file
    .text()
    .then((text) => Object(JSON.parse(text) as unknown) as { readonly successor?: Successor })
    .catch(() => ({}));
  const successor = ('successor' in given ? given.successor : given) as Partial<Successor>;
  if (successor.format !== 'medseal-successor/1') {
    throw new MedsealError('ARGUMENT_INVALID', { argument: file.name, reason });
  }
  return successor as Successor;
}
