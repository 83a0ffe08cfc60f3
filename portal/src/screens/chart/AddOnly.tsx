import type { ReactNode } from 'react';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import type { Grant } from '../../../../src/protocol/struct/requests.ts';
import type { Session } from '../../session/Session.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { useWords } from '../../words/useWords.tsx';
import { useTermsInWords } from '../share/useTermsInWords.ts';
import { AddToChart } from './AddToChart.tsx';

/** Properties of `AddOnly`. */
export interface AddOnlyProps {
  readonly session: Session;
  /** Opening of a right that does not allow to read. */
  readonly grant: Grant;
  /** Name of the contact, if the patient is one. */
  readonly name: string | undefined;
}

/** The chart of a patient who lets the person add, and not read: it says so, and nothing is asked for in vain. */
export function AddOnly({ session, grant, name }: AddOnlyProps): ReactNode {
  const { say } = useWords();
  const inWords = useTermsInWords(true);
  const { handle, terms } = grant;
  return (
    <Page title={visibleText(name ?? say('chart.unnamed'), 120)} lead={inWords(terms)}>
      <Notice title={say('chart.add-only')} />
      <AddToChart session={session} chart={{ handle, grant, purpose: terms.purpose }} />
    </Page>
  );
}
