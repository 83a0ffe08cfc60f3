import type { ReactNode } from 'react';
import type { Session } from '../../session/Session.ts';
import { BringArchive } from './BringArchive.tsx';
import { SaveArchive } from './SaveArchive.tsx';

/** Properties of `Archive`. */
export interface ArchiveProps {
  readonly session: Session;
}

/** Everything that a patient has as one file, and such a file from elsewhere. */
export function Archive({ session }: ArchiveProps): ReactNode {
  return (
    <>
      <SaveArchive session={session} />
      <BringArchive session={session} />
    </>
  );
}
