import { useState, type ReactNode } from 'react';
import {
  batchesOnChart,
  endDevice,
  listDevices,
  type DeviceBatches,
  type DeviceListed,
} from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import { ownChart, ownWanted, readByWill } from '../../session/charts.ts';
import { afterReview } from '../../session/Reviewed.ts';
import { deviceNamesHere } from '../../session/useDeviceNames.ts';
import { useNames } from '../../session/useNames.ts';
import { useTask, type Task } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { SignSheet } from '../../ui/SignSheet.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { ScreenProps } from '../ScreenProps.ts';
import { BindDevice } from './BindDevice.tsx';
import { NameDevice } from './NameDevice.tsx';
import { PinOfDevice } from './PinOfDevice.tsx';
import { ButtonLink } from '../../ui/ButtonLink.tsx';
import { StateText } from '../../ui/StateText.tsx';

const endBinding = afterReview(endDevice);

/** A patient's devices: bound by their code, seen with their gaps, and ended. */
export function Devices({ session }: ScreenProps): ReactNode {
  const { say } = useWords();
  const { party } = session;
  const [ending, setEnding] = useState<DeviceListed>();
  const [ended, setEnded] = useState<string>();
  const found = useTask(async () => {
    const devices = await listDevices(party);
    await ownChart(session, true);
    // The chart has the names that another device of the patient gave, too.
    const names = await deviceNamesHere(session);
    return { devices, names };
  }, [session]);
  // Gaps are counted in all batches: after a day of a wearable that takes long, and the devices are shown before.
  const sent = useTask(async () => {
    const chart = await readByWill(party, { ...ownWanted(session), part: { from: 0 } });
    return new Map(batchesOnChart(party, chart).map((each) => [each.device, each]));
  }, [session]);
  const devices = found.state === 'done' ? found.value.devices : [];
  const nameOf = useNames(
    session,
    devices.map(({ grant }) => grant.terms.grantee),
  );
  const ownName = ({ device }: DeviceListed): string | undefined =>
    device && found.state === 'done' ? found.value.names[device.address] : undefined;
  const called = (listed: DeviceListed): string =>
    [ownName(listed) ?? listed.device?.model, listed.shortCode].filter(Boolean).join(' ') ||
    say('readings.unnamed');
  return (
    <Page title={say('readings.devices')} lead={say('readings.devices-lead')}>
      <p className="row">
        <ButtonLink href="/readings">{say('readings.title')}</ButtonLink>
      </p>
      {ended !== undefined && (
        <Notice kind="good" title={say('readings.ended', { device: ended })} />
      )}
      <Awaiting
        on={found}
        what={say('readings.listing')}
        again={() => {
          found.again();
          // It failed for the same reason, which the list would show once it is there.
          if (sent.state === 'failed') sent.again();
        }}
      />
      <List
        items={devices}
        none={found.state === 'done' && say('readings.no-devices')}
        keyOf={(listed) => listed.digest}
      >
        {(listed) => (
          <>
            <strong dir="auto">{called(listed)}</strong>
            <StateText state={listed.state}>{say(`share.state-${listed.state}`)}</StateText>
            <DeviceState
              listed={listed}
              isNamed={ownName(listed) !== undefined}
              gateway={nameOf(listed.grant.terms.grantee)}
              batches={
                listed.device && sent.state === 'done'
                  ? sent.value.get(listed.device.address)
                  : undefined
              }
              sent={sent}
            />
            {listed.device !== undefined && (
              <NameDevice
                session={session}
                device={listed.device.address}
                name={ownName(listed)}
                onNamed={found.again}
              />
            )}
            {listed.state !== 'expired' && (
              <PinOfDevice session={session} handle={listed.grant.handle} />
            )}
            {listed.device !== undefined && (
              <Button kind="danger" onClick={() => setEnding(listed)}>
                {say('readings.end', { device: called(listed) })}
              </Button>
            )}
          </>
        )}
      </List>
      <BindDevice
        session={session}
        onBound={() => {
          setEnded(undefined);
          found.again();
        }}
      />
      {ending?.device !== undefined && (
        <SignSheet
          session={session}
          inFront
          title={say('readings.end-question', { device: called(ending) })}
          wanted={[ending.device.address]}
          others={{ about: [ending.grant.terms.grantee], isEnd: true }}
          isDanger
          act={say('readings.end-now')}
          waits={say('readings.ending')}
          onBack={() => setEnding(undefined)}
          run={async (reviewed) => {
            await endBinding(party, reviewed);
            setEnded(called(ending));
            setEnding(undefined);
            found.again();
          }}
        >
          <p>{say('readings.end-means')}</p>
        </SignSheet>
      )}
    </Page>
  );
}

function DeviceState({
  listed: { grant, device },
  isNamed,
  gateway,
  batches,
  sent: looked,
}: {
  readonly listed: DeviceListed;
  /** True if the person gave it a name, which stands in place of the model. */
  readonly isNamed: boolean;
  readonly gateway: string;
  readonly batches: DeviceBatches | undefined;
  /** The look for batches. */
  readonly sent: Task<unknown>;
}): ReactNode {
  const { say, day, moment } = useWords();
  const { from, until } = grant.terms;
  const sent = batches?.batches ?? [];
  const newest = sent.reduce((latest, { record }) => Math.max(latest, record.at), 0);
  const gaps = sent.filter(({ gap }) => gap).length;
  const late = sent.filter((batch) => batch.late).length;
  return (
    <>
      <p>{say('readings.bound', { gateway, from: day(from), until: day(until) })}</p>
      {isNamed && device?.model !== undefined && <p dir="auto">{visibleText(device.model)}</p>}
      {device?.serial !== undefined && (
        <p>
          {say('readings.serial')} <code dir="auto">{device.serial}</code>
        </p>
      )}
      <Awaiting on={looked} what={say('readings.reading')} />
      {looked.state === 'done' && (
        <p>
          {sent.length === 0
            ? say('readings.sent-nothing')
            : say('readings.sent', { count: sent.length, when: moment(newest), gaps, late })}
        </p>
      )}
      {sent.some(({ forked }) => forked) && (
        <Notice kind="bad" title={say('readings.forked')}>
          <p>{say('readings.forked-means')}</p>
        </Notice>
      )}
    </>
  );
}
