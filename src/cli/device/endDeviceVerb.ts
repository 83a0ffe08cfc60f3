import { endDevice } from '../../client/devices/endDevice.ts';
import { listDevices } from '../../client/devices/listDevices.ts';
import { deviceIdOf } from '../../protocol/sensors/deviceIdOf.ts';
import { shortCodeOf } from '../../protocol/sensors/shortCodeOf.ts';
import { findPatient, namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { END_WAITS, placeOfEnd } from '../right/placeOfEnd.ts';
import { calledAs } from '../program/calledAs.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { describeRight } from '../right/describeRight.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { DEVICE_ENDED } from './deviceAnswers.ts';
import { boundDevice } from './boundDevice.ts';

/**
 * Ends every right of a device. It is safe to repeat.
 *
 * @throws MedsealError `ARGUMENT_INVALID` if no such device was ever bound to the chart.
 */
export async function endDeviceVerb(
  terminal: Terminal,
  named: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof DEVICE_ENDED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  await findPatient(visitor, undefined);
  const device = await boundDevice(visitor, named);
  const id = deviceIdOf(party.primitives, device);
  const shortCode = shortCodeOf(party.primitives, device);
  const standing = (await listDevices(party)).filter(({ grant }) => grant.terms.record === id);
  if (standing.length === 0) {
    const value = { device, ended: [], already: true };
    return { value, lines: [`${shortCode} has ended already.`] };
  }
  const names = await namesOf(visitor);
  await confirmSigning(terminal, visitor, [
    `  the end of every right of the device ${shortCode} (${device}), at once:`,
    ...standing.map(({ digest, grant: { terms } }) => {
      const who = names.get(terms.grantee) ?? short(terms.grantee);
      return `    ${short(digest)}  ${who} may ${describeRight(terms)}`;
    }),
    '',
    'Readings that are not on your chart yet are refused from now on. You get new keys.',
  ]);
  terminal.progress.stage('ending the device, and waiting for the ledger');
  const ended = await endDevice(party, device);
  const { pending = [] } = ended.findLast((each) => each.outcome === 'placed') ?? {};
  return {
    value: {
      device,
      ended: ended.map(placeOfEnd),
      pending,
    },
    lines: [
      `Ended: ${shortCode}. Its readings are refused from now on.`,
      ...(ended.some(({ outcome }) => outcome === 'kept') ? [END_WAITS] : []),
      ...pending.map(
        (digest) =>
          `The grantee of ${short(digest)} does not have the new key yet. Next: ${calledAs('status')} seals it.`,
      ),
    ],
  };
}
