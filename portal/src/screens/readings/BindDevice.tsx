import { useState, type ReactNode } from 'react';
import {
  bindDevice,
  isMedsealError,
  parseDeviceCode,
  shortCodeOf,
  type DeviceNamed,
  rightOfDevice,
} from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import type { Person } from '../../session/people.ts';
import { afterReview } from '../../session/Reviewed.ts';
import type { Session } from '../../session/Session.ts';
import { useRun } from '../../session/useRun.ts';
import { Notice } from '../../ui/Notice.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { ScanCode } from '../../ui/ScanCode.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ChoosePeople } from '../prescriptions/ChoosePeople.tsx';
import { ChooseUntil } from '../share/ChooseUntil.tsx';
import { useTermsInWords } from '../share/useTermsInWords.ts';
import { untilChosen, type PeriodChosen } from '../share/untilChosen.ts';
import { PinOfDevice } from './PinOfDevice.tsx';

const bind = afterReview(bindDevice);

/** Properties of `BindDevice`. */
export interface BindDeviceProps {
  readonly session: Session;
  readonly onBound: () => void;
}

/** Binds a device by the code that it shows; its short code is compared before anything is signed. */
export function BindDevice({ session, onBound }: BindDeviceProps): ReactNode {
  const { say } = useWords();
  const inWords = useTermsInWords();
  const { party } = session;
  const [code, setCode] = useState('');
  const [gateway, setGateway] = useState<Person>();
  const [period, setPeriod] = useState<PeriodChosen>({ period: 'month', date: '' });
  const [tried, setTried] = useState(false);
  const [bound, setBound] = useState<{ readonly shortCode: string; readonly handle: Handle }>();
  const run = useRun();
  const device = deviceIn(code);
  const now = seconds(party.clock);
  const until = untilChosen(period, now);
  const short = device && shortCodeOf(party.primitives, device.address);
  // The very right that the button signs.
  const asked =
    device === undefined || gateway === undefined || Number.isNaN(until)
      ? undefined
      : { device, gateway: gateway.address, categories: ['vitals'] as const, until };
  const right = asked && rightOfDevice(party, asked);
  return (
    <section>
      <h2>{say('readings.bind')}</h2>
      {bound !== undefined && (
        <Notice kind="good" title={say('readings.is-bound', { code: bound.shortCode })}>
          <PinOfDevice session={session} handle={bound.handle} />
        </Notice>
      )}
      {!run.busy && <ScanCode session={session} kinds={['device']} onText={setCode} />}
      <TextField
        label={say('readings.code-shown')}
        hint={say('readings.code-hint')}
        value={code}
        onChange={setCode}
        autoComplete="off"
        spellCheck={false}
        readOnly={run.busy}
        error={
          (tried || code.length > 60) && device === undefined
            ? say('readings.code-wrong')
            : undefined
        }
      />
      {short !== undefined && (
        <Notice kind="note" title={say('readings.compare')}>
          <p>
            <code>{short}</code>
          </p>
        </Notice>
      )}
      <ChoosePeople
        session={session}
        fields={[{ label: say('readings.gateway'), chosen: gateway, onChange: setGateway }]}
      />
      {tried && gateway === undefined && (
        <Notice kind="warn" title={say('readings.gateway-missing')} />
      )}
      <ChooseUntil chosen={period} onChange={setPeriod} busy={run.busy} />
      <p>{say('readings.bind-means')}</p>
      <SignSheet
        session={session}
        level={3}
        wanted={asked && [asked]}
        others={{ to: gateway === undefined ? [] : [gateway.address] }}
        signing={run}
        act={say('readings.bind-now')}
        waits={say('readings.binding')}
        onMissing={() => {
          setTried(true);
          setBound(undefined);
        }}
        run={async (reviewed) => {
          setBound(undefined);
          const { grant } = await bind(party, reviewed);
          const [{ device: named }] = reviewed.wanted;
          setBound({
            shortCode: shortCodeOf(party.primitives, named.address),
            handle: grant.handle,
          });
          setCode('');
          setTried(false);
          onBound();
        }}
      >
        {right !== undefined && gateway !== undefined && short !== undefined && (
          <>
            <p>
              {visibleText(gateway.name)}{' '}
              {inWords({
                ...right,
                from: now,
                read: right.actions.includes('read'),
                add: right.actions.includes('add'),
                amend: right.actions.includes('amend'),
              })}
            </p>
            <p>{say('readings.bind-device', { code: short, device: right.record })}</p>
            <p>{say('readings.bind-from')}</p>
          </>
        )}
      </SignSheet>
    </section>
  );
}

/** The device that a code names; undefined while it is not a code. */
function deviceIn(code: string): DeviceNamed | undefined {
  try {
    return parseDeviceCode(code);
  } catch (error) {
    if (isMedsealError(error, 'ARGUMENT_INVALID')) return undefined;
    throw error;
  }
}
