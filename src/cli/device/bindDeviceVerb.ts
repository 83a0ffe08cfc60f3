import { bindDevice, rightOfDevice, type NewDevice } from '../../client/devices/bindDevice.ts';
import { requireSoundRight } from '../../client/rights/grantRight.ts';
import { standingRights } from '../../client/rights/standingRights.ts';
import { seconds } from '../../protocol/Clock.ts';
import { parseDeviceCode } from '../../protocol/sensors/deviceCode.ts';
import { shortCodeOf } from '../../protocol/sensors/shortCodeOf.ts';
import { findContact, findPatient } from '../contact/findContact.ts';
import { describeMoment } from '../describeBody.ts';
import { confirmSigningOn } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { untilOf } from '../right/grant.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { DEVICE_BOUND } from './deviceAnswers.ts';
import type { DeviceNamed } from '../../protocol/sensors/deviceCode.ts';
import { savePin } from './savePin.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { DEVICE_BIND } from './deviceOptions.ts';

/**
 * Binds a device to the visitor's chart, unless the same right stands already.
 *
 * @throws MedsealError `ARGUMENT_INVALID`, `KEY_UNAUTHENTIC`, `PARTY_UNKNOWN`, `RIGHT_INVALID`.
 */
export async function bindDeviceVerb(
  terminal: Terminal,
  code: string,
  options: VisitorOptions & OptionsOf<typeof DEVICE_BIND>,
): Promise<AnswerOf<typeof DEVICE_BOUND>> {
  const device = parseDeviceCode(code);
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  await findPatient(visitor, undefined);
  const until = untilOf(visitor, options.until);
  const { name, facts } = await findContact(visitor, options.gateway);
  const { category: categories } = options;
  const asked: NewDevice = { device, gateway: facts.party, categories, until };
  const right = rightOfDevice(party, asked);
  requireSoundRight(party, right);
  const shortCode = shortCodeOf(party.primitives, device.address);
  const [before] = await standingRights(party, [{ from: seconds(party.clock), ...right }]);
  if (before === undefined) {
    await confirmSigningOn(terminal, visitor, 'on your chart', [
      `  ${name} (${facts.party}), a ${facts.role} of ${facts.organisation}, may add`,
      `  what this device signs to ${categories.join(', ')}, until ${describeMoment(until)}:`,
      `  ${describeDevice(device)}`,
      '',
      `Sign only if the device shows ${shortCode}. This right lets nobody read your chart.`,
    ]);
    terminal.progress.stage('sealing keys, and waiting for the ledger');
  }
  const { grant, digest, already } = await bindDevice(party, asked);
  const { terms } = grant;
  const { pin } = options;
  const saved = pin === undefined ? [] : [await savePin(party, grant.handle, pin)];
  const end = describeMoment(terms.until);
  return {
    value: {
      grant: digest,
      already,
      terms,
      device,
      shortCode,
      ...(pin !== undefined && { pin }),
    },
    lines: [
      `${shortCode} is ${already ? 'already ' : ''}bound by ${name}, for ${terms.categories.join(', ')}, until ${end}.`,
      `Grant ${digest}`,
      ...saved,
    ],
  };
}

/**
 * Describes a device in plain words: its model and serial number, as its code tells, and its address.
 *
 * @param device - The device.
 */
function describeDevice({ address, model, serial }: DeviceNamed): string {
  const number = serial === undefined ? [] : [`serial number ${serial}`];
  const told = [model ?? 'a device', ...number].join(', ');
  return `${told} (${address})`;
}
