import { Fragment, type ReactNode } from 'react';
import { mayNotGet, type OtherConfirmed } from '../session/confirmOthers.ts';
import type { Session } from '../session/Session.ts';
import { useNames } from '../session/useNames.ts';
import { useWords } from '../words/useWords.tsx';
import { Notice } from './Notice.tsx';
import { RoleText } from './RoleText.tsx';

/** Properties of `OtherRoles`. */
export interface OtherRolesProps {
  readonly session: Session;
  readonly others: readonly OtherConfirmed[];
}

/** Role and organisation of each whom it concerns, as the quorum confirmed them, and whether they are suspended or unknown. */
export function OtherRoles({ session, others }: OtherRolesProps): ReactNode {
  const { say } = useWords();
  const nameOf = useNames(
    session,
    others.flatMap(({ address }) => address ?? []),
  );
  return others.map((other, place) => {
    const { address, facts } = other;
    const who = address === undefined ? say('common.this-chart') : nameOf(address);
    const kind = mayNotGet(other) ? 'bad' : 'warn';
    return (
      <Fragment key={address ?? place}>
        {others.length > 1 && <p className="by">{who}</p>}
        {facts === undefined ? (
          <Notice kind={kind} title={say('common.nobody', { who })} />
        ) : (
          <RoleText facts={facts} />
        )}
        {facts?.suspended === true && (
          <Notice kind={kind} title={say('common.suspended', { who })} />
        )}
      </Fragment>
    );
  });
}
