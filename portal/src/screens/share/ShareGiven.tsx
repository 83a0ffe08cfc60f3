import type { ReactNode } from 'react';
import type { Bytes32 } from '../../../../src/protocol/ids.ts';
import type { Grant } from '../../../../src/protocol/struct/requests.ts';
import type { Run } from '../../session/useRun.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** A right that was given, and to whom. */
export interface Given {
  readonly digest: Bytes32;
  readonly grant: Grant;
  readonly name: string;
  /** False if the letter that hands it over was not sent. */
  readonly isDelivered: boolean;
}

/** Properties of `ShareGiven`. */
export interface ShareGivenProps {
  readonly given: Given;
  readonly sharing: Run;
  /** Sends the letter that hands the right over. */
  readonly deliver: (given: Given) => Promise<void>;
}

/** The end of sharing: the right is given, and its letter can be sent again if it was not. */
export function ShareGiven({ given, sharing, deliver }: ShareGivenProps): ReactNode {
  const { say } = useWords();
  return (
    <Page title={say('share.done', { who: given.name })}>
      <Notice kind="good" title={say('share.done-means')} />
      {!given.isDelivered && (
        <Notice kind="warn" title={say('share.undelivered')}>
          <Button
            busy={sharing.busy}
            onClick={() => sharing.start(async () => await deliver(given))}
          >
            {say('share.send-again')}
          </Button>
        </Notice>
      )}
      <p className="row">
        <ButtonLink href="/rights" kind="main">
          {say('share.to-rights')}
        </ButtonLink>
      </p>
    </Page>
  );
}
