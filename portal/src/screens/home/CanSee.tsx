import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { GrantListed } from '../../../../src/client/index.ts';
import { isDeviceRight } from '../../../../src/protocol/sensors/isDeviceRight.ts';
import { useWords } from '../../words/useWords.tsx';

/** Says how many people can see something now, and how many devices add readings. */
export function CanSee({ rights }: { readonly rights: readonly GrantListed[] }): ReactNode {
  const { say } = useWords();
  const { devices = [], people = [] } = Object.groupBy(rights, ({ grant }) =>
    grant !== undefined && isDeviceRight(grant.terms) ? 'devices' : 'people',
  );
  return (
    <section>
      <h2>{say('home.can-see')}</h2>
      <p>
        {say('home.people', { count: countOf(people) })}
        {devices.length > 0 && ` ${say('home.devices', { count: countOf(devices) })}`}{' '}
        <Link href="/rights">{say('home.see-who')}</Link>
      </p>
    </section>
  );
}

/** Number of those who hold the rights. */
function countOf(rights: readonly GrantListed[]): number {
  return new Set(rights.map(({ grant, digest }) => grant?.terms.grantee ?? digest)).size;
}
