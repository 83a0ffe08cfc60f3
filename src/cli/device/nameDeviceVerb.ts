import { nameDevice } from '../../client/devices/nameDevice.ts';
import { shortCodeOf } from '../../protocol/sensors/shortCodeOf.ts';
import { findPatient } from '../contact/findContact.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { boundDevice } from './boundDevice.ts';
import type { DEVICE_NAMED } from './deviceAnswers.ts';

/**
 * Gives a device the visitor's own name, or takes it back. It is safe to repeat.
 *
 * @throws MedsealError `ARGUMENT_INVALID` if no such device was ever bound to the chart, and what `nameDevice` throws.
 */
export async function nameDeviceVerb(
  terminal: Terminal,
  named: string,
  name: string | undefined,
  options: VisitorOptions,
): Promise<AnswerOf<typeof DEVICE_NAMED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  await findPatient(visitor, undefined);
  const device = await boundDevice(visitor, named);
  await nameDevice(party, device, name);
  const shortCode = shortCodeOf(party.primitives, device);
  return {
    value: { device, shortCode, ...(name !== undefined && { name }) },
    lines: [
      name === undefined
        ? `${shortCode} has no name of yours any more.`
        : `${shortCode} is called ${name}.`,
    ],
  };
}
