import { useMemo, useState, type ReactNode } from 'react';
import { Failure } from './Failure.tsx';
import { RolesOfList } from './RolesOfList.ts';

/**
 * Says once above a list that roles in it could not be confirmed, and asks for all of them again. The sheet that is signed asks for
 * itself, and waits.
 */
export function RolesTogether({ children }: { readonly children: ReactNode }): ReactNode {
  const [error, setError] = useState<unknown>();
  const [round, setRound] = useState(0);
  const listed = useMemo(() => ({ round, report: setError }), [round]);
  const again = (): void => {
    setError(undefined);
    setRound(round + 1);
  };
  return (
    <>
      <Failure error={error} again={again} />
      <RolesOfList value={listed}>{children}</RolesOfList>
    </>
  );
}
