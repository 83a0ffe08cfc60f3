import type { ReactNode } from 'react';
import { Later } from '../../ui/Later.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { ReadConsent } from './ReadConsent.tsx';
import { SaveFhir } from './SaveFhir.tsx';

const loadArchive = async () => (await import('../archive/Archive.tsx')).Archive;

/** Files of FHIR for hospitals and their programs: who saw what, the rights, and rights from a file. */
export function Exchange({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  return (
    <Page title={say('exchange.title')} lead={say('exchange.lead')}>
      <Notice kind="warn" title={say('exchange.clear')} />
      <SaveFhir session={session} what="audit" />
      <SaveFhir session={session} what="consents" />
      <ReadConsent session={session} />
      <Later load={loadArchive}>{(Archive) => <Archive session={session} />}</Later>
    </Page>
  );
}
