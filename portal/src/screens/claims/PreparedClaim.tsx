import type { ReactNode } from 'react';
import { formatClaimFile, type ClaimPrepared } from '../../../../src/client/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Page } from '../../ui/Page.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { useWords } from '../../words/useWords.tsx';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Properties of `PreparedClaim`. */
export interface PreparedClaimProps {
  readonly prepared: ClaimPrepared;
  readonly patient: string;
  readonly onSaved: () => void;
}

/** A claim that waits for its patient, as a file. */
export function PreparedClaim({ prepared, patient, onSaved }: PreparedClaimProps): ReactNode {
  const { say } = useWords();
  return (
    <Page title={say('claims.prepared')} lead={say('claims.prepared-next', { patient })}>
      <p className="row">
        <Button
          kind="main"
          onClick={() => {
            saveFile('claim.json', formatClaimFile(prepared), 'application/json');
            onSaved();
          }}
        >
          {say('claims.save')}
        </Button>
        <ButtonLink href="/claims">{say('claims.menu')}</ButtonLink>
      </p>
    </Page>
  );
}
