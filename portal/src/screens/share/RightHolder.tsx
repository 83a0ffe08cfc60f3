import type { ReactNode } from 'react';
import type { GrantListed } from '../../../../src/client/index.ts';
import { isDeviceRight } from '../../../../src/protocol/sensors/isDeviceRight.ts';
import type { NameOf } from '../../session/useNames.ts';
import type { Session } from '../../session/Session.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { RoleOf } from '../../ui/RoleOf.tsx';
import { StateText } from '../../ui/StateText.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `RightHolder`. */
export interface RightHolderProps {
  readonly session: Session;
  readonly right: GrantListed;
  /** Name of the person, or of the device that a right binds. */
  readonly who: string;
  readonly nameOf: NameOf;
}

/** The person whose right it is, or the device with who brings its readings, and the state of the right. */
export function RightHolder({ session, right, who, nameOf }: RightHolderProps): ReactNode {
  const { say } = useWords();
  const { grant, state } = right;
  const isDevice = grant !== undefined && isDeviceRight(grant.terms);
  return (
    <>
      <div className="row">
        {isDevice ? (
          <Mark isRound>
            <Icon name="watch" />
          </Mark>
        ) : (
          <Avatar name={who} />
        )}
        <strong>
          <bdi>{who}</bdi>
        </strong>
        <StateText state={state}>{say(`share.state-${state}`)}</StateText>
      </div>
      {isDevice && <p>{say('evidence.brought-by', { who: nameOf(grant.terms.grantee) })}</p>}
      {grant !== undefined && <RoleOf session={session} party={grant.terms.grantee} />}
    </>
  );
}
