import { bindDevice, rightOfDevice } from '../../client/devices/bindDevice.ts';
import { listDevices } from '../../client/devices/listDevices.ts';
import { requireSoundRight } from '../../client/rights/grantRight.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { seconds as secondsOf } from '../../protocol/Clock.ts';
import { formatDeviceCode } from '../../protocol/sensors/deviceCode.ts';
import { shortCodeOf } from '../../protocol/sensors/shortCodeOf.ts';
import { BATCH_SECONDS } from '../../sensors/simulate/RunningSensor.ts';
import { SimulatedSensor } from '../../sensors/simulate/SimulatedSensor.ts';
import { simulateSensors, type SensorToRun } from '../../sensors/simulate/simulateSensors.ts';
import { parseSamples } from '../../sensors/simulate/parseSamples.ts';
import {
  secondsOf as secondsOfRecording,
  type Recording,
} from '../../sensors/simulate/Recording.ts';
import { findContact } from '../contact/findContact.ts';
import { describeMoment } from '../describeBody.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { readGiven, readGivenText } from '../program/readGiven.ts';
import { describeFailed } from './describeFailed.ts';
import { ownerOf, pinOf, type ChartOwner } from './pinOf.ts';
import { untilStopped } from '../program/untilStopped.ts';
import { untilOf } from '../right/grant.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { confirmSigningOn } from '../home/confirmSigning.ts';
import type { SENSORS_SIMULATED } from './sensorsAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { SENSORS_SIMULATE } from './sensorsOptions.ts';

type SimulateOptions = VisitorOptions & OptionsOf<typeof SENSORS_SIMULATE>;

/** Samples of a second, at most: a batch of them fits into a message. */
const MOST_SAMPLES = 10_000;
/** Devices whose codes are shown, at most. */
const SHOWN = 20;
const SCHEMES = ['mqtt:', 'mqtts:', 'http:', 'https:'];

/**
 * Runs simulated devices before a gateway, and binds them to the visitor's chart first if a gateway is named.
 *
 * @throws MedsealError `ARGUMENT_INVALID`, `PEER_UNREACHABLE`; as `bindDevice` does.
 */
export async function simulateSensorsVerb(
  terminal: Terminal,
  options: SimulateOptions,
): Promise<AnswerOf<typeof SENSORS_SIMULATED>> {
  const { door } = options;
  requireDoor(door);
  const recording = await recordingIn(options);
  const whole = recording && secondsOfRecording(recording);
  const seconds = Math.min(options.seconds ?? whole ?? 60, whole ?? Infinity);
  const tls = await readPems(options);
  const { primitives, clock, random, cipher } = await machinePorts();
  const { gateway } = options;
  const owner = gateway === undefined ? undefined : await ownerOf(terminal, options);
  const pin = await pinOf(owner, options);
  const sealing = pin && { pin, random, clock, cipher };
  const { label = bytesToHex(random(16)) } = options;
  const sensors = Array.from({ length: options.devices }, (_, number) => {
    // It keeps nothing on a disk: it counts its starts by the time.
    const choice = {
      kind: options.kind,
      seed: label,
      number,
      boot: secondsOf(clock),
      ...(recording && { recording }),
    };
    return new SimulatedSensor(primitives, choice, sealing);
  });
  const codes = sensors.map(({ address, model, serial }) =>
    formatDeviceCode({ address, model, serial }),
  );
  if (gateway === undefined) {
    for (const [i, { address }] of sensors.slice(0, SHOWN).entries()) {
      terminal.note(`${shortCodeOf(primitives, address)} shows ${codes[i]}`);
    }
  }
  const bound: readonly SensorToRun[] =
    gateway === undefined || owner === undefined
      ? sensors.map((sensor) => ({ sensor }))
      : await bindAll(terminal, owner, sensors, { ...options, gateway, seconds });
  const stop = new AbortController();
  void untilStopped().then(() => stop.abort());
  terminal.progress.stage(`waiting for the gateway, and measuring for ${seconds} s`);
  const expected = sensors.length * Math.ceil(seconds / BATCH_SECONDS);
  let signed = 0;
  const run = await simulateSensors(
    clock,
    bound,
    { door, seconds, signal: stop.signal, ...tls },
    {
      bound: ({ address }) => terminal.note(`${address} is bound, and measures`),
      signed() {
        signed += 1;
        terminal.progress.stage(`${signed} of ${expected} batches are signed`);
      },
      failed: ({ address }, code, error) => terminal.note(describeFailed(address, code, error)),
    },
  );
  terminal.progress.end();
  const { errors, ...counts } = run;
  const { batches, stored, entered, refused, overwritten, kept } = counts;
  return {
    ok: refused + overwritten + kept === 0,
    value: {
      label,
      devices: codes,
      ...counts,
      errors: Object.entries(errors).map(([code, count]) => ({ code, count })),
    },
    lines: [
      `${sensors.length} devices signed ${batches} batches: ${stored} are stored by the gateway (${entered} on the chart so far), ${refused} were refused, ${overwritten} were overwritten, ${kept} are kept`,
      ...(kept > 0 ? ['Batches that are kept end with this program: no gateway has them.'] : []),
      `Label ${label}`,
    ],
  };
}

