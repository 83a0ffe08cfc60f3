import type { ReactNode } from 'react';
import { toMedsealError } from '../../../../src/errors/toMedsealError.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Says why an offer cannot be made or given, in words for what was read. */
export function RefusedOffer({ error }: { readonly error: unknown }): ReactNode {
  const { sayIfKnown } = useWords();
  if (error === undefined) return null;
  const title = sayIfKnown(`family.refused-${toMedsealError(error).code}`);
  return <Failure error={error} title={title} />;
}
