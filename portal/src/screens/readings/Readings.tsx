import { useCallback, useRef, useState, type ReactNode } from 'react';
import { useParams } from 'wouter';
import {
  listDevices,
  rightFor,
  shortCodeOf,
  type Chart,
  type ChartWanted,
  type DeviceReadings,
} from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import type { Address, Handle } from '../../../../src/protocol/ids.ts';
import { ownWanted } from '../../session/charts.ts';
import { ReadingsReader } from '../../session/ReadingsReader.ts';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { ListCounted } from '../../ui/ListCounted.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import { useRightOnBanner } from '../patient/rightOnBanner.ts';
import type { ScreenProps } from '../ScreenProps.ts';
import { CurveFigure } from './CurveFigure.tsx';
import { curvesOf } from './curvesOf.ts';
import { kindOfDevice } from './kindOfDevice.ts';
import { useFollowing } from './useFollowing.ts';
import classes from './Readings.module.css';
import { ButtonLink } from '../../ui/ButtonLink.tsx';

/** Lengths of time that can be shown, in milliseconds. The beats of a heart are told apart in the shortest. */
const SPANS = { '10s': 10_000, '2': 120_000, '10': 600_000, '60': 3_600_000 } as const;
type SpanName = keyof typeof SPANS;
const SPAN_NAMES = ['10s', '2', '10', '60'] as const satisfies readonly SpanName[];

/** Curves of a chart's devices: of the person's own, or of a patient who gave a right. */
export function Readings({ session }: ScreenProps): ReactNode {
  const { say, moment } = useWords();
  const { handle } = useParams<{ handle?: Handle }>();
  const [length, setLength] = useState<SpanName>('2');
  const [until, setUntil] = useState<number>();
  const [reader] = useState(() => new ReadingsReader());
  // A device sends all the time: the chart is asked for when the screen opens.
  const fresh = useRef<'newest' | 'following' | undefined>('newest');
  // The list that is counted: one that comes every ten seconds while it is followed would be counted without an end.
  const counted = useRef<Chart>(undefined);
  const found = useTask(async () => {
    const asked = fresh.current;
    fresh.current = undefined;
    const right = await rightOf(session, handle);
    const wanted = { length: SPANS[length], until, fresh: asked !== undefined };
    const shown = await reader.read(session, right, wanted);
    if (asked !== 'following') counted.current = shown.chart;
    return {
      ...shown,
      counted: counted.current ?? shown.chart,
      ...(await namesOf(session, shown.chart)),
    };
  }, [session, handle, reader, length, until]);
  const { again } = found;
  const look = useCallback(() => {
    fresh.current = 'following';
    again();
  }, [again]);
  const onAgain = useCallback(() => {
    fresh.current = 'newest';
    again();
  }, [again]);
  // Every look is evidence: on the chart of somebody else it begins when the reader asks for it.
  const measures = found.state === 'done' && found.value.measures;
  const { following, follow, stop } = useFollowing(look, measures);
  useRightOnBanner(found.state === 'done' ? found.value.chart : undefined);
  if (found.state !== 'done') {
    return <Awaiting on={found} what={say('readings.reading')} again={again} />;
  }
  const { devices, span, newest, names } = found.value;
  const step = SPANS[length];
  return (
    <Page title={say('readings.title')} lead={say('readings.lead')}>
      {handle === undefined && (
        <p className="row">
          <ButtonLink href="/devices">{say('readings.devices')}</ButtonLink>
        </p>
      )}
      {newest === undefined && <p>{say('readings.nothing')}</p>}
      {newest !== undefined && (
        <>
          <SelectField
            label={say('readings.span')}
            choices={SPAN_NAMES.map((value) => ({ value, label: say(`readings.span-${value}`) }))}
            value={length}
            onChange={setLength}
          />
          <p className="row">
            <Button onClick={() => setUntil(span.until - step)}>{say('readings.earlier')}</Button>
            {until !== undefined && (
              <>
                <Button
                  onClick={() =>
                    setUntil(span.until + step > newest ? undefined : span.until + step)
                  }
                >
                  {say('readings.later')}
                </Button>
                <Button onClick={() => setUntil(undefined)}>{say('readings.newest')}</Button>
              </>
            )}
            {until === undefined && (
              <Button aria-pressed={following} onClick={following ? stop : follow}>
                {say(following ? 'readings.stop' : 'readings.follow')}
              </Button>
            )}
          </p>
          {following && until === undefined && <p role="status">{say('readings.following')}</p>}
          <p>{say('readings.shown', { day: moment(span.from / 1000) })}</p>
          {devices.length === 0 && <p>{say('readings.none')}</p>}
        </>
      )}
      <ListCounted party={session.party} chart={found.value.counted} onAgain={onAgain} />
      {devices.map((device) => (
        <DeviceCurves
          key={device.device}
          device={device}
          name={names.get(device.device)}
          short={shortCodeOf(session.party.primitives, device.device)}
          span={span}
        />
      ))}
    </Page>
  );
}

function DeviceCurves({
  device: { batches },
  name,
  short,
  span,
}: {
  readonly device: DeviceReadings;
  readonly name: string | undefined;
  readonly short: string;
  readonly span: Span;
}): ReactNode {
  const { say } = useWords();
  const curves = curvesOf(batches, span);
  const errors = batches.flatMap((batch) => ('error' in batch ? [batch.error] : []));
  const [error] = errors;
  const isAltered = batches.some((batch) => 'altered' in batch && batch.altered);
  return (
    <section>
      <h2>
        <bdi>
          {visibleText(name ?? say(kindOfDevice(curves.map(({ code }) => code))), 120)}
          {' · '}
          <code>{short}</code>
        </bdi>
      </h2>
      {batches.some(({ forked }) => forked) && (
        <Notice kind="bad" title={say('readings.forked')}>
          <p>{say('readings.forked-means')}</p>
        </Notice>
      )}
      {batches.some(({ header }) => header.clock === 'unset') && (
        <Notice kind="note" title={say('readings.no-clock')} />
      )}
      {isAltered && <Notice kind="warn" title={say('readings.altered')} />}
      <Failure error={error} title={say('readings.unopened', { count: errors.length })} />
      <div className={classes['curves']}>
        {curves.map((curve) => (
          <CurveFigure key={curve.code} curve={curve} span={span} />
        ))}
      </div>
    </section>
  );
}

interface Span {
  readonly from: number;
  readonly until: number;
}

async function rightOf(session: Session, handle: Handle | undefined): Promise<ChartWanted> {
  if (handle === undefined || handle === session.handle) return ownWanted(session);
  const right = await rightFor(session.party, { handle, action: 'read' });
  if (right === undefined) throw new MedsealError('RIGHT_MISSING', {});
  const { grant } = right;
  return { handle, grant, purpose: grant.terms.purpose };
}

/** The names of a chart's devices, and whether one of the person's own may measure now. */
async function namesOf(
  { party, handle }: Session,
  chart: Chart,
): Promise<{ readonly measures: boolean; readonly names: ReadonlyMap<Address, string> }> {
  const listed = chart.handle === handle ? await listDevices(party) : [];
  const models = listed.flatMap(({ device }) =>
    device?.model === undefined ? [] : [[device.address, device.model] as const],
  );
  // Names are the patient's own: nobody else has them.
  const given = Object.entries(chart.deviceNames ?? {}) as (readonly [Address, string])[];
  const measures = listed.some(({ state }) => state === 'holds');
  return { measures, names: new Map([...models, ...given]) };
}
