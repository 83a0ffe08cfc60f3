import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import type { Bytes32 } from '../../../../src/protocol/ids.ts';
import { Button } from '../../ui/Button.tsx';
import { Page } from '../../ui/Page.tsx';
import { useWords } from '../../words/useWords.tsx';
import { PatientBanner } from '../patient/PatientBanner.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { ClaimDetail, type ClaimFrameProps } from './ClaimDetail.tsx';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** One claim with its papers, and what the person can do about it now. */
export function ClaimPage({ session }: ScreenProps): ReactNode {
  const { claim } = useParams<{ claim: Bytes32 }>();
  return (
    <ClaimDetail
      session={session}
      claim={claim}
      renderFrame={(shown) => (
        <>
          {session.handle !== shown.handle && (
            <PatientBanner session={session} handle={shown.handle} />
          )}
          <PageOfClaim {...shown} />
        </>
      )}
    />
  );
}

function PageOfClaim({ title, lines, onRefresh, children }: ClaimFrameProps): ReactNode {
  const { say } = useWords();
  return (
    <Page title={title}>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <p className="row">
        <Button onClick={onRefresh}>{say('common.refresh')}</Button>
        <ButtonLink href="/claims">{say('common.back')}</ButtonLink>
      </p>
      {children}
    </Page>
  );
}
