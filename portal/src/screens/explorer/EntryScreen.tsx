import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import { portablePrimitives } from '../../../../src/client/index.ts';
import { hexToBytes } from '../../../../src/crypto/bytes.ts';
import { leafHash } from '../../../../src/crypto/merkle/leafHash.ts';
import { verifyInclusion } from '../../../../src/crypto/merkle/verifyInclusion.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { readCheckpoint } from '../../session/readCheckpoint.ts';
import { useTask } from '../../session/useTask.ts';
import { FactList } from '../../ui/FactList.tsx';
import { Hash } from '../../ui/Hash.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { PublicScreenProps } from '../ScreenProps.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** An entry of a log, proven here to be in the newest checkpoint. */
export function EntryScreen({ place }: PublicScreenProps): ReactNode {
  const { say, number } = useWords();
  const {
    channel,
    organisation,
    index: text,
  } = useParams<{ channel: string; organisation: string; index: string }>();
  const log = `${channel}/${organisation}`;
  const index = Number(text);
  const task = useTask(async () => {
    const { agent } = place;
    const { checkpoint, signers } = await readCheckpoint(portablePrimitives, place, log);
    const { size, root } = checkpoint;
    const { entry, proof } = await agent.inclusion({ log, index, size });
    const safe = verifyInclusion(portablePrimitives, {
      index,
      size,
      leaf: leafHash(portablePrimitives, hexToBytes(entry)),
      proof: proof.map(hexToBytes),
      root: hexToBytes(root),
    });
    return { entry, size, root, safe, signers: signers.length };
  }, [place, log, index]);
  if (task.state !== 'done') return <Awaiting on={task} what={say('explorer.proving')} />;
  const { entry, size, root, safe, signers } = task.value;
  return (
    <Page
      title={`${say('explorer.entry')} ${number(index)} · ${visibleText(log)}`}
      lead={say('explorer.entry-lead')}
    >
      <Notice kind={safe ? 'good' : 'bad'} title={say(safe ? 'verify.safe' : 'verify.unsafe')}>
        <p>{say(safe ? 'explorer.entry-proven' : 'explorer.entry-unproven', { size, signers })}</p>
      </Notice>
      <FactList
        facts={[
          [say('explorer.entry'), <Hash key="entry" value={entry} />],
          [say('explorer.root'), <Hash key="root" value={root} />],
        ]}
      />
      <p className="row">
        <ButtonLink href={`/explorer/log/${log}`}>
          {say('explorer.log')} {visibleText(log)}
        </ButtonLink>
      </p>
    </Page>
  );
}