/** The recording that is to be measured, if a file was named. */
async function recordingIn({
  file,
  kind,
  rate,
  factor,
  origin,
}: SimulateOptions): Promise<Recording | undefined> {
  if (file === undefined) return undefined;
  if (kind !== 'ecg') throw invalid('--kind', 'must be ecg with --file');
  if (rate === undefined) throw invalid('--rate', 'must be given with --file');
  if (rate > MOST_SAMPLES) throw invalid('--rate', `must be ${MOST_SAMPLES} at most`);
  const bytes = await readGiven(file, { argument: '--file' });
  return { samples: parseSamples(bytes, '--file'), rate, factor, origin };
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}

async function readPems({
  ca,
  cert,
  keyFile,
}: Pick<SimulateOptions, 'ca' | 'cert' | 'keyFile'>): Promise<{
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}> {
  const pems: Record<string, string> = {};
  for (const [name, path, argument] of [
    ['ca', ca, '--ca'],
    ['cert', cert, '--cert'],
    ['key', keyFile, '--key-file'],
  ] as const) {
    if (path !== undefined) pems[name] = await readGivenText(path, { argument });
  }
  return pems;
}

function requireDoor(door: string): void {
  if (URL.canParse(door) && SCHEMES.includes(new URL(door).protocol)) return;
  const reason = 'must be the address of a broker or a door, such as mqtt://127.0.0.1:1883';
  throw invalid('--door', reason);
}

/** Binds devices to the visitor's chart; a right of before that stands long enough is used again. */
async function bindAll(
  terminal: Terminal,
  { visitor }: ChartOwner,
  sensors: readonly SimulatedSensor[],
  options: SimulateOptions & { readonly gateway: string; readonly seconds: number },
): Promise<readonly SensorToRun[]> {
  const { party } = visitor;
  const until = untilOf(visitor, options.until);
  const { name, facts } = await findContact(visitor, options.gateway);
  const last = secondsOf(party.clock) + options.seconds;
  const standing = new Map(
    (await listDevices(party)).flatMap(({ device, digest, grant: { terms }, state }) => {
      const holds = state === 'holds' && terms.grantee === facts.party && terms.until > last;
      return holds && device !== undefined ? [[device.address, digest] as const] : [];
    }),
  );
  const asked = sensors.map(({ address, model, serial }) => ({
    device: { address, model, serial },
    gateway: facts.party,
    categories: ['vitals'] as const,
    until,
  }));
  for (const each of asked) requireSoundRight(party, rightOfDevice(party, each));
  const isNew = asked.filter(({ device }) => !standing.has(device.address));
  if (isNew.length > 0) {
    await confirmSigningOn(terminal, visitor, 'on your chart', [
      `  ${name} (${facts.party}), a ${facts.role} of ${facts.organisation}, may add`,
      `  what ${isNew.length} simulated devices sign to vitals, until ${describeMoment(until)}.`,
      '',
      'Their readings are invented. This right lets nobody read your chart.',
    ]);
    terminal.progress.stage(`binding ${isNew.length} devices`);
  }
  for (const each of isNew) {
    const { digest } = await bindDevice(party, each);
    standing.set(each.device.address, digest);
  }
  return sensors.map((sensor) => {
    const grant = standing.get(sensor.address);
    return { sensor, ...(grant !== undefined && { grant }) };
  });
}
