import type { ReactNode } from 'react';
import { SignSheet, type SignSheetProps } from '../../ui/SignSheet.tsx';
import { useWords } from '../../words/useWords.tsx';
import { RefusedClaim } from './RefusedClaim.tsx';

/** Properties of `SignStep`. */
export interface SignStepProps<Wanted extends readonly unknown[]> extends Pick<
  SignSheetProps<Wanted>,
  'session' | 'wanted' | 'others' | 'signing' | 'run'
> {
  /** Label of the button that shows the words. */
  readonly label: string;
  /** Label of the button that signs them. */
  readonly sign: string;
  readonly kind?: 'main' | 'plain' | 'danger';
  /** All that is signed, in words, each a line. */
  readonly words: readonly string[];
  /** Called when somebody asks for the words while something is missing. */
  readonly onTry?: () => void;
}

/** Shows in words what a step of a claim signs, and signs it only after that. */
export function SignStep<const Wanted extends readonly unknown[]>(
  props: SignStepProps<Wanted>,
): ReactNode {
  const { label, sign, kind = 'plain', words, onTry, ...sheet } = props;
  const { say } = useWords();
  return (
    <SignSheet
      {...sheet}
      opens={label}
      opener={kind}
      act={sign}
      isDanger={kind === 'danger'}
      waits={say('claims.changing')}
      Refused={RefusedClaim}
      {...(onTry && { onMissing: onTry })}
    >
      {words.map((each, place) => (
        <p key={place}>{each}</p>
      ))}
    </SignSheet>
  );
}
